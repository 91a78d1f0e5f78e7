"""What a format gets and what it gives back. A new format is a module with a `render`, and its name in `formats.py`.

A format decides nothing: findings come selected, silenced and sorted, and colour was the caller's choice.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import cast

from nemo_run_lint.finding import Finding, Severity, Silenced
from nemo_run_lint.formats import FORMATS as FORMATS
from nemo_run_lint.sources.kinds import is_notebook

#: The rule that says that a file was not linted.
_SKIPPED = "file-skipped"

#: Between 100 columns, to which many wrap code, and the lines that logs of CI still show whole.
DEFAULT_WIDTH = 120


def from_disk(path: str) -> bytes | None:
    """The bytes of a file as it is now; None if it cannot be had."""
    try:
        with open(path, "rb") as opened:
            return opened.read()
    except OSError:
        return None


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
    links       whether a terminal reads that makes links clickable
    width       columns of the terminal, for cropping long lines
    quiet       whether to leave out all but the findings
    show_silenced  whether to tell the silenced findings too
    unchanged   how many findings were left out because they are about nothing that has changed
    fixed       the findings that were fixed before
    data        the bytes of a file by its path; None when they cannot be had again
    """

    findings: Sequence[Finding]
    files: int = 1
    silenced: Sequence[Silenced] = ()
    source: Callable[[str], str | None] = no_source
    color: bool = False
    width: int = DEFAULT_WIDTH
    quiet: bool = False
    links: bool = False
    show_silenced: bool = False
    unchanged: int = 0
    fixed: Sequence[Finding] = ()
    data: Callable[[str], bytes | None] = from_disk

    @property
    def suppressed(self) -> int:
        """How many findings are silenced."""
        return len(self.silenced)

    @property
    def skipped(self) -> int:
        """How many files were not linted, because that would take too long or too much memory."""
        return len({finding.file for finding in self.findings if finding.name == _SKIPPED})

    @property
    def told_silenced(self) -> Sequence[Silenced]:
        """The silenced findings, if they are to be told."""
        return self.silenced if self.show_silenced else ()

    @property
    def has_notebooks(self) -> bool:
        """Whether there are findings in notebooks, which are not told by lines of the file."""
        told = (*self.findings, *(each.finding for each in self.silenced))
        return any(is_notebook(finding.path) for finding in told)

    def count(self, severity: Severity) -> int:
        """How many findings have this severity."""
        return sum(finding.severity is severity for finding in self.findings)


#: Yields the pieces of the output, newlines included.
Renderer = Callable[[Outcome], Iterator[str]]


def renderer(name: str) -> Renderer:
    """The `render` of the format called `name`, one of FORMATS; only that format is imported."""
    render = cast(Renderer, importlib.import_module(f"{__package__}.{name}").render)

    def rendered(outcome: Outcome) -> Iterator[str]:
        if not outcome.has_notebooks:
            return render(outcome)
        from nemo_run_lint.outputs.notebooks import seen_by

        return render(seen_by(name, outcome))

    return rendered
