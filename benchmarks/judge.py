"""The linter as the benchmarks ask it: the one module of them that knows its interface.

One warm process: what was read of the environment stays read from one file to the next.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from sites import Place, Source

from nemo_run_lint.collector import collector_paused
from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.flow.interpreter import Analysis, analyse
from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, selected
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.loading import Read
from nemo_run_lint.signatures.modules import read_module
from nemo_run_lint.signatures.signature import Signature, Unknown

#: The family of the rules that ask signatures.
FAMILY = "NRL8"


@dataclass(frozen=True)
class Answers:
    """What the linter knows of one file, when it is asked about all.

    targets    what each configured thing accepts, several where it is one of several, or why that is not known, by the
               place of the call
    overrides  whether each assignment was checked, in its own file or where another one leads to it, by the place of
               the attribute
    modules    the names of the modules that this depends on
    """

    targets: Mapping[Place, tuple[Signature, ...] | Unknown]
    overrides: Mapping[Place, bool]
    modules: frozenset[str]

    def signatures(self, place: Place) -> tuple[Signature, ...]:
        """What the target of the call at `place` may accept; nothing where that is not known."""
        known = self.targets.get(place, ())
        return () if isinstance(known, Unknown) else known


class Judge:
    """The linter over a project, with the environment that `site` is."""

    def __init__(self, project: Path, site: Path) -> None:
        self._environment = partial(Environment.of, project, site)
        self._read: Read = cache(read_module)
        self._index = Index(self._environment(), self._read)
        self._rules = [rule for rule in instances(selected(Profile.STRICT), {}) if rule.code.startswith(FAMILY)]

    def answers(self, sources: Sequence[Source]) -> dict[Source, Answers]:
        """What is known of the targets and overrides of each."""
        followed = {source: self._followed(source) for source in sources}
        checked: dict[tuple[str, int, int], bool] = {}
        for analysis, _ in followed.values():
            for place, known in analysis.overrides.items():
                checked[place] = known or checked.get(place, False)
        overrides: dict[str, dict[Place, bool]] = {str(source.path): {} for source in sources}
        by_path = {str(source.path): source for source in sources}
        for (path, line, column), known in checked.items():
            if path in by_path:
                overrides[path][by_path[path].place_at(line, column)] = known
        return {
            source: Answers(_targets(source, analysis), overrides[str(source.path)], modules)
            for source, (analysis, modules) in followed.items()
        }

    def _followed(self, source: Source) -> tuple[Analysis, frozenset[str]]:
        self._index.consulted = set()
        with collector_paused():
            analysis = analyse(self._index, str(source.path), source.text, source.tree)
        return analysis, frozenset(self._index.consulted)

    def findings(self, path: Path, text: str) -> list[Finding]:
        """What the rules of the family find in `text`, as if it stood in `path`; other files are read as they are."""
        found = lint(str(path), text, self._rules, index=self._index)
        return [finding for finding in found if finding.code.startswith(FAMILY)]

    @contextmanager
    def changed(self, path: Path, text: str) -> Iterator[None]:
        """For a while `path` really holds `text`, for those that import it."""
        before, index = path.read_bytes(), self._index
        path.write_bytes(text.encode())
        self._index = Index(
            self._environment(), lambda found: (read_module if found.path == str(path) else self._read)(found)
        )
        try:
            yield
        finally:
            path.write_bytes(before)
            self._index = index


def _targets(source: Source, analysis: Analysis) -> dict[Place, tuple[Signature, ...] | Unknown]:
    return {source.place(call): known for call, known in analysis.targets.items() if isinstance(call, ast.expr)}


def worst(before: list[Finding], after: list[Finding]) -> Severity | None:
    """How severe the severest finding of `after` is that `before` does not have; None if there is none."""
    new = Counter(map(_identity, after)) - Counter(map(_identity, before))
    severities = {finding.severity for finding in after if _identity(finding) in new}
    return next((severity for severity in Severity if severity in severities), None)


def _identity(finding: Finding) -> tuple[str, str, int]:
    """Mutations keep the lines and, behind them, move columns."""
    return finding.code, finding.message, finding.span.line
