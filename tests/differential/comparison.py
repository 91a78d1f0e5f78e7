"""What the linter says of scripts, held against what the real nemo_run does with them.

An error is true at a line where the real one raises. What is refused only when it is built or added may be reported
where it is configured as well; where a script does not build what it configures, there and where it is added, but only
in words that say so. What a rule says of adding is decided only by scripts that add something.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from differential.real import NEMO_PYTHON, Failure, failures
from differential.scripts import Script, write

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.flow.problems import When
from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Phase, Profile
from nemo_run_lint.rules.linter.rule_failed import RuleFailed
from nemo_run_lint.selection import instances, selected
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index

#: Rules about the kinds of values, which nemo_run looks at as little as Python does.
TYPES = ("wrong-literal-type", "doubtful-literal-type")

#: The rules that say what a target accepts, what is a target, and which objects can be saved.
RULES = instances(selected(Profile.STRICT, select=("NRL8", "NRL409", "NRL412"), ignore=TYPES), {})

#: The rules whose errors come true when a task is added to an experiment.
ABOUT_ADDING = {rule.code for rule in RULES if rule.fails is Phase.ADDED}

#: Where it shows what was configured before, or it is handed to a job where it will.
SINK = re.compile(r"\b(fdl\.build|exp\.add|run\.run)\(")

#: Where something is configured: a call of Config or Partial, an assignment to an attribute or its deletion.
CONFIGURING = re.compile(r"\b(Config|Partial)\b.*\(|^\s*[\w.\[\]\"]+\.\w+ = |^\s*del |\bsetattr\(", re.DOTALL)

WORKS = "works"

#: How much of a message is shown.
MESSAGE = 200


def judged(directory: Path, scripts: list[Script]) -> list[list[Finding]]:
    """What the linter says of each script in `directory`, with the environment in which the real nemo_run is."""
    index = Index(Environment.of(directory, NEMO_PYTHON))
    return [lint(str(directory / script.name), script.text, RULES, index=index) for script in scripts]


@dataclass(frozen=True)
class Compared:
    """A script, what fails in it, and what the linter says."""

    script: Script
    failures: list[Failure]
    findings: list[Finding]

    @property
    def failure(self) -> Failure | None:
        """What a user sees of it: the first one."""
        return self.failures[0] if self.failures else None

    @property
    def is_defined(self) -> bool:
        """Whether the script got beyond the definition or import of its target."""
        return all(each.lines[0] > self.script.opening_lines for each in self.failures if each.lines)

    @cached_property
    def false(self) -> list[Finding]:
        """The errors that the real nemo_run contradicts, and what is said of rules that failed themselves."""
        true, undecided = self._true(self.failures), self._undecided
        false = [each for each in self._of(Severity.ERROR) if not true(each) and each.span.line not in undecided]
        return false + [each for each in self.findings if each.code == RuleFailed.code]

    @cached_property
    def found(self) -> Severity | None:
        """As what the first failure is reported, if at all."""
        true = self._true(self.failures[:1])
        for severity in (Severity.ERROR, Severity.WARNING):
            if any(map(true, self._of(severity))):
                return severity
        return None

    @property
    def blames_another(self) -> bool:
        """Whether the first failure is reported as an error, but none names the argument or attribute that it is about."""
        if self.found is not Severity.ERROR:
            return False
        true = self._true(self.failures[:1])
        there = [each.message for each in self._of(Severity.ERROR) if true(each)]
        return not any(self.failures[0].culprit in message for message in there)

    @property
    def shown(self) -> str:
        """All of it, for people."""
        lines = enumerate(self.script.text.splitlines(), 1)
        files = self.script.target.files.items()
        return "\n".join(
            [
                self.script.label,
                *(f"    # {path}\n{_indented(text)}" for path, text in files),
                *(f"{number:3} {line}" for number, line in lines),
                *(f"  real: {each.lines} {each.raised} {each.message[:MESSAGE]!r}" for each in self.failures),
                *(
                    f"  lint: {each.span.line} {each.severity.value} {each.code} {each.message}"
                    for each in self.findings
                ),
            ]
        )

    def _true(self, failures: list[Failure]) -> Callable[[Finding], bool]:
        """Tells whether a finding stands where one of the failures may be reported."""
        statements = _statements(self.script.text)
        raising = [_around(statements, line) for failure in failures for line in failure.lines]
        text = self.script.text.splitlines()
        configuring = [where for where in statements if CONFIGURING.search(_text(text, where))]
        sinks = [where for where in statements if SINK.search(_text(text, where))]
        if any(where in sinks for where in raising):
            raising += configuring
        refused = configuring + sinks if any(not failure.lines for failure in failures) else []

        def true(finding: Finding) -> bool:
            is_late = When.BUILT.value in finding.message
            return any(finding.span.line in where for where in (raising + refused if is_late else raising))

        return true

    @cached_property
    def _undecided(self) -> set[int]:
        """The lines that are not run because of a failure: what follows in its statement, and functions that get no value."""
        found: set[int] = set()
        for statement in ast.parse(self.script.text).body:
            lines = range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)
            for failure in self.failures:
                if failure.lines and failure.lines[0] in lines:
                    found.update(range(failure.lines[0] + 1, lines.stop))
                elif failure.raised == "NameError" and isinstance(statement, ast.FunctionDef):
                    found.update(lines)
        return found

    def _of(self, severity: Severity) -> list[Finding]:
        adds = "exp.add(" in self.script.text
        return [each for each in self.findings if each.severity is severity and (adds or each.code not in ABOUT_ADDING)]


def compare(directory: Path, scripts: list[Script]) -> list[Compared]:
    """Lay out the scripts in `directory`, run them and lint them."""
    write(directory, scripts)
    failed = failures(directory, [script.name for script in scripts])
    findings = judged(directory, scripts)
    return [Compared(script, failed[script.name], found) for script, found in zip(scripts, findings, strict=True)]


@dataclass
class Row:
    """How many scripts of one sort there are, and how many the linter speaks of."""

    scripts: int = 0
    errors: int = 0
    warnings: int = 0
    false: int = 0

    @property
    def recall(self) -> float:
        """The share that is reported as an error or a warning."""
        return (self.errors + self.warnings) / self.scripts


def rows(compared: Iterable[Compared], sort: Callable[[Compared], str]) -> dict[str, Row]:
    """The scripts that fail, counted by a sort of them; and those that do not, in the row WORKS."""
    found: dict[str, Row] = defaultdict(Row)
    for each in compared:
        row = found[sort(each) if each.failures else WORKS]
        row.scripts += 1
        row.errors += each.found is Severity.ERROR
        row.warnings += each.found is Severity.WARNING
        row.false += bool(each.false)
    return found


def table(counted: dict[str, Row]) -> Iterator[str]:
    """The report, line by line, the most frequent first."""
    for name, row in sorted(counted.items(), key=lambda item: -item[1].scripts):
        said = f"{row.errors} of {row.scripts}" if name != WORKS else f"{row.scripts} scripts"
        warned = f", {row.warnings} more as a warning" if row.warnings else ""
        false = f", {row.false} with a false error" if row.false else ""
        yield f"{name}: {said}{warned}{false}"


def _statements(text: str) -> list[range]:
    """The lines of every statement, the innermost last; of one with a body only its head."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            end = body[0].lineno if body else (node.end_lineno or node.lineno) + 1
            found.append(range(node.lineno, max(end, node.lineno + 1)))
    return found


def _around(statements: list[range], line: int) -> range:
    """The smallest of the statements that stands in `line`."""
    return min((where for where in statements if line in where), key=len, default=range(line, line + 1))


def _text(lines: list[str], where: range) -> str:
    return "\n".join(lines[where.start - 1 : where.stop - 1])


def _indented(text: str) -> str:
    return "".join(f"    {line}\n" for line in text.splitlines())
