"""Why there is this finding at this place, or why there is none: from what the linter itself went by.

The rule is asked once more, for all that it would say; what is missing in the result of a run was dropped on the way,
and each who drops something is asked whether it was that one.
"""

from __future__ import annotations

import ast
import os
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from difflib import unified_diff
from functools import cached_property
from pathlib import Path

import libcst as cst

from nemo_run_lint import baseline
from nemo_run_lint.checking import check_source, text_of
from nemo_run_lint.explanation_text import switch_text
from nemo_run_lint.finding import Confidence, Finding, Severity, Span
from nemo_run_lint.fixer import apply
from nemo_run_lint.flow.misfits import shown_path
from nemo_run_lint.linter import examined, is_moot, located, may_import, reports
from nemo_run_lint.nemo.declared import Mention, mentions
from nemo_run_lint.outputs.excerpt import split_lines
from nemo_run_lint.page import Kind, page
from nemo_run_lint.place import Place
from nemo_run_lint.project import File
from nemo_run_lint.releases import in_order
from nemo_run_lint.resolution import Resolved, resolved
from nemo_run_lint.rule import Phase, Report, Rule
from nemo_run_lint.rule_files import means
from nemo_run_lint.selection import Decision, check_options, decision, enabled, instances
from nemo_run_lint.settings import load
from nemo_run_lint.settings.files import layers
from nemo_run_lint.settings.reading import Layer
from nemo_run_lint.sources.discovery import DiscoveryError, shown
from nemo_run_lint.sources.kinds import is_document, is_notebook, is_shell
from nemo_run_lint.sources.python import TooLargeError, UnreadableError, mentions_nemo_run, read
from nemo_run_lint.suppressions import silencer, suppressions
from nemo_run_lint.surroundings import Surroundings
from nemo_run_lint.syntax.tree import Tree

#: How many findings of a rule are named where there is none at the place.
_NEAREST = 3

Rules = Sequence[type[Rule]]

_KIND = {Severity.ERROR: "an error", Severity.WARNING: "a warning", Severity.INFO: "an info"}

_STANDS_FOR_IT = "another finding of the rule at the same place stands for it"


@dataclass(frozen=True)
class Versions:
    """The releases of NeMo Run that count for a file, and why.

    releases  oldest first
    setting   where the settings name them; empty if they do not
    mentions  the places that name them, if the settings do not; none: nothing does, and the newest counts
    """

    releases: tuple[str, ...]
    setting: str = ""
    mentions: tuple[Mention, ...] = ()


@dataclass(frozen=True)
class Switch:
    """Why a rule is on or off: the setting that decides, and where it stands; an empty source is the default."""

    decision: Decision
    source: str = ""


@dataclass(frozen=True)
class Explanation:
    """One finding and what it goes by.

    unreported  why a run does not report it; empty if it does
    fails       when it fails under the real NeMo Run; None for a rule of opinion
    assumption  what has to be assumed, as the rule's page says; empty for what is certain from the text
    options     the rule's own settings by key: the value, and whether the settings name it
    diff        the fix, as a patch; empty without one
    """

    finding: Finding
    unreported: str
    names: tuple[Resolved, ...]
    versions: Versions
    switch: Switch
    fails: Phase | None
    assumption: str
    options: tuple[tuple[str, object, bool], ...]
    diff: str


@dataclass(frozen=True)
class Absence:
    """That there is no such finding at a place: why, and the nearest ones of the same rules."""

    place: Place
    reason: str
    nearest: tuple[Finding, ...]


def explained(rules: Rules, place: Place, today: date | None = None) -> tuple[Explanation, ...] | Absence:
    """The findings of `rules` at a place, reported or not, each with what it goes by; or that there is none.

    Raises DiscoveryError for a file or line that there is not, and SettingsError.
    """
    look = _Look(place, today or date.today())
    asked = rules if len(rules) == 1 else [rule for rule in rules if look.switch(rule).decision.on]
    found = [each for rule in asked for each in look.explained(rule)]
    return tuple(sorted(found, key=lambda each: each.finding.sort_key)) or look.absence(asked)


@dataclass(frozen=True)
class _Told:
    """What a rule says, before anything is dropped; `report` is None for what the linter says of itself."""

    finding: Finding
    report: Report | None = None


