"""One source in, findings out: the one place where the parts meet.

LibCST is imported only once a file turned out to import nemo_run. `ast.parse` goes first: it refuses with an
exception what makes LibCST's native parser crash the process, and its tree shows what would take LibCST minutes.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from nemo_run_lint import timings
from nemo_run_lint.collector import collector_paused
from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.rule import Phase, ProjectRule, Report, Rule
from nemo_run_lint.rules.linter.file_skipped import FileSkipped
from nemo_run_lint.rules.linter.rule_failed import RuleFailed
from nemo_run_lint.rules.linter.syntax_error import SyntaxError as SyntaxErrorRule
from nemo_run_lint.sources.kinds import is_script
from nemo_run_lint.sources.python import LINE_END
from nemo_run_lint.syntax.nesting import too_deep
from nemo_run_lint.target import Target

if TYPE_CHECKING:
    from nemo_run_lint.file_tree import Project
    from nemo_run_lint.project import File
    from nemo_run_lint.signatures.index import Index

#: `nemo_runspec` is another package.
_NEMO_RUN = re.compile(r"\bnemo_run\b")

#: What stands before `nemo_run` in a statement that imports it, and how far back to look.
_IMPORT = re.compile(r"\bimport\b|\bfrom[\s\\]+\Z")
_IMPORT_LENGTH = 1_000

#: Where a statement may begin; not behind a backslash.
_STATEMENT_END = re.compile(r"(?<!\\)\r\n?|(?<![\\\r])\n|;")


_START = Span(1, 1, 1, 1)


def may_import(text: str) -> bool:
    """Whether `text` looks as if it imports nemo_run; if not, it does not, and `lint` finds nothing in it."""
    places = (word.start() for word in _NEMO_RUN.finditer(text))
    return any(_imports(text[max(place - _IMPORT_LENGTH, 0) : place]) for place in places)


def _imports(before: str) -> bool:
    """Whether the statement that `before` ends in is an import, as far as can be seen; not if it is in a comment."""
    statement = _STATEMENT_END.split(before)[-1]
    return "#" not in statement and _IMPORT.search(statement) is not None


@dataclass(frozen=True)
class Examined:
    """What is to be said of one file; its configurations' `targets` only where they were asked for."""

    findings: tuple[Finding, ...] = ()
    targets: tuple[Target, ...] = ()


def lint(
    path: str,
    text: str,
    rules: Sequence[Rule] | None = None,
    versions: tuple[str, ...] = (),
    index: Index | None = None,
) -> list[Finding]:
    """What `rules` find in `text`, sorted; nothing is silenced here.

    `path` is what the user calls the file, `versions` the releases of NeMo Run that count (default: the newest),
    `index` the modules that it may import (default: Python's own). A text that never imports nemo_run has no findings.
    A text that does not parse has one, syntax-error, and one that LibCST would choke on has one, file-skipped; an
    exception inside a rule becomes a finding, rule-failed.
    """
    return list(examined(path, text, rules, versions, index).findings)


def examined(
    path: str,
    text: str,
    rules: Sequence[Rule] | None = None,
    versions: tuple[str, ...] = (),
    index: Index | None = None,
    with_targets: bool = False,
    project: Project | None = None,
) -> Examined:
    """What `lint` finds, and if it is asked for, what the configurations of the file call.

    `project` is what surrounds the file; without one, rules about the project are not run.
    """
    if not may_import(text):
        return Examined()
    try:
        with timings.step(timings.PYTHON), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            syntax = ast.parse(text)
    except SyntaxError as error:
        return Examined((syntax_error(path, text, error),))
    except ValueError as error:
        problem = f"this file cannot be parsed: {error}"
        return Examined((finding_of(SyntaxErrorRule, path, _START, problem=problem),))
    except (RecursionError, MemoryError):  # another Python may have more patience
        reason = "it is nested too deeply for Python's own parser"
        return Examined((finding_of(FileSkipped, path, _START, reason=reason),))
    if trouble := too_deep(text, syntax):
        line, reason = trouble
        return Examined((finding_of(FileSkipped, path, Span(line, 1, line, 1), reason=reason),))
    with collector_paused():  # until all of it is given back: what refers to itself is then all that is left to collect
        return _examined_tree(path, text, syntax, rules, versions, index, with_targets, project)


def _examined_tree(
    path: str,
    text: str,
    syntax: ast.Module,
    rules: Sequence[Rule] | None,
    versions: tuple[str, ...],
    index: Index | None,
    with_targets: bool,
    project: Project | None,
) -> Examined:
    from libcst import ParserSyntaxError

    from nemo_run_lint.project import File
    from nemo_run_lint.syntax.tree import Tree

    try:
        with timings.step(timings.WALKING):
            tree = Tree(text, syntax)
        file = File(path, text, tree, versions, index or _alone(), project)
    except ParserSyntaxError as error:
        reason = f"LibCST cannot read it, although Python can: {error.message}"
        return Examined((finding_of(FileSkipped, path, Span(error.raw_line, 1, error.raw_line, 1), reason=reason),))
    if not file.imports("nemo_run"):
        return Examined()
    asked = rules if rules is not None else _default_rules()
    on = asked if is_script(path) else [rule for rule in asked if not rule.of_scripts]
    found = [finding for rule in on for finding in _judged(file, rule)]
    told = Examined(_one_a_place(_without_lesser(found, on)), _targets(file) if with_targets else ())
    file.forget()
    return told


