"""What a format gets and what it gives back. A new format is a module with a `render`, and its name in FORMATS.

A format decides nothing: findings come selected, silenced and sorted, and colour was the caller's choice.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from nemo_run_lint.finding import Finding, Severity, Silenced

#: The formats that `--output-format` knows; each is a module of this package.
FORMATS = ("full", "concise", "json")

#: Between 100 columns, to which many wrap code, and the lines that logs of CI still show whole.
DEFAULT_WIDTH = 120


def no_source(path: str) -> str | None:
    """The source of a file nobody kept: findings are shown without excerpts."""
    return None


@dataclass(frozen=True)
class Outcome:
    """What a run has to tell.

    findings    sorted, without the silenced ones
    files       how many files were looked at
    silenced    the findings that comments or a baseline silence, sorted
    source      the text of a file by the path its findings carry; None when it cannot be had again
    color       whether ANSI colours may be written
    width       columns of the terminal, for cropping long lines
    quiet       whether to leave out all but the findings
    """

    findings: Sequence[Finding]
    files: int = 1
    silenced: Sequence[Silenced] = ()
    source: Callable[[str], str | None] = no_source
    color: bool = False
    width: int = DEFAULT_WIDTH
    quiet: bool = False

    @property
    def suppressed(self) -> int:
        """How many findings are silenced."""
        return len(self.silenced)

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)


#: Yields the pieces of the output, newlines included.
Renderer = Callable[[Outcome], Iterator[str]]


def renderer(name: str) -> Renderer:
    """The `render` of the format called `name`, one of FORMATS; only that format is imported."""
    return cast(Renderer, importlib.import_module(f"{__package__}.{name}").render)
