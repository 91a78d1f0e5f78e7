"""Environment variables of a job: `env_vars` of an executor, `env` of a run.Script; and how a shell reads them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.nemo.api import EXECUTORS
from nemo_run_lint.nemo.executor import Settings, made_by
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import text


@dataclass(eq=False)
class EnvironmentVariable:
    """One variable, as the file writes it.

    owner   what gets it: the executor's kind, or `Script`
    name    its name when that is a literal
    key     the expression of its name
    value   the expression of its value
    """

    file: File
    owner: str
    name: str | None
    key: cst.CSTNode
    value: cst.BaseExpression

    @classmethod
    def find(cls, file: File) -> Iterable[EnvironmentVariable]:
        """Every one in a dict that an executor or a script is given, also through a variable or assigned later."""
        seen: set[tuple[cst.CSTNode, str]] = set()
        for owner, written in _dicts(file):
            for source in file.values.sources(written):
                for name, key, value in _pairs(file, source):
                    if (key, owner) not in seen:
                        seen.add((key, owner))
                        yield cls(file, owner, name, key, value)
        yield from _items(file)

    @property
    def shown(self) -> str:
        """How to speak of it: "`NCCL_DEBUG`"."""
        return f"`{self.name}`" if self.name is not None else "an environment variable"


def _dicts(file: File) -> Iterator[tuple[str, cst.CSTNode]]:
    for settings in file.all(Settings):
        for setting in settings.given if settings.is_executor else ():
            if setting.name == "env_vars":
                yield settings.kind, setting.value
    for script in file.all(Script):
        if "env" in script.given:
            yield "Script", script.given["env"].value


def _pairs(
    file: File, source: cst.CSTNode, steps: int = 4, seen: set[tuple[int, int]] | None = None
) -> Iterator[tuple[str | None, cst.CSTNode, cst.BaseExpression]]:
    """The name, where it is written, and the value of everything in a dict, also of dicts that are spread into it.

    `seen` keeps the dicts that were looked into, by identity and steps, since there may be many ways to one.
    """
    seen = set() if seen is None else seen
    if (id(source), steps) in seen:
        return
    seen.add((id(source), steps))
    if isinstance(source, cst.Dict):
        for element in source.elements:
            if isinstance(element, cst.DictElement):
                yield text(element.key), element.key, element.value
            elif steps:
                for spread in file.values.sources(element.value):
                    yield from _pairs(file, spread, steps - 1, seen)
    elif isinstance(source, cst.Call) and file.names.is_builtin(source.func, "dict"):
        for given in source.args:
            if given.keyword is not None:
                yield given.keyword.value, given.keyword, given.value


def _items(file: File) -> Iterator[EnvironmentVariable]:
    """`executor.env_vars["NAME"] = value`, and the same of a variable that was handed over as a dict."""
    kinds: dict[cst.CSTNode, str] = {each.node: each.kind for each in file.all(Settings) if each.kind in EXECUTORS}
    given: dict[cst.CSTNode, str] = {}
    for owner, written in _dicts(file):
        given |= dict.fromkeys(file.values.sources(written), owner)
    for assign in file.tree.nodes(cst.Assign):
        target = assign.targets[0].target
        if not isinstance(target, cst.Subscript) or len(target.slice) != 1:
            continue
        key = target.slice[0].slice
        if not isinstance(key, cst.Index):
            continue
        if isinstance(target.value, cst.Attribute) and target.value.attr.value == "env_vars":
            owners: set[str | None] = {kinds.get(source) for source in made_by(file, target.value.value)}
        else:
            owners = {given.get(source) for source in file.values.sources(target.value)}
        only = owners.pop() if len(owners) == 1 else None
        if only is not None:
            yield EnvironmentVariable(file, only, text(key.value), key.value, assign.value)


def as_shell_reads(value: str) -> str | None:
    """What goes wrong when bash reads `export NAME=value` with nothing quoted; None when nothing does."""
    if _is_json(value):
        return "bash takes the quotes and braces of the JSON away"
    bare, closed = _unquoted(value)
    if not closed:
        return "a quote is opened and not closed, so the script is no valid bash"
    effects = {
        "(": "a bare parenthesis makes the whole script a syntax error",
        ")": "a bare parenthesis makes the whole script a syntax error",
        ";": "what follows the `;` is run as a command",
        "&": "what follows the `&` is run as a command, and the variable is lost",
        "|": "what follows the `|` is run as a command, and the variable is lost",
        "<": "`<` reads from a file",
        ">": "`>` writes to a file",
    }
    found = next((effect for sign, effect in effects.items() if sign in bare), None)
    return found or ("the value ends at the first blank" if any(sign.isspace() for sign in bare.strip()) else None)


def _is_json(value: str) -> bool:
    if value[:1] not in ("{", "["):
        return False
    try:
        return '"' in value and isinstance(json.loads(value), (dict, list))
    except ValueError:
        return False


def _unquoted(value: str) -> tuple[str, bool]:
    """The signs of `value` that bash would read bare, and whether every quote and bracket is closed."""
    bare: list[str] = []
    waiting: list[str] = []
    signs = iter(enumerate(value))
    for place, sign in signs:
        inside = waiting[-1] if waiting else ""
        if sign == "\\" and inside != "'":
            next(signs, None)
        elif sign == inside:
            waiting.pop()
        elif inside == "'":
            continue
        elif sign in "\"'`" and inside != '"':
            waiting.append(sign)
        elif value.startswith(("$(", "${"), place):
            waiting.append(")" if value[place + 1] == "(" else "}")
            next(signs, None)
        elif not inside:
            bare.append(sign)
    return "".join(bare), not waiting
