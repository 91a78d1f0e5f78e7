"""Targets for run.Config and run.Partial: the kinds of `kinds.md` with names and parameters drawn at random.

A target stands in the script itself or in a module beside it, from which the script takes it in one of several ways.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from string import Template

from differential.parameters import Parameter, drawn, head

KINDS = Path(__file__).with_name("kinds.md")

FUNCTION_NAMES = "train evaluate prepare export convert measure finetune pretrain".split()
CLASS_NAMES = "Trainer Model Optimizer Strategy Tokenizer Dataset Logger Schedule".split()

_BLOCK = re.compile(r"^## (.+?)\n(.*?)```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_LINE = re.compile(r"^(Target|Parameters): `(.*)`$", re.MULTILINE)
_WHOLE_LIST = re.compile(r"\$(parameters|first|second|\w*fields|\w*attributes|\w*columns|bare)\b")


@dataclass(frozen=True)
class Block:
    """A heading of a Markdown file with the code below it, and the lines `Key: value` between them."""

    heading: str
    code: str
    lines: dict[str, str]


def blocks(path: Path) -> list[Block]:
    """Every `##` heading of `path` that has code."""
    found = _BLOCK.findall(path.read_text(encoding="utf-8"))
    return [Block(heading, code, dict(_LINE.findall(between))) for heading, between, code in found]


@dataclass(frozen=True)
class Target:
    """Something to be configured.

    kind        its heading in `kinds.md`
    expression  what a script calls it
    opening     what stands at the top of a script: its definition, or an import of it
    files       the modules beside the script
    parameters  what it seems to take; only the real nemo_run can tell
    """

    kind: str
    expression: str
    opening: str
    parameters: tuple[Parameter, ...]
    files: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """All of its source."""
        return "\n".join([self.opening, *self.files.values()])


def targets(random: Random, each: int) -> Iterator[Target]:
    """`each` targets of every kind."""
    number = 0
    for block in blocks(KINDS):
        for _ in range(each):
            number += 1
            yield _target(random, block, number)


def _target(random: Random, block: Block, number: int) -> Target:
    name = random.choice(CLASS_NAMES if "$Name" in block.code else FUNCTION_NAMES)
    parameters, words = _words(random, block)
    code = Template(block.code).substitute(words, name=name, Name=name)
    expression = Template(block.lines.get("Target", "$name")).substitute(words, name=name, Name=name)
    root = re.split(r"\W", expression)[0]
    is_bound = re.search(rf"\b{root}\b", code) is not None
    if not is_bound or (random.random() < 0.3 and "__future__" not in code):
        return Target(block.heading, expression, code, parameters)
    place = random.choice(PLACES)
    return place(Target(block.heading, expression, code, parameters), root, number)


def _words(random: Random, block: Block) -> tuple[tuple[Parameter, ...], dict[str, str]]:
    """The parameters of a target of this kind, and what stands for the words of its text."""
    if "Parameters" in block.lines:
        return _written(block.lines["Parameters"]), {}
    plain = "$parameters" not in block.code
    is_whole = _WHOLE_LIST.search(block.code) is not None
    few = 2 if plain else 1
    found = drawn(random, random.randint(few, 5) if is_whole else 2, plain=plain)
    half = (len(found) + 1) // 2
    lists = {"": found, "first_": found[:half], "second_": found[half:]}
    words = {
        "parameters": head(found, random.random() < 0.15, random.random() < 0.15),
        "first": head(found[:half]),
        "second": head(found[half:]),
        "bare": ", ".join(each.bare for each in found),
        "values": f"({', '.join(each.name for each in found)},)",
        "columns": "\n".join(each.field("") for each in found),
        "bare_columns": "\n".join(f"    {each.name}: {each.annotation}" for each in found),
        "a": found[0].name,
        "a_value": found[0].value,
        "z": found[-1].name,
        "z_value": found[-1].value,
    }
    for half_name, part in lists.items():
        words[f"{half_name}fields"] = "\n".join(each.field("default_factory") for each in part)
        words[f"{half_name}attributes"] = "\n".join(each.field("factory") for each in part)
    if not is_whole and "$z" not in block.code:
        found = found[:1]
    return tuple(found), words


def _written(text: str) -> tuple[Parameter, ...]:
    """The parameters that a `Parameters:` line names, each with a value, all of which have a default."""
    call = ast.parse(f"f({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    return tuple(
        Parameter(each.arg or "", ast.unparse(each.value), default=ast.unparse(each.value)) for each in call.keywords
    )


# -- where a target stands -----------------------------------------------------------------------------------------


def _from_module(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    return _elsewhere(target, f"from {module} import {root}", target.expression, {f"{module}.py": target.opening})


def _of_module(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    return _elsewhere(target, f"import {module}", f"{module}.{target.expression}", {f"{module}.py": target.opening})


def _of_short_module(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    opening = f"import {module} as parts"
    return _elsewhere(target, opening, f"parts.{target.expression}", {f"{module}.py": target.opening})


def _renamed(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    expression = target.expression.replace(root, "Chosen", 1)
    opening = f"from {module} import {root} as Chosen"
    return _elsewhere(target, opening, expression, {f"{module}.py": target.opening})


def _by_star(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    return _elsewhere(target, f"from {module} import *", target.expression, {f"{module}.py": target.opening})


def _exported(target: Target, root: str, number: int) -> Target:
    """A package takes it from its submodule."""
    package = f"team_{number:03}"
    files = {f"{package}/__init__.py": f"from .parts import {root}\n", f"{package}/parts.py": target.opening}
    return _elsewhere(target, f"import {package}", f"{package}.{target.expression}", files)


def _exported_by_star(target: Target, root: str, number: int) -> Target:
    package = f"team_{number:03}"
    files = {
        f"{package}/__init__.py": f"from {package}.parts import *\n\n__all__ = ['{root}']\n",
        f"{package}/parts.py": f"{target.opening}\n\n__all__ = ['{root}']\n",
    }
    return _elsewhere(target, f"from {package} import {root}", target.expression, files)


def _exported_lazily(target: Target, root: str, number: int) -> Target:
    """A package imports its submodule when somebody asks for the name."""
    package = f"team_{number:03}"
    lazy = (
        "import importlib\n\n\ndef __getattr__(name):\n"
        f"    return getattr(importlib.import_module('{package}.parts'), name)\n"
    )
    files = {f"{package}/__init__.py": lazy, f"{package}/parts.py": target.opening}
    return _elsewhere(target, f"from {package} import {root}", target.expression, files)


def _from_either(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    opening = (
        f"try:\n    from not_installed_anywhere import {root}\nexcept ImportError:\n    from {module} import {root}\n"
    )
    return _elsewhere(target, opening, target.expression, {f"{module}.py": target.opening})


def _from_first(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    opening = f"try:\n    from {module} import {root}\nexcept ImportError:\n    {root} = None\n"
    return _elsewhere(target, opening, target.expression, {f"{module}.py": target.opening})


def _in_a_variable(target: Target, root: str, number: int) -> Target:
    module = f"targets_{number:03}"
    opening = f"import {module}\n\nchosen = {module}.{target.expression}\n"
    return _elsewhere(target, opening, "chosen", {f"{module}.py": target.opening})


def _elsewhere(target: Target, opening: str, expression: str, files: dict[str, str]) -> Target:
    return Target(target.kind, expression, opening, target.parameters, files)


PLACES: list[Callable[[Target, str, int], Target]] = [
    _from_module,
    _of_module,
    _of_short_module,
    _renamed,
    _by_star,
    _exported,
    _exported_by_star,
    _exported_lazily,
    _from_either,
    _from_first,
    _in_a_variable,
]