def _without_lesser(found: Sequence[Finding], rules: Iterable[Rule]) -> Iterator[Finding]:
    """Those of which no other rule says more."""
    lines = {(finding.name, finding.span.line) for finding in found}
    greater = {rule.code: rule.gives_way_to for rule in rules if rule.gives_way_to}
    for finding in found:
        if not any((name, finding.span.line) in lines for name in greater.get(finding.code, ())):
            yield finding


def _one_a_place(found: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings in order, and of one rule's at one place only the first."""
    ordered = sorted(found, key=lambda finding: finding.sort_key)
    first = {(finding.code, finding.span): finding for finding in reversed(ordered)}
    return tuple(finding for finding in ordered if first[finding.code, finding.span] is finding)


def _targets(file: File) -> tuple[Target, ...]:
    from nemo_run_lint.flow.survey import targets

    return targets(file)


@cache
def _alone() -> Index:
    """The index for a file of which nothing is known: Python's own modules, and nothing else."""
    from nemo_run_lint.signatures.environment import Environment
    from nemo_run_lint.signatures.index import Index

    return Index(Environment.bare())


def _judged(file: File, rule: Rule) -> list[Finding]:
    """What `rule` finds; if it fails on the way, only that it did."""
    if isinstance(rule, ProjectRule) and file.surrounding is None:
        return []
    try:
        with timings.rule(rule.name()):
            found = [located(file, rule, report) for report in reports(rule, file) if not is_moot(file, rule, report)]
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        return [finding_of(RuleFailed, file.path, _START, rule=rule.name(), error=reason)]
    return [finding for finding in found if finding.severity is Severity.ERROR] if rule.errors_only else found


def _default_rules() -> list[Rule]:
    from nemo_run_lint.rule import Profile
    from nemo_run_lint.selection import instances, selected

    return instances(selected(Profile.TEAM), {})


def reports(rule: Rule, file: File) -> Iterator[Report]:
    """All that a rule has to say of a file, moot or not."""
    for kind in rule.subscriptions():
        with timings.step(timings.FINDING_THINGS):
            things: Iterable[object] = file.all(kind) if hasattr(kind, "find") else file.tree.nodes(kind)
        for thing in things:
            yield from rule.check(thing, file)


def is_moot(file: File, rule: Rule, report: Report) -> bool:
    """Whether an error will not be one: a test wants to see it, or makes a thing that it never gets to launch."""
    if (report.severity or rule.severity) is not Severity.ERROR:
        return False
    fails_here = (report.fails or rule.fails) in (None, Phase.IMPORTED, Phase.CONFIGURED)
    return file.expects_failure(report.node) or (not fails_here and file.in_test(report.node))


def located(file: File, rule: Rule, report: Report) -> Finding:
    """A report as a finding, with the stretch of the file instead of the node."""
    from nemo_run_lint.placing import placed

    return Finding(
        path=file.path,
        span=file.span(report.node),
        code=rule.code,
        name=rule.name(),
        severity=report.severity or rule.severity,
        message=report.message,
        confidence=rule.confidence,
        help=report.help if report.help is not None else rule.help,
        fix=placed(file, report.fix) if report.fix is not None else None,
        notes=report.notes,
    )


def finding_of(rule: type[Rule], path: str, span: Span, /, **fields: object) -> Finding:
    """What the linter says about itself: a finding of `rule`, whose message and help `fields` fill in."""
    message, advice = rule.message.format(**fields), rule.help.format(**fields)
    return Finding(path, span, rule.code, rule.name(), rule.severity, message, rule.confidence, advice)


def syntax_error(path: str, text: str, error: SyntaxError, before: int = 0) -> Finding:
    """Why `text` does not parse, at its place in the file, which has `before` other lines before it."""
    if error.lineno is None:  # it is about the text as a whole
        return finding_of(SyntaxErrorRule, path, Span(before + 1, 1, before + 1, 1), problem=error.msg)
    problem = f"{error.msg} (read as Python {sys.version_info.major}.{sys.version_info.minor})"
    span = _error_span(LINE_END.split(text), error)
    span = Span(span.line + before, span.column, span.end_line + before, span.end_column)
    return finding_of(SyntaxErrorRule, path, span, problem=problem)


def _error_span(lines: Sequence[str], error: SyntaxError) -> Span:
    """Where a syntax error stands; CPython may count from the start of an f-string's field, or past the last line."""
    line = min(max(error.lineno or 1, 1), len(lines))
    content = lines[line - 1]
    column, end_line, end_column = error.offset or 1, error.end_lineno or line, error.end_offset or 0
    if isinstance(error, IndentationError) and not error.msg.startswith("expected"):
        column, end_column = len(content) - len(content.lstrip()) + 1, 0
    elif error.msg.startswith("f-string") and error.text and error.text.rstrip("\n") not in content:
        inside = content.find(error.text.strip().removeprefix("(").removesuffix(")"))
        column, end_column = (column + inside - 1, end_column + inside - 1) if inside >= 0 else (1, len(content) + 1)
    column = min(max(column, 1), len(content) + 1)
    if end_line > len(lines) or (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + 1
    return Span(line, column, end_line, end_column)
