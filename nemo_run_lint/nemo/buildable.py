"""run.Config(...) and run.Partial(...): a target, and the arguments it will be called with."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import libcst as cst

from nemo_run_lint.nemo.api import public
from nemo_run_lint.project import File

#: How many variables, functions and configs around it a config is followed through.
_STEPS = 4

#: In how many places at most.
_MOST_PLACES = 60


@dataclass(eq=False)
class Argument:
    """One value that the target will get.

    name    the keyword, or the attribute path of a later assignment (`config.trainer.steps = 1`); None if positional
    node    the call's `Arg`, or the assignment
    """

    name: str | None
    value: cst.BaseExpression
    node: cst.CSTNode

    @property
    def shown(self) -> str:
        """How to speak of it in a message: "`schedule`", "an argument"."""
        return f"`{self.name}`" if self.name else "an argument"


@dataclass(eq=False)
class Buildable:
    """A call of run.Config or run.Partial.

    kind        `Config` or `Partial`
    target      the function or class that will be called, as written; None when it is missing or behind a `*`
    arguments   what stands in the call, and what is assigned to its attributes afterwards
    """

    file: File
    node: cst.Call
    kind: str
    target: cst.BaseExpression | None
    arguments: list[Argument] = field(default_factory=list)

    @classmethod
    def find(cls, file: File) -> Iterable[Buildable]:
        """Every run.Config(...) and run.Partial(...), with what is later assigned to them."""
        found: dict[cst.CSTNode, Buildable] = {}
        for call in file.tree.nodes(cst.Call):
            function = call.func.value if isinstance(call.func, cst.Subscript) else call.func  # run.Config[Model](...)
            kind = public(file.names.qualified(function))
            if kind in ("Config", "Partial"):
                found[call] = cls._read(file, call, kind)
        for buildable, argument in _assigned(file, found):
            buildable.arguments.append(argument)
        return found.values()

    @classmethod
    def _read(cls, file: File, call: cst.Call, kind: str) -> Buildable:
        buildable = cls(file, call, kind, None)
        for place, given in enumerate(call.args):
            keyword = given.keyword.value if given.keyword is not None else None
            if given.star:
                spread = file.values.items(given.value) if given.star == "**" else None
                buildable.arguments += [Argument(name, value, given) for name, value in (spread or {}).items()]
            elif keyword == "fn_or_cls" or (keyword is None and place == 0):
                buildable.target = given.value
            elif keyword != "bind_args":
                buildable.arguments.append(Argument(keyword, given.value, given))
        return buildable

    @property
    def name(self) -> str:
        """The target as written: `train`, `llm.pretrain`."""
        return self.file.code(self.target) if self.target is not None else "its target"

    def saved(self) -> Iterator[tuple[str, cst.CSTNode]]:
        """What has to be saved with it: the sources of its target and arguments, each with words for what it is here.

        Looks through variables, branches, lists, tuples, sets, dicts and functools.partial; not into nested configs,
        which are buildables of their own.
        """
        if self.target is not None:
            for source in _contents(self.file, self.target):
                yield f"the target of run.{self.kind}", source
        for argument in self.arguments:
            for source in _contents(self.file, argument.value):
                yield f"{argument.shown} of `{self.name}`", source

    @cached_property
    def is_direct(self) -> bool:
        """Whether all that happens to it is visible, and it is only built or run in this very process.

        run.run without an executor (or with `direct=True`) and fdl.build never save it (nemo_run 0.11.1, `run/api.py`).
        """
        fates = set()
        for fate in _fates(self.file, self.node):
            fates.add(fate)
            if fate == "unknown":
                return False
        return "direct" in fates


def _assigned(file: File, found: dict[cst.CSTNode, Buildable]) -> Iterator[tuple[Buildable, Argument]]:
    """`config.a.b = value`, for every config that a variable certainly holds."""
    for assign in file.tree.nodes(cst.Assign) if found else ():
        for each in assign.targets:
            path: list[str] = []
            root: cst.CSTNode = each.target
            while isinstance(root, cst.Attribute):
                path.insert(0, root.attr.value)
                root = root.value
            if path and isinstance(root, cst.Name):
                buildable = found.get(file.values.value(root))
                if buildable is not None:
                    yield buildable, Argument(".".join(path), assign.value, assign)


def _contents(file: File, value: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """The sources of a value, and of everything in it when it is a container."""
    seen: set[cst.CSTNode] = set()
    stack = [value]
    while stack:
        for source in file.values.sources(stack.pop()):
            if source in seen:
                continue
            seen.add(source)
            below: list[cst.CSTNode] = []
            if isinstance(source, (cst.List, cst.Tuple, cst.Set, cst.Dict)):
                below = [element.value for element in source.elements]
            elif isinstance(source, cst.Call) and file.names.qualified(source.func) == "functools.partial":
                below = [given.value for given in source.args]
            yield source
            stack += reversed(below)


def _fates(file: File, node: cst.CSTNode) -> Iterator[str]:
    """What becomes of a config: `direct`, `changed` (an attribute of it is used), or `unknown`; the nearest first."""
    seen: set[cst.CSTNode] = set()
    waiting = deque([(node, _STEPS)])
    while waiting:
        current, steps = waiting.popleft()
        if current in seen:
            continue
        if len(seen) >= _MOST_PLACES:
            yield "unknown"
            return
        seen.add(current)
        fate = _fate(file, current)
        if isinstance(fate, str):
            yield fate
        elif steps:
            waiting += [(each, steps - 1) for each in fate]
        else:
            yield "unknown"


@dataclass(eq=False)
class _Targeting:
    """The configs and partials of a file by the function or class of the file that they call."""

    by_target: dict[cst.CSTNode, list[Buildable]]

    @classmethod
    def find(cls, file: File) -> Iterable[_Targeting]:
        """All, at once."""
        found: dict[cst.CSTNode, list[Buildable]] = {}
        for each in file.all(Buildable):
            definition = file.values.definition(each.target) if each.target is not None else None
            if definition is not None:
                found.setdefault(definition, []).append(each)
        return (cls(found),)


def made_for(file: File, definition: cst.CSTNode) -> Sequence[Buildable]:
    """What calls a function or class of the file, in order."""
    return file.all(_Targeting)[0].by_target.get(definition, ())


def _fate(file: File, node: cst.CSTNode) -> str | Sequence[cst.CSTNode]:
    """What becomes of a config at one place, or the places to which it goes on from there."""
    parent = file.tree.parent(node)
    above = file.tree.parent(parent)
    if isinstance(parent, cst.Arg) and isinstance(above, cst.Call):
        callee = file.names.qualified(above.func)
        if callee in ("fiddle.build", "fiddle.experimental.auto_config.build"):
            return "direct"
        if public(callee) == "run":
            return "direct" if _runs_in_process(file, above) else "unknown"
        return [above] if public(callee) in ("Config", "Partial") else "unknown"
    if isinstance(parent, cst.Attribute):
        return "changed"
    if isinstance(parent, cst.Return):
        function = file.tree.enclosing(parent, cst.FunctionDef)
        calls = file.values.calls(function) if function is not None and not function.decorators else ()
        return calls or "unknown"
    if isinstance(parent, cst.Assign) and len(parent.targets) == 1 and isinstance(parent.targets[0].target, cst.Name):
        bound, tree = parent.targets[0].target, file.tree
        uses = (use for use in file.names.uses(parent, bound.value) if use is not bound)
        return [use for use in uses if not isinstance(tree.parent(use), (cst.AssignTarget, cst.Param))]
    return "unknown"


def _runs_in_process(file: File, call: cst.Call) -> bool:
    """Whether a run.run(...) has no executor, or is told to run directly."""
    if any(given.star for given in call.args):
        return False
    given = {each.keyword.value: each.value for each in call.args if each.keyword is not None}
    if isinstance(given.get("direct"), cst.Name) and file.code(given["direct"]) == "True":
        return True
    executor = given.get("executor")
    positional = sum(each.keyword is None for each in call.args)
    return positional < 2 and (executor is None or (isinstance(executor, cst.Name) and executor.value == "None"))
