"""Eight rules, three ways: as they are here, as Fixit has rules, and as TorchFix does.

In one process each, the collector as each of them leaves it. The rules must find about the same, or the comparison is
worth nothing: how many findings all share is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from nemo_run_lint.linter import lint
from nemo_run_lint.page import Kind, page
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, rule_called, selected
from speed import as_fixit, as_torchfix
from speed.eight_rules import EIGHT
from speed.measuring import NotMeasuredError, in_fork, paired
from speed.row import Goal, Row
from speed.setting import Setting

#: Every so many files are given to all: the others take ten times as long.
_EVERY = 5

Find = Callable[[str, str], list[tuple[str, int]]]


def measure(setting: Setting) -> Iterator[Row]:
    """Ours against either."""
    rules = instances(selected(Profile.TEAM, tuple(EIGHT)), {})

    def ours(path: str, text: str) -> list[tuple[str, int]]:
        return [(finding.name, finding.span.line) for finding in lint(path, text, rules)]

    for find in (ours, as_fixit.findings, as_torchfix.findings):
        _prove(find)
    files = dict(list(setting.sources.items())[::_EVERY])
    for name, find, bound in (
        ("Fixit 2.2.1", as_fixit.findings, 8.0),
        ("TorchFix's way, one MetadataWrapper", as_torchfix.findings, 5.0),
    ):
        cost = Costing(files)
        pairs = paired(partial(cost, find), partial(cost, ours), setting.runs)
        theirs, mine = cost.found[find], cost.found[ours]
        found = f"finds {theirs.total()}, ours {mine.total()}, both {(mine & theirs).total()}"
        yield Row(
            "the same eight rules",
            name,
            Goal(bound, at_least=True),
            pairs,
            f"times faster; {len(files)} files; {found}",
        )


class Costing:
    """What it costs to search files, and what was found in them."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = files
        self.found: dict[Find, Counter[tuple[str, str, int]]] = {}

    def __call__(self, find: Find) -> float:
        """The CPU seconds of one search, in a process of its own."""
        cpu, found = in_fork(lambda: _run(find, self.files))
        self.found[find] = Counter(found)
        return cpu


def _run(find: Find, files: Mapping[str, str]) -> list[tuple[str, str, int]]:
    return [(path, *found) for path, text in files.items() for found in find(path, text)]


def _prove(find: Find) -> None:
    """Each of the eight reports the bad example of the rule's own page, and not the good one."""
    for name in EIGHT:
        for block in page(rule_called(name)).blocks:
            if block.kind is not Kind.TEXT:
                code = block.text if "import nemo_run" in block.text else f"import nemo_run as run\n{block.text}"
                reported = name in [each for each, _ in find("example.py", code + "\n")]
                if reported is not (block.kind is Kind.BAD):
                    raise NotMeasuredError(
                        f"{find.__module__}: {name} does not say what the rule says of its own examples"
                    )