class _Look:
    """One file, looked at for one place."""

    def __init__(self, place: Place, today: date) -> None:
        self.place = replace(place, path=shown(place.path))
        self.path = self.place.path
        self.today = today
        self.settings = load(Path(self.path))
        check_options(self.settings)
        self.data = self._read()
        self.text = text_of(self.data)
        self._check_place()
        surroundings = Surroundings()
        self.around = surroundings.of(self.path, self.text, self.settings)
        self.project = surroundings.project(self.path, self.settings)
        self.result = check_source(self.path, self.data, self.settings, today, surroundings)

    def _read(self) -> bytes:
        if not os.path.lexists(self.path):
            raise DiscoveryError(f"`{self.path}` does not exist")
        try:
            return read(self.path, self.settings.maximum_file_size)
        except UnreadableError as error:
            raise DiscoveryError(f"`{self.path}` {error}") from None
        except TooLargeError as error:
            raise DiscoveryError(f"`{self.path}` is skipped: {error}") from None

    def _check_place(self) -> None:
        lines, line, column = split_lines(self.text), self.place.line, self.place.column
        if not 1 <= line <= len(lines):
            raise DiscoveryError(f"`{self.path}` has no line {line}: its lines are 1 to {len(lines)}")
        if column > len(lines[line - 1]) + 1:
            length = len(lines[line - 1])
            raise DiscoveryError(f"line {line} of `{self.path}` has no column {column}: it has {length} characters")

    # -- what the rules say ----------------------------------------------------------------------------------

    @cached_property
    def versions(self) -> Versions:
        if self.settings.nemo_run_version:
            return Versions(self.settings.nemo_run_version, self._source("nemo-run-version"))
        found = mentions(Path(os.path.dirname(os.path.abspath(self.path))), self.around.environment)
        return Versions(in_order({release for each in found for release in each.releases}), "", found)

    @property
    def is_module(self) -> bool:
        """Whether all of the file is one Python text; of any other kind of file it is only known what is found."""
        return not (is_notebook(self.path) or is_document(self.path) or is_shell(self.path))

    @cached_property
    def obstacle(self) -> Finding | None:
        """That the file could not be parsed."""
        if not self.is_module:
            return None
        found = examined(self.path, self.text, (), self.versions.releases, self.around.index).findings
        return next(iter(found), None)

    @cached_property
    def file(self) -> File | None:
        """None for a file in which no rule looks at anything."""
        if not self.is_module or not mentions_nemo_run(self.data) or not may_import(self.text) or self.obstacle:
            return None
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            syntax = ast.parse(self.text)
        file = File(
            self.path, self.text, Tree(self.text, syntax), self.versions.releases, self.around.index, self.project
        )
        return file if file.imports("nemo_run") else None

    @cached_property
    def _others(self) -> tuple[Finding, ...]:
        """What is found by the rules that are on, before settings and comments drop anything."""
        on = enabled(self.settings)
        releases, index = self.versions.releases, self.around.index
        return examined(self.path, self.text, on, releases, index, project=self.project).findings

    def explained(self, rule: type[Rule]) -> Iterator[Explanation]:
        """The findings of a rule at the place."""
        seen: set[Finding] = set()
        for told in self.told(rule):
            if self.place.meets(told.finding) and told.finding not in seen:
                seen.add(told.finding)
                yield self._explanation(rule, told)

    def told(self, rule: type[Rule]) -> list[_Told]:
        """All that a rule says of the file, in its order; of what it says about the linter's own work, what is left."""
        if not rule.subscriptions() or not self.is_module:
            left = (*self.result.findings, *(each.finding for each in self.result.silenced))
            return [_Told(each) for each in left if each.code == rule.code]
        if self.file is None:
            return []
        (ready,) = instances([rule], self.settings.rules)
        try:
            found = [_Told(located(self.file, ready, each), each) for each in reports(ready, self.file)]
        except Exception:  # the result of the run has a finding that says so
            return []
        return sorted(found, key=lambda each: each.finding.sort_key)

    def _explanation(self, rule: type[Rule], told: _Told) -> Explanation:
        shown = self._in_result(told.finding) or told.finding
        report = told.report
        given = self.settings.rules.get(rule.name(), {})
        return Explanation(
            finding=shown,
            unreported=self._unreported(rule, told),
            names=resolved(self.file, self.around.index, report.node, shown.span) if self.file and report else (),
            versions=self.versions,
            switch=self.switch(rule),
            fails=(report.fails if report else None) or rule.fails,
            assumption=_assumption(rule),
            options=tuple((key, given.get(key, each.default), key in given) for key, each in rule.options().items()),
            diff=self._diff(shown),
        )

    def _in_result(self, finding: Finding) -> Finding | None:
        """The same finding as the run tells or silences it: settings may have changed how bad it is called."""
        left = (*self.result.findings, *(each.finding for each in self.result.silenced))
        return next((each for each in left if (each.code, each.span) == (finding.code, finding.span)), None)

    def _diff(self, finding: Finding) -> str:
        if finding.fix is None:
            return ""
        after = apply(self.text, [finding])[0]
        before, new = self.text.splitlines(), after.splitlines()
        return "\n".join(unified_diff(before, new, self.path, self.path, n=1, lineterm=""))

    # -- why a run does not report it ------------------------------------------------------------------------

    def _unreported(self, rule: type[Rule], told: _Told) -> str:
        finding = told.finding
        known = self._in_result(finding)
        if known is not None and known in self.result.findings:
            return self._in_baseline(known)
        if known is not None:
            return self._by_comment(known)
        if rule.subscriptions() and not self.switch(rule).decision.on:
            return f"the rule is off: {switch_text(self.switch(rule))}"
        return self._moot(rule, told) or self._given_way(rule, finding) or self._ignored(finding) or _STANDS_FOR_IT

    def _moot(self, rule: type[Rule], told: _Told) -> str:
        """What makes it no finding at this place, or by this profile."""
        is_error = told.finding.severity is Severity.ERROR
        on = next((each for each in enabled(self.settings) if each.code == rule.code), None)
        if on is not None and on.errors_only and not is_error:
            return f"the profile `correctness` tells errors only, and this is {_KIND[told.finding.severity]}"
        if self.file is None or told.report is None or on is None or not is_moot(self.file, on, told.report):
            return ""
        if self.file.expects_failure(told.report.node):
            return "it stands under `pytest.raises` or `assertRaises`, where failing is right"
        return "it stands in a test, which makes things without launching them"

    def _given_way(self, rule: type[Rule], finding: Finding) -> str:
        greater = [each for each in self._others if each.name in rule.gives_way_to]
        here = next((each for each in greater if each.span.line == finding.span.line), None)
        return f"`{here.name}` ({here.code}) says more of the same mistake on line {here.span.line}" if here else ""

    def _ignored(self, finding: Finding) -> str:
        absolute = Path(self.path).absolute()
        for pattern, selectors in self.settings.per_file_ignores:
            here = replace(self.settings, per_file_ignores=((pattern, selectors),)).ignored_for(absolute)
            for selector in here:
                if means(selector, finding.code, finding.name):
                    where = self._source("per-file-ignores", "extend-per-file-ignores")
                    return f"`per-file-ignores` drops `{selector}` for `{pattern}`{_in(where)}"
        return ""

    def _by_comment(self, finding: Finding) -> str:
        counting = [each for each in suppressions(self.text) if each.expiry(self.today) is None]
        by = silencer(finding, counting)
        if by is None:
            return "a comment silences it"
        span = by.span
        written = split_lines(self.text)[span.line - 1][span.column - 1 : span.end_column - 1]
        return f"a comment on line {span.line} silences it: `{written}`"

    def _in_baseline(self, finding: Finding) -> str:
        file = self.settings.baseline
        if file is None:
            return ""
        left = baseline.read(file).narrowed(self.result, lambda path: self.text).result
        return "" if finding in left.findings else f"the baseline `{file}` knows it"

    # -- why there is none -----------------------------------------------------------------------------------

    def absence(self, rules: Rules) -> Absence:
        """That none of the rules says anything of the place."""
        found = [told.finding for rule in rules for told in self.told(rule)]
        nearest = sorted(found, key=lambda each: abs(each.span.line - self.place.line))[:_NEAREST]
        return Absence(self.place, self._reason(rules, bool(found)), tuple(nearest))

    def _reason(self, rules: Rules, is_elsewhere: bool) -> str:
        if self.obstacle is not None:
            return f"no rule could look at this file: {self.obstacle.message} (line {self.obstacle.span.line})"
        if self.file is None and self.is_module:
            return "this file does not import nemo_run, so no rule looks at it"
        if failed := next((each for each in self._others if each.name == "rule-failed"), None):
            return failed.message
        where = "on this line" if is_elsewhere else "in this file"
        where += self._excused(self.file) if self.file is not None else ""
        if len(rules) != 1:
            return f"no rule that is on finds anything {where}"
        if rules[0].subscriptions() and not (switch := self.switch(rules[0])).decision.on:
            return f"the rule is off: {switch_text(switch)}; and if it were on, it finds nothing {where}"
        return f"the rule finds nothing {where}"

    def _excused(self, file: File) -> str:
        """That what stands in the line is expected to fail."""
        statements = file.tree.nodes(cst.SimpleStatementLine)
        here = [each for each in statements if self._covers(file.positions.span(each))]
        return ", where failing is right (`pytest.raises`)" if any(map(file.expects_failure, here)) else ""

    def _covers(self, span: Span) -> bool:
        return span.line <= self.place.line <= span.end_line

    # -- the settings ----------------------------------------------------------------------------------------

    def switch(self, rule: type[Rule]) -> Switch:
        told = self.settings
        decided = decision(rule, told.profile, told.select, told.extend_select, told.ignore)
        return Switch(decided, self._source(decided.key, f"extend-{decided.key}"))

    def _source(self, *keys: str) -> str:
        """The file that says this, the last of those that are read; empty if none does."""
        return next((each.source for each in reversed(self._layers) if any(key in each.values for key in keys)), "")

    @cached_property
    def _layers(self) -> Sequence[Layer]:
        return layers(Path(self.path))


def _in(source: str) -> str:
    return f" in {shown_path(source)}" if source else ""


def _assumption(rule: type[Rule]) -> str:
    """The paragraph of a rule's page that tells what is assumed; of a page without one, that it tells."""
    if rule.confidence is Confidence.HIGH:
        return ""
    texts = [" ".join(each.text.split()) for each in page(rule).blocks if each.kind is Kind.TEXT]
    told = next((each for each in texts if "assum" in each.lower()), "")
    return told or f"its page tells what is assumed: nemo-run-lint explain {rule.code}"
