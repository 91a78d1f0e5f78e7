"""A review as one object; review.schema.json says the same to programs.

version      1; it grows when a key changes its meaning or goes away, not when one is added
approved     whether all required items pass and nothing certainly fails
checklist    of each item, by its name: `passes`, `missing` or `needs a person`
required     the names of the items without which nothing is approved
missing      those of them that do not pass
comments     why it is not approved, each a sentence that begins with its place
reviewers    who reviews
evidence     of each item: what its answer rests on, each a text, and path, line and rule, or null
experiments  each with title, path, line, function (that makes it), is_open, approved, checklist and evidence as above,
             and its tasks: name, function, line, executor, after (the places, in this list, of those it waits for)
files        the files without an experiment that are judged on their own: path, approved, checklist, evidence
reviewed     the paths of all files under review
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from nemo_run_lint.nemo.outline import ExperimentOutline
from nemo_run_lint.review.evidence import Entry, Evidence, Review, Subject
from nemo_run_lint.review.pages.links import Links

VERSION = 1


def render(review: Review, links: Links, color: bool) -> Iterator[str]:
    """The object described above."""
    yield f"{json.dumps(as_dict(review), indent=2)}\n"


def as_dict(review: Review) -> dict[str, Any]:
    """A review, ready for JSON."""
    return {
        "version": VERSION,
        "approved": review.is_approved,
        **_answers(review.checklist),
        "required": list(review.asked.required),
        "missing": [entry.item.name for entry in review.open_items],
        "comments": [_comment(each) for each in (*review.comments, *review.unmet)],
        "reviewers": list(review.reviewers),
        "experiments": [
            _experiment(review, subject, subject.experiment) for subject in review.subjects if subject.experiment
        ],
        "files": [_file(review, subject) for subject in review.subjects if subject.experiment is None],
        "reviewed": list(review.files),
    }


def _answers(checklist: Sequence[Entry]) -> dict[str, Any]:
    return {
        "checklist": {entry.item.name: entry.answer.value for entry in checklist},
        "evidence": {entry.item.name: [_evidence(each) for each in entry.evidence] for entry in checklist},
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    return {
        "text": evidence.text,
        "path": evidence.path or None,
        "line": evidence.line or None,
        "rule": evidence.rule or None,
    }


def _comment(evidence: Evidence) -> str:
    return f"{evidence.place}: {evidence.text}" if evidence.place else evidence.text


def _file(review: Review, subject: Subject) -> dict[str, Any]:
    return {"path": subject.path, "approved": not review.open_of(subject), **_answers(subject.checklist)}


def _experiment(review: Review, subject: Subject, experiment: ExperimentOutline) -> dict[str, Any]:
    return {
        "title": experiment.title,
        "line": experiment.line,
        "function": experiment.function or None,
        "is_open": experiment.is_open,
        **_file(review, subject),
        "tasks": [
            {
                "name": task.name or None,
                "function": task.function,
                "line": task.line,
                "executor": task.executor or None,
                "after": list(task.after),
            }
            for task in experiment.tasks
        ],
    }
