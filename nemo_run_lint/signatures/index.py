"""What dotted names stand for, over all modules of a project and its environment, without importing one of them.

Every definition is one object, however it is reached. No answer depends on which question came first.
"""

from __future__ import annotations

import ast
import builtins
import re
import warnings
from collections.abc import Callable, Hashable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from nemo_run_lint.signatures.ancestry import NoOrderError, linearise
from nemo_run_lint.signatures.answers import Answers
from nemo_run_lint.signatures.conditions import holding
from nemo_run_lint.signatures.definitions import Definitions
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.expressions import View, below, evaluated, one_of
from nemo_run_lint.signatures.files import read_source
from nemo_run_lint.signatures.loading import Read, load
from nemo_run_lint.signatures.modules import read_module
from nemo_run_lint.signatures.names import Names, absolute
from nemo_run_lint.signatures.parsing import Definition
from nemo_run_lint.signatures.signature import Reason, Unknown
from nemo_run_lint.signatures.summarising import summarise
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, Module, OneOf, Symbol, Variable

T = TypeVar("T")
U = TypeVar("U")

#: How many different expressions are kept parsed.
_EXPRESSIONS = 50_000

_ABSENT = object()

#: `typing.Generic` as it is from Python 3.12 on, in C: it has no part in calls.
_GENERIC = Unknown(Reason.BASE, "_typing.Generic")

_GENERIC_BASE = re.compile(r"(?:\w+\.)*Generic\[")
_PROTOCOL = re.compile(r"(?:\w+\.)*Protocol\b")

#: One of the ancestors of a class. An unknown one ends the list of them.
Ancestor = Class | Builtin | Unknown


