"""What SARIF tells of a rule, made from its page; of the values that may be long no more than GitHub takes."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import Any

from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.outputs.interchange import well_formed
from nemo_run_lint.page import Block, Kind, page, url
from nemo_run_lint.rule import Rule
from nemo_run_lint.rule_files import own_modules

LEVEL = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}

_PROBLEM = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "recommendation"}

#: GitHub sorts by it, what is most likely true first.
_PRECISION = {Confidence.HIGH: "very-high", Confidence.MEDIUM: "medium"}

#: Characters of a description that GitHub takes.
_LONGEST = 1024


def as_dict(rule: type[Rule]) -> dict[str, Any]:
    """The `reportingDescriptor` of `rule`."""
    told = page(rule)
    summary = told.summary or rule.name()
    prose = [" ".join(block.text.split()) for block in told.blocks if block.kind is Kind.TEXT]
    address = url(rule.name())
    return {
        "id": rule.code,
        "name": rule.name(),
        "shortDescription": {"text": _cropped(summary)},
        "fullDescription": {"text": _cropped(" ".join([summary, *prose]))},
        **({"helpUri": address} if address else {}),
        "help": {
            "text": "\n\n".join([summary, *map(_plain, told.blocks)]),
            "markdown": "\n\n".join([f"**{summary}**", *map(_marked_up, told.blocks), *_more(address)]),
        },
        "defaultConfiguration": {"level": LEVEL[rule.severity]},
        "properties": {
            "precision": _PRECISION[rule.confidence],
            "problem.severity": _PROBLEM[rule.severity],
            "tags": ["nemo-run", *_family(rule)],
        },
    }


def _cropped(text: str) -> str:
    """Of a long text the beginning, to the end of a word."""
    text = well_formed(text)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rpartition(' ')[0]}…"


def _plain(block: Block) -> str:
    return block.text if block.kind is Kind.TEXT else f"{_heading(block)}\n\n{textwrap.indent(block.text, '    ')}"


def _marked_up(block: Block) -> str:
    return block.text if block.kind is Kind.TEXT else f"{_heading(block)}\n\n```python\n{block.text}\n```"


def _heading(block: Block) -> str:
    return f"{block.kind.value.title()}:"


def _more(address: str) -> Iterator[str]:
    if address:
        yield f"[More about the rules]({address})"


def _family(rule: type[Rule]) -> Iterator[str]:
    if rule.name() in own_modules():
        yield rule.__module__.split(".")[-2]
