"""Objects of the file's own classes, and which of them NeMo Run turns into a run.Config.

From `_bind_args` in `nemo_run/config.py` of nemo_run 0.11.1, and tried.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import parameters

#: Bases that say nothing about how an object is saved.
_NEUTRAL = frozenset("abc.ABC typing.Generic typing.Protocol typing_extensions.Protocol".split())


def class_kind(file: File, definition: cst.ClassDef, steps: int = 6) -> Literal["plain", "dataclass"] | None:
    """What objects of a class are; None where a base or decorator may make it otherwise."""
    if not steps or "register_node_traverser" in file.text:
        return None
    kinds: set[str | None] = set()
    for decorator in definition.decorators:
        written = decorator.decorator
        path = file.names.qualified(written.func if isinstance(written, cst.Call) else written)
        kinds.add("dataclass" if path == "dataclasses.dataclass" else None)
    for base in definition.bases:
        kinds.add(_base_kind(file, base.value, steps))
    if any(file.names.qualified(given.value) != "abc.ABCMeta" for given in definition.keywords):
        return None
    if None in kinds or "__new__" in file.names.scope(definition).bindings:
        return None
    return "dataclass" if "dataclass" in kinds else "plain"


def _base_kind(file: File, base: cst.BaseExpression, steps: int) -> str | None:
    named = base.value if isinstance(base, cst.Subscript) else base
    if file.names.qualified(named) in _NEUTRAL or file.names.is_builtin(named, "object"):
        return "plain"
    definition = file.values.definition(named)
    return class_kind(file, definition, steps - 1) if isinstance(definition, cst.ClassDef) else None


def object_of(file: File, node: cst.CSTNode) -> cst.ClassDef | None:
    """The class of the file that is called to make `node`, or None."""
    made = file.values.definition(node.func) if isinstance(node, cst.Call) else None
    return made if isinstance(made, cst.ClassDef) else None


def not_converted(file: File, buildable: Buildable, keyword: str) -> str | None:
    """Why a dataclass object given as `keyword=` stays what it is, when the target's parameters can be seen.

    NeMo Run converts it only when the call could be made as it stands: all required parameters given, by keyword in
    the case of run.Partial, and none of them behind `**`.
    """
    target = file.values.definition(buildable.target) if buildable.target is not None else None
    if not isinstance(target, cst.FunctionDef) or target.decorators or any(given.star for given in buildable.node.args):
        return None
    if file.values.enclosing_class(target) is not None:
        return None
    named = parameters(target)
    if keyword not in {each.name.value for each in named}:
        return f"`{target.name.value}` takes it by `**`" if target.params.star_kwarg is not None else None
    missing = _missing(buildable, named)
    if missing:
        listed = ", ".join(f"`{name}`" for name in missing)
        how = "by keyword " if buildable.kind == "Partial" else ""
        return (
            f"{listed} of `{target.name.value}` {'is' if len(missing) == 1 else 'are'} not given {how}in the same call"
        )
    return None


def _missing(buildable: Buildable, named: Sequence[cst.Param]) -> list[str]:
    given = [each for each in buildable.arguments if isinstance(each.node, cst.Arg)]
    by_keyword = {each.name for each in given}
    by_place = sum(each.name is None for each in given) if buildable.kind == "Config" else 0
    required = [each for each in named[by_place:] if each.default is None]
    return [each.name.value for each in required if each.name.value not in by_keyword]
