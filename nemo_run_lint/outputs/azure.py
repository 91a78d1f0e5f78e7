"""`--output-format azure`: logging commands that Azure Pipelines turns into the issues of a build.

The agent takes escapes back before it reads a value, but has none for `%` of old: it is escaped only where it would
begin one, so that an agent that does not know `%AZP25` shows `100%` as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.sentence import sentence

_ESCAPES = {";": "%3B", "\r": "%0D", "\n": "%0A", "]": "%5D"}
_SPECIAL = re.compile(r"[;\r\n\]]|%(?=3B|0D|0A|5D|AZP25)")


def render(outcome: Outcome) -> Iterator[str]:
    """A command for each finding. Azure knows errors and warnings: what is only worth knowing is a warning."""
    for finding in outcome.findings:
        kind = "error" if finding.severity is Severity.ERROR else "warning"
        yield f"##vso[task.logissue type={kind};{_place(finding)}code={finding.code};]{_value(_message(finding))}\n"


def _place(finding: Finding) -> str:
    line, column = finding.span.line, finding.span.column
    return f"sourcepath={_value(finding.path)};linenumber={line};columnnumber={column};"


def _message(finding: Finding) -> str:
    return f"{finding.code} {finding.name}: {sentence(finding)}"


def _value(text: str) -> str:
    """`text` as the agent reads it back; what is not plainly visible, a newline apart, is spelt out for the log."""
    pieces = re.split(r"([\r\n])", text)
    visible = "".join(piece if piece in ("\r", "\n") else escaped(piece) for piece in pieces)
    return _SPECIAL.sub(lambda found: _ESCAPES.get(found[0], "%AZP25"), visible)
