"""All of NeMo, nothing changed since the last run: against ruff, which remembers as well."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from speed.measuring import paired
from speed.row import Goal, Row
from speed.setting import Setting

#: Undefined names and what cannot be run: the least that projects ask of ruff.
_FEW = "E9,F63,F7,F82"


def measure(setting: Setting) -> Iterator[Row]:
    """Both as they are without settings; then ruff with rules that find as little as ours."""
    tree = setting.package.parent
    ruff = [setting.program("ruff"), "check", "--cache-dir", str(setting.directory("ruff")), "."]
    ours = [*setting.linter, "."]
    count = sum(1 for _ in setting.package.rglob("*.py"))
    setting.warm(ours, tree, count)
    for against, selection in (("`ruff check`", ()), ("`ruff check --select E9,F63,F7,F82`", ("--select", _FEW))):
        command = [*ruff, *selection]
        told = _told(command, setting)
        setting.run(command, tree)
        pairs = paired(
            partial(setting.cpu, ours, tree),
            partial(setting.cpu, command, tree),
            4 * setting.runs + 1,
        )
        note = f"{count} files, of which ruff tells {told} findings"
        yield Row("warm, whole tree, nothing changed", f"{against}, its cache warm", Goal(2), pairs, note)


def _told(command: Sequence[str], setting: Setting) -> int:
    """How many findings ruff has; telling them is most of what it does when its cache is warm."""
    found = setting.output([*command, "--output-format", "json-lines"], setting.package.parent)
    return found.count("\n")
