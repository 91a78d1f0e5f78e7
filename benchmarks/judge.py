"""The linter as the benchmarks ask it: the one module of them that knows its interface.

One warm process: what was read of the environment stays read from one file to the next.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from sites import Place, Source

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.flow.interpreter import analyse
from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, selected
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Signature, Unknown
from nemo_run_lint.syntax.tree import collector_paused

T = TypeVar("T")

#: The family of the rules that ask signatures.
FAMILY = "NRL8"


@dataclass(frozen=True)
class Answers:
    """What the linter knows of one file.

    targets    what each configured thing accepts, several where it is one of several, or why that is not known, by the
               place of the call
    overrides  whether each assignment was checked, by the place of the attribute
    """

    targets: Mapping[Place, tuple[Signature, ...] | Unknown]
    overrides: Mapping[Place, bool]

    def signatures(self, place: Place) -> tuple[Signature, ...]:
        """What the target of the call at `place` may accept; nothing where that is not known."""
        known = self.targets.get(place, ())
        return () if isinstance(known, Unknown) else known


class Judge:
    """The linter over a project, with the environment that `site` is."""

    def __init__(self, project: Path, site: Path) -> None:
        self._environment = partial(Environment.of, project, site)
        self._index = Index(self._environment())
        self._rules = [rule for rule in instances(selected(Profile.STRICT), {}) if rule.code.startswith(FAMILY)]

    def answers(self, source: Source) -> Answers:
        """What is known of each target and override of `source`."""
        with collector_paused():
            analysis = analyse(self._index, str(source.path), source.text, source.tree)
        return Answers(_by_place(source, analysis.targets), _by_place(source, analysis.overrides))

    def findings(self, path: Path, text: str) -> list[Finding]:
        """What the rules of the family find in `text`, as if it stood in `path`; other files are read as they are."""
        found = lint(str(path), text, self._rules, index=self._index)
        return [finding for finding in found if finding.code.startswith(FAMILY)]

    @contextmanager
    def changed(self, path: Path, text: str) -> Iterator[None]:
        """For a while `path` really holds `text`, for those that import it."""
        before, index = path.read_bytes(), self._index
        path.write_bytes(text.encode())
        self._index = Index(self._environment())
        try:
            yield
        finally:
            path.write_bytes(before)
            self._index = index


def _by_place(source: Source, known: Mapping[ast.AST, T]) -> dict[Place, T]:
    return {source.place(node): answer for node, answer in known.items() if isinstance(node, ast.expr)}


def worst(before: list[Finding], after: list[Finding]) -> Severity | None:
    """How severe the severest finding of `after` is that `before` does not have; None if there is none."""
    new = Counter(map(_identity, after)) - Counter(map(_identity, before))
    severities = {finding.severity for finding in after if _identity(finding) in new}
    return next((severity for severity in Severity if severity in severities), None)


def _identity(finding: Finding) -> tuple[str, str, int]:
    """Mutations keep the lines and, behind them, move columns."""
    return finding.code, finding.message, finding.span.line
