"""`--output-format github`: the commands by which a workflow annotates the lines of a pull request.

GitHub shows ten annotations of a kind for each step; all lines stay in the log, so that each says its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache

from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.interchange import well_formed
from nemo_run_lint.outputs.paths import root
from nemo_run_lint.outputs.summary import summary

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}

#: UTF-16 units of a message; the runner cuts off what is behind.
_LONGEST = 4096


def render(outcome: Outcome) -> Iterator[str]:
    """A command for each finding, then the summary."""
    name = lru_cache(maxsize=1)(root().name)
    for finding in outcome.findings:
        yield _line(finding, name(finding.path))
    yield summary(replace(outcome, color=False))


def _line(finding: Finding, path: str) -> str:
    span = finding.span
    properties = {"file": path, "line": str(span.line)}
    if span.end_line == span.line:  # the runner drops the columns of what has several lines
        properties |= {"endLine": str(span.line), "col": str(span.column), "endColumn": str(span.end_column)}
    properties["title"] = f"{finding.code} {finding.name}"
    return f"::{_COMMAND[finding.severity]} {_joined(properties)}::{_data(_message(finding))}\n"


def _message(finding: Finding) -> str:
    """The place, for the log, and what is wrong; what to do stands below. No line begins with words of the source."""
    place = f"{escaped(finding.path)}:{finding.span.line}:{finding.span.column}"
    advice = f"\nhelp: {escaped(finding.help)}" if finding.help else ""
    return _cropped(f"{place}: {escaped(finding.message)}{advice}")


def _cropped(message: str) -> str:
    units = message.encode("utf-16-le")
    if len(units) <= 2 * _LONGEST:
        return message
    return units[: 2 * _LONGEST - 2].decode("utf-16-le", "ignore") + "…"


def _joined(properties: Mapping[str, str]) -> str:
    return ",".join(f"{name}={_property(value)}" for name, value in properties.items())


def _property(value: str) -> str:
    return _data(value).replace(":", "%3A").replace(",", "%2C")


def _data(value: str) -> str:
    """As the runner expects it, `%` first; of a name that is no text only what is."""
    return well_formed(value).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