class Index:
    """The modules of an environment, each read when it is first asked for.

    read       how a module that was found becomes a summary; None if it cannot be read
    source     how the text of a file is had; None if it cannot be
    consulted  the names of all modules asked for so far, found or not; to be cleared by the caller
    """

    def __init__(
        self,
        environment: Environment,
        read: Read = read_module,
        source: Callable[[str], str | None] = read_source,
    ) -> None:
        self.environment = environment
        self._parse = lru_cache(_EXPRESSIONS)(_parsed)
        self._read = read
        self._modules: dict[str, Module | Unknown] = {}
        self._own: Module | None = None
        self._builtins: dict[str, Builtin | None] = {}
        self._is_answering = False
        self._answers = Answers()
        self._names = Names(self, self._answers, source)
        self._definitions = Definitions(source)

    @property
    def consulted(self) -> set[str]:
        """The names of the modules that answers depended on."""
        return self._answers.consulted

    @consulted.setter
    def consulted(self, names: set[str]) -> None:
        self._answers.consulted = names

    def ask(self, subject: Module, question: Hashable, answer: Callable[[], T], in_cycle: U) -> T | U:
        """What `answer` returns, worked out once; `in_cycle` while it is.

        It is remembered with the modules it depends on, until `subject` is forgotten.
        """
        return self._answers.ask(subject, question, answer, in_cycle)

    # -- modules ---------------------------------------------------------------------------------------------

    def module(self, name: str) -> Module | Unknown:
        """The module of a dotted name."""
        return self._safely(lambda: self._module(name), Unknown(Reason.TOO_DEEP, name))

    def _module(self, name: str) -> Module | Unknown:
        self.consulted.add(name)
        if name not in self._modules:
            self._modules[name] = load(self.environment, self._read, name)
        found = self._modules[name]
        is_absent = isinstance(found, Unknown) and found.reason is Reason.NOT_INSTALLED
        return (self._registered(name) or found) if is_absent else found

    def own(self, path: str, text: str, tree: ast.Module) -> Module:
        """The module that is linted, as given; other modules that import it still see the one on disk.

        What was known of an earlier one is forgotten.
        """
        if self._own is not None:
            self._answers.forget(self._own)
            self._definitions.forget(self._own)
        name = self.environment.module_name(Path(path))
        module = Module(name, path, Path(path).stem == "__init__", summarise(text, tree))
        self._definitions.give(module, tree)
        self._own = module
        return module

    def is_read(self, name: str) -> bool:
        """Whether this module was asked for already."""
        return name in self._modules

    def has_read(self, path: str) -> bool:
        """Whether the module in the file with this absolute path was asked for already."""
        return any(isinstance(each, Module) and each.path == path for each in self._modules.values())

    def is_module(self, name: str) -> bool:
        """Whether there is a module of this name, whether it can be read or not."""
        self.consulted.add(name)
        return self.environment.find(name) is not None

    def _registered(self, name: str) -> Module | None:
        """What a package entered as a module below it: `os.path`."""
        around, _, last = name.rpartition(".")
        module = self._module(around) if around else None
        if not isinstance(module, Module) or not module.summary.makes_names:
            return None
        found = self.member(module, last)
        return found if isinstance(found, Module) else None

    # -- names -----------------------------------------------------------------------------------------------

    def symbol(self, path: str) -> Symbol:
        """What a dotted name stands for: `nemo.lightning.MegatronStrategy`."""
        parts = path.split(".")
        found = self._along(parts, 1)
        for count in range(len(parts) - 1, 1, -1):
            # a name of a package may hide a submodule: `datetime` the class, and `datetime` the module
            if isinstance(found, Unknown) and self.is_module(".".join(parts[:count])):
                return self._along(parts, count)
        return found

    def lookup(self, module: Module, name: str) -> Symbol:
        """What a global name means in the code of a module: its own, or a builtin one."""
        return self._safely(lambda: self._names.lookup(module, name), Unknown(Reason.TOO_DEEP, name))

    def member(self, owner: Symbol, name: str) -> Symbol:
        """An attribute of a module or class."""
        return self._safely(lambda: self._member(owner, name), Unknown(Reason.TOO_DEEP, name))

    def evaluate(self, expression: ast.expr, module: Module) -> Symbol:
        """What an expression of names stands for in the code of a module."""
        return self._safely(lambda: evaluated(self, expression, View(module)), Unknown(Reason.TOO_DEEP))

    def parse(self, text: str) -> ast.expr | None:
        """An expression from its text, to be read only; None if it is none."""
        try:
            return self._parse(text)
        except RecursionError:
            if self._is_answering:
                raise
            return None

    def see(self, view: View, name: str) -> Symbol:
        """What a name means where something is written."""
        return self._names.see(view, name)

    def absolute(self, module: Module, source: str) -> str | None:
        """The name of the module that an import in a module writes as `source`, with dots where it is relative."""
        return absolute(module.name, module.is_package, source)

    def holds(self, test: ast.expr, module: Module) -> bool | None:
        """Whether a condition in the code of a module holds when it is imported; None if it is not known."""
        return holding(self, module, test)

    def builtin(self, path: str) -> Builtin | None:
        """A builtin, always the same object: `dict`, `dict.fromkeys`."""
        if path not in self._builtins:
            found: object = builtins
            for name in path.split("."):
                found = getattr(found, name, _ABSENT)
            self._builtins[path] = Builtin(path) if found is not _ABSENT else None
        return self._builtins[path]

    def node(self, symbol: Function | Class) -> Definition | None:
        """The syntax of a definition, its lines true to the file; None if the file is gone or has changed."""
        return self._definitions.node(symbol)

    def _along(self, parts: Sequence[str], count: int) -> Symbol:
        """The attribute of an attribute of the module that the first parts name."""
        found: Symbol = self.module(".".join(parts[:count]))
        for name in parts[count:]:
            found = self.member(found, name)
        return found

    def _safely(self, answer: Callable[[], T], too_deep: U) -> T | U:
        """An answer; of those that need others only the outermost is given up, so that none is remembered half done."""
        if self._is_answering:
            return answer()
        self._is_answering = True
        try:
            return answer()
        except RecursionError:
            return too_deep
        finally:
            self._is_answering = False

    def _member(self, owner: Symbol, name: str) -> Symbol:
        if isinstance(owner, Module):
            return self._names.attribute(owner, name)
        if isinstance(owner, Class):
            return self.ask(
                owner.module, (owner, name), lambda: self._of_class(owner, name), Unknown(Reason.COMPUTED, name)
            )
        if isinstance(owner, OneOf):
            return one_of(self._member(each, name) for each in owner.alternatives)
        if isinstance(owner, Unknown):
            return below(owner, name)
        builtin = self.builtin(f"{owner.name}.{name}") if isinstance(owner, Builtin) else None
        return builtin or Unknown(Reason.COMPUTED, f"{owner.name}.{name}")

    # -- classes ---------------------------------------------------------------------------------------------

    def bases(self, cls: Class) -> tuple[Symbol, ...]:
        """What the bases of a class stand for, in the order in which they are written."""
        unknown = tuple(Unknown(Reason.BASE, text) for text in cls.summary.bases)
        return self._safely(lambda: self.ask(cls.module, ("bases", cls), lambda: self._bases(cls), unknown), unknown)

    def metaclass(self, cls: Class) -> Symbol | None:
        """What a class statement itself names as its metaclass; None if it names none."""
        written = next((text for name, text in cls.summary.keywords if name == "metaclass"), None)
        parsed = self.parse(written) if written is not None else None
        return (
            self._safely(lambda: evaluated(self, parsed, self._names.view(cls)), Unknown(Reason.TOO_DEEP))
            if parsed is not None
            else None
        )

    def ancestry(self, cls: Class) -> tuple[Ancestor, ...]:
        """The class and its ancestors in the order in which a method is looked for, without `object`.

        It ends with the first that is not known, or before one that may come earlier or later.
        """
        unknown = (cls, Unknown(Reason.BASE, cls.name))
        return self._safely(
            lambda: self.ask(cls.module, ("ancestry", cls), lambda: self._ancestry(cls), unknown), unknown
        )

    def mro(self, cls: Class) -> tuple[list[Class], bool]:
        """The classes in whose bodies a method is looked for, and whether these are all, `object` apart."""
        ancestry = self.ancestry(cls)
        known = next((place for place, each in enumerate(ancestry) if not isinstance(each, Class)), len(ancestry))
        return [each for each in ancestry[:known] if isinstance(each, Class)], known == len(ancestry)

    def _bases(self, cls: Class) -> tuple[Symbol, ...]:
        return tuple(self._base(text, self._names.view(cls)) for text in cls.summary.bases)

    def _base(self, text: str, view: View) -> Symbol:
        """What a base stands for; `typing.Iterator` is written as `_alias(collections.abc.Iterator, 1)`."""
        parsed = self.parse(text)
        if parsed is None:
            return Unknown(Reason.COMPUTED, text)
        found = evaluated(self, parsed.value if isinstance(parsed, ast.Subscript) else parsed, view)
        if isinstance(found, Variable) and found.module.name == "typing" and isinstance(found.value, ast.Call):
            return self.evaluate(found.value.args[0], found.module) if found.value.args else found
        return evaluated(self, parsed, view)

    def _ancestry(self, cls: Class) -> tuple[Ancestor, ...]:
        try:
            return tuple(linearise(cls, self._known_bases, lambda each: isinstance(each, Unknown)))
        except NoOrderError:
            return cls, Unknown(Reason.BASE, cls.name)

    def _known_bases(self, each: Ancestor) -> Sequence[Ancestor]:
        if not isinstance(each, Class):
            return ()
        pairs = zip(_effective(each.summary.bases), self.bases(each), strict=True)
        bases = [_ancestor(base, f"{each.module.name}: {text}") for text, base in pairs if text]
        return [base for base in bases if base not in (self.builtin("object"), _GENERIC)]

    def _of_class(self, cls: Class, name: str) -> Symbol:
        for each in self.ancestry(cls):
            if isinstance(each, Unknown):
                return each
            found = (
                self._names.bound(each.module, each, name)
                if isinstance(each, Class)
                else self.builtin(f"{each.name}.{name}")
            )
            if found is not None:
                return found
        of_any = self.builtin(f"type.{name}")
        return of_any or Unknown(Reason.NO_SUCH_NAME, f"{cls.name}.{name}")


def _effective(bases: Sequence[str]) -> list[str]:
    """The bases as written, empty where `Generic[T]` makes room for `Protocol` or a later base with subscript."""
    has_protocol = any(_PROTOCOL.match(text) for text in bases)
    is_subscripted = [text.endswith("]") for text in bases]
    return [
        "" if _GENERIC_BASE.match(text) and (has_protocol or any(is_subscripted[place + 1 :])) else text
        for place, text in enumerate(bases)
    ]


def _ancestor(base: Symbol, written: str) -> Ancestor:
    """A base as a link in the chain: the same unknown one is the same link wherever it is named."""
    if isinstance(base, (Class, Builtin)):
        return base
    is_named = isinstance(base, Unknown) and base.reason in (Reason.NOT_INSTALLED, Reason.COMPILED)
    return Unknown(Reason.BASE, base.what if isinstance(base, Unknown) and is_named else written)


def _parsed(text: str) -> ast.expr | None:
    if not text.strip():
        return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(f"({text}\n)", mode="eval").body
    except (SyntaxError, ValueError, MemoryError):
        return None
