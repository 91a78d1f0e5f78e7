"""From a name to what binds it: in a module or class, through star imports, submodules and names made up on demand."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from weakref import WeakKeyDictionary

from nemo_run_lint.signatures.answers import Answers
from nemo_run_lint.signatures.attempts import attempted, tried_imports
from nemo_run_lint.signatures.expressions import View, aliased, below, one_of
from nemo_run_lint.signatures.guards import Attempt, Guards, Runs
from nemo_run_lint.signatures.lazy import Origin
from nemo_run_lint.signatures.signature import Place, Reason, Unknown
from nemo_run_lint.signatures.source_text import makes_names
from nemo_run_lint.signatures.summary import Binding
from nemo_run_lint.signatures.symbols import Class, Function, Module, Symbol, Variable

if TYPE_CHECKING:
    from nemo_run_lint.signatures.index import Index

#: A name that is bound more often is worked with, not defined.
_MOST_BINDINGS = 100

#: How many sources are kept to see whether they contain a name.
_SOURCES = 128

#: Stands for a name while it is being worked out what it is.
_IN_CYCLE = Unknown(Reason.COMPUTED, "a cycle of imports")

#: What every module has without binding it.
_IMPLICIT = frozenset(
    f"__{name}__" for name in "name file doc package path spec loader dict class builtins cached annotations".split()
)

_STAR_IMPORT = re.compile(r"^[ \t]*from[ \t]+([.\w]+)[ \t]+import[ \t(]*\*", re.MULTILINE)

_NOT_THERE = (Reason.NOT_INSTALLED, Reason.NO_SUCH_NAME, Reason.MODULE_GETATTR)


class Names:
    """The names of all modules of an index."""

    def __init__(self, index: Index, answers: Answers, source: Callable[[str], str | None]) -> None:
        self._index = index
        self._answers = answers
        self._views: WeakKeyDictionary[Class, View] = WeakKeyDictionary()
        self._source = lru_cache(_SOURCES)(source)

    def lookup(self, module: Module, name: str) -> Symbol:
        """What a global name means in the code of a module."""
        return self._answers.ask(module, ("name", name), lambda: self._global(module, name, None), _IN_CYCLE)

    def attribute(self, module: Module, name: str) -> Symbol:
        """What a name of a module means outside of it."""
        return self._answers.ask(module, ("attribute", name), lambda: self._followed(module, name), _IN_CYCLE)

    def see(self, view: View, name: str) -> Symbol:
        """What a name means where something is written."""
        limit = view.place if name == view.name else None
        if view.owner is not None:
            return self.bound(view.module, view.owner, name, limit) or self.lookup(view.module, name)
        return self.lookup(view.module, name) if limit is None else self._global(view.module, name, limit)

    def view(self, cls: Class) -> View:
        """What the bases of a class see."""
        return self._views.get(cls) or View(cls.module)

    def bound(self, module: Module, owner: Class | None, name: str, limit: int | None = None) -> Symbol | None:
        """What a module itself, or the body of a class in it, binds a name to; None if it does not.

        limit  how many of the bindings of this name count
        """
        names = module.summary.names if owner is None else owner.summary.body
        bindings = names.get(name, ())[:limit]
        if len(bindings) > _MOST_BINDINGS:
            return Unknown(Reason.COMPUTED, _dotted(module, owner, name))
        if len(bindings) == 1 and not bindings[0].guards:
            return self._defined(View(module, owner, name, 0))
        places = self._guards(module).live(bindings) if bindings else ()
        return one_of(self._defined(View(module, owner, name, place)) for place in places) if places else None

    # -- modules ---------------------------------------------------------------------------------------------

    def _global(self, module: Module, name: str, limit: int | None) -> Symbol:
        found = self.bound(module, None, name, limit) or self._starred(module, name, set())
        if found is not None and not _is_unclear(found):
            return found
        otherwise = self._index.builtin(name) or _implicit(module, name)
        return otherwise or self._starred(module, name, set(), generous=True) or self._missing(module, name)

    def _followed(self, module: Module, name: str) -> Symbol:
        """A name of a module, however often it is imported from one module to the next."""
        seen = {(module, name)}
        while (binding := _plain_import(module, name)) is not None:
            target = self._target(module, binding)
            if isinstance(target, Unknown):
                return below(target, binding.attribute)
            if (target, binding.attribute) in seen:
                return self._submodule(target, binding.attribute) or _IN_CYCLE
            module, name = target, binding.attribute
            seen.add((module, name))
        return self.attribute(module, name) if len(seen) > 1 else self._found(module, name)

    def _found(self, module: Module, name: str) -> Symbol:
        found = self.bound(module, None, name) or self._starred(module, name, set())
        if found is not None and not _is_unclear(found):
            return Unknown(Reason.COMPILED, _dotted(module, None, name)) if self._is_hidden(module, found) else found
        otherwise = self._submodule(module, name) or self._made_up(module, name) or _implicit(module, name)
        return otherwise or self._starred(module, name, set(), generous=True) or self._missing(module, name)

    def _missing(self, module: Module, name: str) -> Unknown:
        """Why a name is not found; what a folder lacks may be in a part of it that is not installed."""
        path = _dotted(module, None, name)
        if module.summary.makes_names:
            return Unknown(Reason.MODULE_GETATTR, path)
        if name in module.summary.names:
            return Unknown(Reason.CONDITIONAL, path)
        parts = module.name.split(".")
        around = [self._index.module(".".join(parts[:count])) for count in range(1, len(parts))]
        patches = [each for package in around if isinstance(package, Module) for each in package.summary.patches]
        if any(each.endswith(f".{name}") for each in patches):
            return Unknown(Reason.COMPUTED, path)
        return Unknown(Reason.NO_SUCH_NAME if module.path else Reason.NOT_INSTALLED, path)

    def _submodule(self, module: Module, name: str) -> Symbol | None:
        path = f"{module.name}.{name}"
        return self._index.module(path) if module.is_package and self._index.is_module(path) else None

    def _made_up(self, module: Module, name: str) -> Symbol | None:
        """What the tables of lazy imports say of a name."""
        for origin in module.summary.lazy.get(name, ()):
            found = self._from_origin(module, origin, name)
            if found is not None and not (isinstance(found, Unknown) and found.reason in _NOT_THERE):
                return found
        return None

    def _from_origin(self, module: Module, origin: Origin, name: str) -> Symbol | None:
        """What an entry of such a table names; a source without a dot may mean a module beside this one."""
        beside = f".{origin.source}" if module.is_package and not origin.source.startswith(".") else origin.source
        for written in (beside, origin.source):
            path = self._index.absolute(module, written.replace(":", "."))
            if path is None:
                continue
            if self._index.is_module(path):
                target = self._index.module(path)
                wanted = origin.attribute or name
                if not origin.attribute and path.rpartition(".")[2] == name:
                    return target
                return self.attribute(target, wanted) if isinstance(target, Module) else below(target, wanted)
            around, _, last = path.rpartition(".")
            if not origin.attribute and around and self._index.is_module(around):
                return self._index.member(self._index.module(around), last)
        return None

    def _is_hidden(self, module: Module, found: Symbol) -> bool:
        """Whether a star import of compiled code may put something else in place of a definition: `datetime` does."""
        if not isinstance(found, (Class, Function)) or found.module is not module:
            return False
        for source, guards in module.summary.stars:
            if guards and guards[0].line < found.place.line:
                continue  # the definition comes later
            path = self._index.absolute(module, source)
            runs = path is not None and self._guards(module).of_star(guards) is not Runs.NEVER
            target = self._index.module(path) if path is not None and runs else None
            if isinstance(target, Unknown) and target.reason is Reason.COMPILED:
                return True
        return False

    # -- star imports ----------------------------------------------------------------------------------------

    def _starred(self, module: Module, name: str, seen: set[Module], generous: bool = False) -> Symbol | None:
        """What the star imports of a module bind a name to; Unknown(STAR_IMPORT) if that cannot be told.

        generous  whether imports for a type checker count as well, and all submodules of a package
        """
        seen.add(module)
        found: list[Symbol] = []
        unclear: Symbol | None = None
        for source, guards in reversed(module.summary.stars):
            runs = self._guards(module).of_star(guards)
            counts = runs in (Runs.ALWAYS, Runs.PERHAPS) or (generous and runs is Runs.WITHOUT_NEED)
            brought = self._brought(module, source, name, seen, generous) if counts else None
            if brought is not None and _is_unclear(brought):
                unclear = brought
            elif brought is not None:
                found.append(brought)
                if runs is not Runs.PERHAPS:
                    break
        return one_of(found) if found else unclear

    def _brought(self, module: Module, source: str, name: str, seen: set[Module], generous: bool) -> Symbol | None:
        path = self._index.absolute(module, source)
        if path is not None and not self._may_bring(path, name, set()):
            return None
        target = self._index.module(path) if path is not None else None
        if target is None or isinstance(target, Unknown):
            return Unknown(Reason.STAR_IMPORT, path or source)
        exports = target.summary.exports
        hidden = name.startswith("_") and "__all__" not in target.summary.names
        if target in seen or (name not in exports if exports is not None else hidden):
            return None
        if exports is not None:
            return self.attribute(target, name)
        found = self.bound(target, None, name) or self._starred(target, name, seen, generous)
        if found is None and generous:
            unclear = Unknown(Reason.STAR_IMPORT, target.name) if target.summary.makes_names else None
            return self._submodule(target, name) or unclear
        return found

    def _may_bring(self, path: str, name: str, seen: set[str]) -> bool:
        """Whether it is worth while to parse a module for this name: the text of most says that it is not."""
        if self._index.is_read(path):
            return True
        seen.add(path)
        self._index.consulted.add(path)
        found = self._index.environment.find(path)
        text = self._source(found.path) if found is not None and found.path else None
        if found is None or text is None or name in text or makes_names(text):
            return True
        if found.is_package and self._index.is_module(f"{path}.{name}"):
            return True
        stars = {absolute(path, found.is_package, source) for source in _STAR_IMPORT.findall(text)}
        return any(star is None or self._may_bring(star, name, seen) for star in stars if star not in seen)

    # -- bindings --------------------------------------------------------------------------------------------

    def _guards(self, module: Module) -> Guards:
        def attempt(line: int) -> Attempt:
            return self._answers.ask(module, ("try", line), lambda: self._attempted(module, line), Attempt.UNCLEAR)

        def holds(test: str) -> bool | None:
            return self._answers.ask(module, ("if", test), lambda: self._holds(module, test), None)

        return Guards(attempt, holds)

    def _attempted(self, module: Module, line: int) -> Attempt:
        tried = self._answers.ask(module, "tried imports", lambda: tried_imports(module.summary), {})
        return attempted(self._index, module, tried.get(line, []))

    def _holds(self, module: Module, test: str) -> bool | None:
        parsed = self._index.parse(test)
        return self._index.holds(parsed, module) if parsed is not None else None

    def _target(self, module: Module, binding: Binding) -> Module | Unknown:
        path = self._index.absolute(module, binding.source)
        return self._index.module(path) if path is not None else Unknown(Reason.NOT_INSTALLED, binding.source)

    def _defined(self, view: View) -> Symbol:
        return self._answers.ask(view.module, view, lambda: self._define(view), _IN_CYCLE)

    def _define(self, view: View) -> Symbol:
        names = view.module.summary.names if view.owner is None else view.owner.summary.body
        binding = names[view.name][view.place]
        path = _dotted(view.module, view.owner, view.name)
        if any(guard.kind == "loop" for guard in binding.guards):
            return Unknown(Reason.COMPUTED, path)
        if binding.kind == "import":
            return self._imported(view, binding)
        place = self._place(view.module, binding.line)
        if binding.function is not None:
            way = _way(binding.function.decorators, binding.function.name, view.owner)
            return Function(path, view.module, binding.function, place, view.owner, way)
        if binding.definition is not None:
            cls = Class(path, view.module, binding.definition, place)
            self._views[cls] = view
            return cls
        if binding.kind in ("function", "class"):
            return Unknown(Reason.UNREADABLE, path)
        return self._valued(view, binding, path, place) if binding.kind == "value" else Unknown(Reason.COMPUTED, path)

    def _imported(self, view: View, binding: Binding) -> Symbol:
        target = self._target(view.module, binding)
        if not binding.attribute:
            return target
        if isinstance(target, Unknown):
            # what `_functools` has in C stands in Python before it, to take the same
            is_private = target.reason is Reason.COMPILED and target.what.startswith("_")
            before = self.bound(view.module, view.owner, view.name, view.place) if is_private else None
            return before or below(target, binding.attribute)
        if target is view.module and binding.attribute == view.name:
            return self._submodule(target, view.name) or self._missing(target, view.name)
        found = self.attribute(target, binding.attribute)
        return self._submodule(target, binding.attribute) or found if found is _IN_CYCLE else found

    def _valued(self, view: View, binding: Binding, path: str, place: Place) -> Symbol:
        value = self._index.parse(binding.source)
        used = {each.id for each in ast.walk(value) if isinstance(each, ast.Name)} if value is not None else set()
        if value is not None:
            alias = self._rebound(view, value) if view.name in used else self._alias(view, value)
            if alias is not None:
                return alias
        if view.owner is not None and used & view.owner.summary.body.keys():
            value = None  # it is meant in the names of the class, not of the module
        return Variable(path, view.module, value, self._index.parse(binding.annotation), place)

    def _alias(self, view: View, value: ast.expr) -> Symbol | None:
        if isinstance(value, ast.Call) and view.owner is not None and len(value.args) == 1:
            way = _way((ast.unparse(value.func),), "", None)
            inner = aliased(self._index, value.args[0], view) if way != "plain" else None
            if isinstance(inner, Function):
                return replace(inner, owner=view.owner, binding=way)
        return aliased(self._index, value, view)

    def _rebound(self, view: View, value: ast.expr) -> Symbol:
        """`f = decorate(f)` is what `@decorate` above it would be; what else uses the name it replaces is not known."""
        alias = aliased(self._index, value, view)
        if alias is not None:
            return alias
        computed = Unknown(Reason.COMPUTED, _dotted(view.module, view.owner, view.name))
        if not isinstance(value, ast.Call) or len(value.args) != 1 or value.keywords:
            return computed
        argument = value.args[0]
        if not isinstance(argument, ast.Name) or argument.id != view.name:
            return computed
        before = self.see(view, view.name)
        if isinstance(before, Function):
            function = before.summary._replace(decorators=(ast.unparse(value.func), *before.summary.decorators))
            return replace(before, summary=function, binding=_way(function.decorators, function.name, view.owner))
        if isinstance(before, Class) and before in self._views:
            decorators = (ast.unparse(value.func), *before.summary.decorators)
            decorated = replace(before, summary=before.summary._replace(decorators=decorators))
            self._views[decorated] = self._views[before]
            return decorated
        return before if isinstance(before, Unknown) else computed

    def _place(self, module: Module, line: int) -> Place:
        return Place(module.path, line, self._index.environment.distribution(module.path))


def absolute(name: str, is_package: bool, source: str) -> str | None:
    """The name of the module that an import in the module `name` writes as `source`; None if it leads nowhere."""
    rest = source.lstrip(".")
    level = len(source) - len(rest)
    if not level:
        return source
    around = name.split(".") if name else []
    up = level - is_package
    return ".".join([*around[: len(around) - up], *([rest] if rest else [])]) if up < len(around) else None


def _is_unclear(found: Symbol) -> bool:
    return isinstance(found, Unknown) and found.reason is Reason.STAR_IMPORT


def _plain_import(module: Module, name: str) -> Binding | None:
    """The binding of a name that is just imported from another module."""
    bindings = module.summary.names.get(name, ())
    binding = bindings[0] if len(bindings) == 1 else None
    return binding if binding is not None and binding.attribute and not binding.guards else None


def _dotted(module: Module, owner: Class | None, name: str) -> str:
    around = module.name if owner is None else owner.name
    return f"{around}.{name}" if around else name


def _way(decorators: tuple[str, ...], name: str, owner: Class | None) -> Literal["plain", "static", "class"]:
    """How a function that is decorated so takes its first argument."""
    last = {each.rpartition(".")[2] for each in decorators}
    if last & {"staticmethod", "abstractstaticmethod"} or (owner is not None and name == "__new__"):
        return "static"
    implicit = owner is not None and name in ("__init_subclass__", "__class_getitem__")
    return "class" if implicit or last & {"classmethod", "abstractclassmethod"} else "plain"


def _implicit(module: Module, name: str) -> Symbol | None:
    """What every module has: `__name__`, `__file__`."""
    return Unknown(Reason.COMPUTED, _dotted(module, None, name)) if name in _IMPLICIT else None
