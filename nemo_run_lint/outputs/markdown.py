r"""`--output-format markdown`: a table for a comment on a pull request.

Whatever a linted file holds, it stays text of its cell: no column, link, picture, HTML, formula or mention of a person
comes of it. What a backslash does not make text (`@name`, `#1`, `https://...`) is shown as code, as is what a message
has between backticks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from nemo_run_lint.finding import Finding
from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.sentence import sentence
from nemo_run_lint.outputs.summary import counted, summary
from nemo_run_lint.page import url

#: GitHub takes 65,536 characters for a comment; some are left for what stands around the table.
LONGEST = 60_000

HEAD = "| severity | place | rule | finding |\n| --- | --- | --- | --- |\n"

_CODE = re.compile(r"`([^`]*[^`\s][^`]*)`")
#: GitLab's references have more signs than GitHub's.
_ACTIVE = re.compile(r"\S*(?:[@#$]|[!~&%]\w|://|www\.|gh-\d)\S*", re.IGNORECASE)
_PUNCTUATION = re.compile(r"[\\`*_\[\]<>&~|]")


def render(outcome: Outcome) -> Iterator[str]:
    """The summary and the table; of more findings than a comment can hold the first, and how many are left out."""
    told = summary(replace(outcome, color=False))
    yield f"{told}\n" if told and outcome.findings else told
    if outcome.findings:
        yield from table(outcome.findings, LONGEST)


def table(findings: Sequence[Finding], longest: int) -> Iterator[str]:
    """A row for each finding, as far as `longest` characters reach; then a line that counts those left out."""
    yield HEAD
    room = longest - len(HEAD)
    for place, finding in enumerate(findings):
        row = _row(finding)
        room -= len(row)
        if room < 0:
            yield f"\n{counted(len(findings) - place, 'more finding is', 'more findings are')} not shown here.\n"
            return
        yield row


def _row(finding: Finding) -> str:
    address = url(finding.name)
    rule = f"{finding.code} {finding.name}"
    return (
        f"| {finding.severity.value} | {code(f'{finding.path}:{finding.span.line}')} "
        f"| {f'[{rule}]({address})' if address else cell(rule)} | {cell(sentence(finding))} |\n"
    )


def cell(text: str) -> str:
    """`text` as Markdown that shows it, for a cell of a table; what stands between backticks is code."""
    pieces = _CODE.split(escaped(text))
    return _joined(code(piece) if place % 2 else _text(piece) for place, piece in enumerate(pieces))


def code(text: str) -> str:
    """`text` as code, for a cell of a table."""
    shown = escaped(text).replace("|", "\\|")
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    pad = " " if shown.startswith(("`", " ")) or shown.endswith(("`", " ")) else ""
    return f"{fence}{pad}{shown}{pad}{fence}" if shown.strip() else shown


def _text(text: str) -> str:
    shown, end = [], 0
    for active in _ACTIVE.finditer(text):
        shown += [_PUNCTUATION.sub(r"\\\g<0>", text[end : active.start()]), code(active[0])]
        end = active.end()
    return _joined([*shown, _PUNCTUATION.sub(r"\\\g<0>", text[end:])])


def _joined(pieces: Iterable[str]) -> str:
    """The pieces in a row; with a blank between two of code, whose backticks would meet."""
    joined = ""
    for piece in pieces:
        joined += f" {piece}" if joined.endswith("`") and piece.startswith("`") else piece
    return joined
