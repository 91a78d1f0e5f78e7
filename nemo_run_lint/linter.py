"""One source in, findings out: the one place where the parts meet.

LibCST is imported only once a file turned out to import nemo_run. `ast.parse` goes first: it refuses with an
exception what makes LibCST's native parser crash the process.
"""

from __future__ import annotations

import ast
import re
import sys
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from nemo_run_lint.finding import Edit, Finding, Fix, Span
from nemo_run_lint.rule import Report, Rule
from nemo_run_lint.rules.linter.rule_failed import RuleFailed
from nemo_run_lint.rules.linter.syntax_error import SyntaxError as SyntaxErrorRule

if TYPE_CHECKING:
    from nemo_run_lint.project import File

#: An import of nemo_run as text; `nemo_runspec` is another package. May also match in a docstring.
_IMPORT = re.compile(r"^[^#\n]*\bimport\b[^#\n]*\bnemo_run\b|^[^#\n]*\bfrom\s+nemo_run\b", re.MULTILINE)

_START = Span(1, 1, 1, 1)


def lint(path: str, text: str, rules: Sequence[Rule] | None = None) -> list[Finding]:
    """What `rules` find in `text`, sorted; nothing is silenced here.

    `path` is what the user calls the file. A text that never imports nemo_run has no findings. A text that does not
    parse has one, syntax-error; an exception inside a rule becomes a finding, rule-failed.
    """
    if not _IMPORT.search(text):
        return []
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            syntax = ast.parse(text)
    except SyntaxError as error:
        return [_syntax_error(path, error)]
    except (ValueError, RecursionError, MemoryError) as error:
        return [_finding(SyntaxErrorRule, path, _START, problem=f"this file cannot be parsed: {error}")]
    found = list(_lint_tree(path, text, syntax, rules))
    return sorted(dict.fromkeys(found), key=lambda finding: finding.sort_key)


def _lint_tree(path: str, text: str, syntax: ast.Module, rules: Sequence[Rule] | None) -> Iterator[Finding]:
    from libcst import ParserSyntaxError

    from nemo_run_lint.project import File
    from nemo_run_lint.syntax.tree import Tree, collector_paused

    with collector_paused():
        try:
            file = File(path, text, Tree(text, syntax))
        except ParserSyntaxError as error:
            problem = f"LibCST cannot read this file, although Python can: {error.message}"
            yield _finding(SyntaxErrorRule, path, Span(error.raw_line, 1, error.raw_line, 1), problem=problem)
            return
        if not file.imports("nemo_run"):
            return
        for rule in rules if rules is not None else _default_rules():
            try:
                yield from [_located(file, rule, report) for report in _reports(rule, file)]
            except Exception as error:
                reason = f"{type(error).__name__}: {error}"
                yield _finding(RuleFailed, path, _START, rule=rule.name(), error=reason)


def _default_rules() -> list[Rule]:
    from nemo_run_lint.rule import Profile
    from nemo_run_lint.selection import instances, selected

    return instances(selected(Profile.TEAM), {})


def _reports(rule: Rule, file: File) -> Iterator[Report]:
    for kind in rule.subscriptions():
        things: Iterable[object] = file.all(kind) if hasattr(kind, "find") else file.tree.nodes(kind)
        for thing in things:
            yield from rule.check(thing, file)


def _located(file: File, rule: Rule, report: Report) -> Finding:
    fix = None
    if report.fix is not None:
        edits = []
        for edit in report.fix.edits:
            span = file.positions.span(edit.node)
            if edit.where == "before":
                span = Span(span.line, span.column, span.line, span.column)
            elif edit.where == "after":
                span = Span(span.end_line, span.end_column, span.end_line, span.end_column)
            edits.append(Edit(span, edit.text))
        fix = Fix(report.fix.message, tuple(edits), report.fix.safe)
    return Finding(
        path=file.path,
        span=file.span(report.node),
        code=rule.code,
        name=rule.name(),
        severity=report.severity or rule.severity,
        message=report.message,
        confidence=rule.confidence,
        help=report.help if report.help is not None else rule.help,
        fix=fix,
    )


def _finding(rule: type[Rule], path: str, span: Span, /, **fields: object) -> Finding:
    message, help = rule.message.format(**fields), rule.help.format(**fields)
    return Finding(path, span, rule.code, rule.name(), rule.severity, message, rule.confidence, help)


def _syntax_error(path: str, error: SyntaxError) -> Finding:
    line, column = error.lineno or 1, max(error.offset or 1, 1)
    end_line, end_column = error.end_lineno or line, error.end_offset or 0
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, column + 1
    problem = f"{error.msg} (read as Python {sys.version_info.major}.{sys.version_info.minor})"
    return _finding(SyntaxErrorRule, path, Span(line, column, end_line, end_column), problem=problem)
