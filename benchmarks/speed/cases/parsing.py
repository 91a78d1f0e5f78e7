"""Cold, in one process, every rule of the team's profile: against LibCST's parser alone, which no rule can avoid."""

from __future__ import annotations

import gc
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import libcst

from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, selected
from speed.measuring import in_fork, in_forks, paired
from speed.row import Goal, Row
from speed.setting import WITHOUT_SIGNATURES, Setting

_BARE = """
import gc, json, sys
import libcst
gc.disable()
for path in json.load(open(sys.argv[1])):
    with open(path, encoding="utf-8") as file:
        libcst.parse_module(file.read())
"""


def measure(setting: Setting) -> Iterator[Row]:
    """`lint` on the texts, and the command on the files."""
    files = setting.sources
    rules = instances(selected(Profile.TEAM, ignore=("NRL8",)), {})

    def ours() -> None:
        for path, text in files.items():
            lint(path, text, rules)

    def bare() -> None:
        gc.disable()
        for text in files.values():
            libcst.parse_module(text)

    seen, share = _share_seen(ours, files)
    goal = Goal(0.6) if share < 1 else Goal(1.25)
    against = "bare `libcst.parse_module` of the same files, collector off"
    note = f"{len(rules)} rules; LibCST is given {share:.0%} of {len(files)} files, {seen} characters"
    yield Row("cold, one process, the team's profile", against, goal, in_forks(ours, bare, setting.runs), note)
    yield _as_command(setting)


def _share_seen(work: Callable[[], object], files: Mapping[str, str]) -> tuple[int, float]:
    """How many characters LibCST's parser is given, and which share of the files that is."""

    def seen() -> int:
        given = []
        parse = libcst.parse_module
        libcst.parse_module = lambda source, *more: (given.append(len(source)), parse(source, *more))[1]
        work()
        return sum(given)

    characters = in_fork(seen)[1]
    return characters, characters / sum(map(len, files.values()))


def _as_command(setting: Setting) -> Row:
    """The same with all that a run has to do besides: start, find settings, read, tell."""
    listing = setting.directory("listing") / "files.json"
    listing.write_text(json.dumps(list(setting.sources)))
    ours = [*setting.linter, "--no-cache", "--isolated", *WITHOUT_SIGNATURES, *setting.sources]
    bare = [sys.executable, "-c", _BARE, str(listing)]
    setting.prove(ours, setting.package, len(setting.sources))
    setting.run(bare, setting.package)
    pairs = paired(
        partial(setting.cpu, ours, setting.package), partial(setting.cpu, bare, setting.package), setting.runs
    )
    return Row("the same as a command, `--no-cache`", "a program that does nothing else", None, pairs)
