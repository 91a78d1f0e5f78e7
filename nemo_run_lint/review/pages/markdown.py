"""A review as a comment on a pull request: a task list, the evidence folded away.

Whatever a file holds stays text: see `outputs.markdown`. What a comment has no room for is left out and counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape
from itertools import groupby

from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.outputs.markdown import LONGEST
from nemo_run_lint.outputs.markdown import cell as of_cell
from nemo_run_lint.outputs.markdown import code as code_of_cell
from nemo_run_lint.outputs.summary import counted
from nemo_run_lint.page import url
from nemo_run_lint.review.evidence import Answer, Entry, Evidence, Review, Subject
from nemo_run_lint.review.pages.links import Links
from nemo_run_lint.review.pages.wording import counts, is_required, reviewed, verdict

_MARKS = {Answer.PASSES: "✅", Answer.MISSING: "❌", Answer.PERSON: "👤"}

#: How much of the evidence of one item is shown.
_SHOWN = 10


def render(review: Review, links: Links, color: bool) -> Iterator[str]:
    """The comment; the list always, of the rest as much as there is room for."""
    head = "".join(_head(review, links))
    yield head
    room = LONGEST - len(head) - 200
    parts = [*_evidence(review, links), *(_experiment(review, subject, links) for subject in review.subjects)]
    for number, part in enumerate(parts):
        room -= len(part)
        if room < 0:
            yield f"\n{counted(len(parts) - number, 'more section is', 'more sections are')} not shown here.\n"
            return
        yield part


def _head(review: Review, links: Links) -> Iterator[str]:
    mark = "✅" if review.is_approved else "❌"
    yield f"## {mark} {_text(verdict(review))}\n" if not review.is_empty else f"{verdict(review)}.\n"
    if review.is_empty:
        return
    told = [f"{reviewed(review)}: {counts(review)}."]
    told += [f"Reviewers: {', '.join(review.reviewers)}."] if review.reviewers else []
    yield f"\n{_text(' '.join(told))}\n"
    for group, entries in groupby(review.checklist, lambda entry: entry.item.group):
        yield f"\n**{_text(group)}**\n\n"
        for entry in entries:
            box = "x" if entry.passes else " "
            required = " (required)" if is_required(review, entry) else ""
            yield f"- [{box}] {_MARKS[entry.answer]} {_text(entry.item.title)}{required}\n"
    if review.comments:
        yield "\n**Comments**\n\n"
        yield from _listed(review.comments, links)


def _evidence(review: Review, links: Links) -> Iterator[str]:
    """A section for each item, first those that do not pass."""
    for entry in sorted(review.checklist, key=lambda entry: entry.passes):
        title = f"{_MARKS[entry.answer]} {escape(entry.item.title)}: {entry.answer.value}"
        yield _folded(title, "".join(_listed(entry.evidence, links)))


def _experiment(review: Review, subject: Subject, links: Links) -> str:
    """What an experiment is made of, and its own answers."""
    mark = "❌" if review.open_of(subject) else "✅"
    kind = "Experiment" if subject.experiment is not None else "File"
    lines = [f"{_place(Evidence('', subject.path, subject.line), links)}\n"]
    tasks = subject.experiment.tasks if subject.experiment is not None else ()
    if tasks:
        lines.append("\n| task | runs | on | after |\n| --- | --- | --- | --- |\n")
    for task in tasks[:50]:
        after = ", ".join(tasks[place].name or f"task {place + 1}" for place in task.after[:5])
        more = f" and {len(task.after) - 5} more" if len(task.after) > 5 else ""
        cells = (task.name or "-", task.function or "-", task.executor or "-", f"{after}{more}" or "-")
        lines.append(f"| {' | '.join(code_of_cell(each) for each in cells)} |\n")
    if len(tasks) > 50:
        lines.append(f"\n{counted(len(tasks) - 50, 'more task', 'more tasks')}.\n")
    lines.append("\n")
    lines += [_answer(entry) for entry in subject.checklist if not entry.passes]
    title = escape(escaped(subject.title))  # as code, in which no `@name` calls anybody
    return _folded(f"{mark} {kind} <code>{title}</code>", "".join(lines))


def _answer(entry: Entry) -> str:
    return f"- {_MARKS[entry.answer]} {_text(entry.item.title)}\n"


def _folded(title: str, body: str) -> str:
    """A section that opens when its title, in HTML, is clicked."""
    return f"\n<details><summary>{title}</summary>\n\n{body}\n</details>\n"


def _listed(evidence: Sequence[Evidence], links: Links) -> Iterator[str]:
    for each in evidence[:_SHOWN]:
        place = f"{_place(each, links)}: " if each.path else ""
        yield f"- {place}{_text(each.text)}{_rule(each)}\n"
    if len(evidence) > _SHOWN:
        yield f"- and {len(evidence) - _SHOWN} more\n"


def _rule(evidence: Evidence) -> str:
    address = url(evidence.rule.partition(" ")[2]) if evidence.rule else ""
    shown = f"[{evidence.rule}]({address})" if address else _text(evidence.rule)
    return f" ({shown})" if evidence.rule else ""


def _place(evidence: Evidence, links: Links) -> str:
    address = links.to(evidence.path, evidence.line)
    shown = _code(evidence.place)
    # brackets and blanks are quoted in the address already, parentheses are not
    return f"[{shown}](<{address.replace('(', '%28').replace(')', '%29')}>)" if address else shown


def _text(text: str) -> str:
    """`text` as Markdown that shows it; only in a cell of a table a bar is quoted."""
    return of_cell(text).replace("\\|", "|")


def _code(text: str) -> str:
    return code_of_cell(text).replace("\\|", "|")
