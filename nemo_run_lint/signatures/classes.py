"""What a class accepts: the method that `inspect.signature` finds first, and what a call of the class really takes.

`inspect` asks the metaclass, then the classes in order for a `__new__` or an `__init__` of their own. In Python 3.10
any `__new__` came before an inherited `__init__`.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NamedTuple

from nemo_run_lint.signatures.effects import effects, possible
from nemo_run_lint.signatures.forwarding import Forward
from nemo_run_lint.signatures.functions import ANYTHING, Answer, bound, decorated, of_function
from nemo_run_lint.signatures.generated import PROTOCOLS, generated
from nemo_run_lint.signatures.handing_on import Parameters, handed_on, is_open
from nemo_run_lint.signatures.index import Ancestor, Index
from nemo_run_lint.signatures.nodes import nodes
from nemo_run_lint.signatures.pydantic_models import is_model, of_model
from nemo_run_lint.signatures.signature import Reason, Signature, Unknown
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, Symbol

#: Tells what a symbol accepts: from where this module is used.
Ask = Callable[[Symbol], Answer]

#: Attributes by which a decorator or a module changes what a class takes.
_DECISIVE = frozenset({"__init__", "__new__", "__signature__", "__wrapped__", "__class__", "__dict__"})

#: Effects of decorators that are seen to where a class's methods are looked for.
_SEEN_TO = frozenset({"attr.s", "attrs.define", "dataclass", "patched"})

#: The same as far as metaclasses and `__init_subclass__` are concerned, and where they do it.
_METHODS = frozenset({"__init__", "__new__", "__signature__"})
_CLASS_MAKERS = ("__new__", "__init__")

_ANY = [each.kind for each in ANYTHING]

#: What becomes of a `__new__`'s `**kwargs` that leaves to `__init__` what is accepted.
_HARMLESS = ("unused", "super")


def of_class(index: Index, cls: Class, ask: Ask) -> Answer:
    """What a class takes when it is called."""
    found = of_model(index, cls) if is_model(index, cls) else _Lineage(index, cls, ask).called()
    found = decorated(index, cls.module, cls.summary.decorators, found, _SEEN_TO)
    if isinstance(found, Unknown):
        return found
    return tuple(replace(each, name=cls.summary.name) for each in found)


class _Method(NamedTuple):
    """A `__new__` or `__init__`: the place of its class among the ancestors, and what it takes without `self`.

    function  what was written, where that is one function; None for what is generated
    """

    place: int
    name: str
    answer: Answer
    function: Function | None = None


class _Lineage:
    """A class and its ancestors in the order in which methods are looked for."""

    def __init__(self, index: Index, cls: Class, ask: Ask) -> None:
        self._index = index
        self._cls = cls
        self._ask = ask
        self._line: Sequence[Ancestor] = index.ancestry(cls)

    def called(self) -> Answer:
        """What inspect tells of the class, and what a call of it really takes."""
        shown = next(
            (each for each in self._line if isinstance(each, Class) and "__signature__" in each.summary.body), None
        )
        if shown is not None:
            return Unknown(Reason.CLASS_PATCHED, f"{shown.name}.__signature__")
        by_metaclass = self._metaclass_call()
        if by_metaclass is None:
            return self._made_at_run_time() or self._by_methods()
        if isinstance(by_metaclass, Unknown):
            return by_metaclass
        answer = of_function(self._index, by_metaclass)
        if isinstance(answer, Unknown):
            return answer
        forward = by_metaclass.summary.forward
        hands_on = forward is not None and forward[:4] == ("super", "", 0, ()) and forward.starred
        inner = self._by_methods() if hands_on else None
        built = inner[0].called if inner and not isinstance(inner, Unknown) else None
        return tuple(replace(bound(each), built=built) for each in answer)

    # -- what other classes do to it -------------------------------------------------------------------------

    def _made_at_run_time(self) -> Unknown | None:
        """Why its methods may not be those that are written: an ancestor or a metaclass sets them."""
        for each in self._line:
            if not isinstance(each, Class) or each.name in PROTOCOLS:
                continue
            if each is not self._cls and self._sets_methods(each, "__init_subclass__"):
                return Unknown(Reason.CLASS_PATCHED, f"{each.name}.__init_subclass__")
            for metaclass in self._metaclasses(each):
                if isinstance(metaclass, Class) and any(self._sets_methods(metaclass, name) for name in _CLASS_MAKERS):
                    return Unknown(Reason.METACLASS, metaclass.name)
        return None

    def _sets_methods(self, cls: Class, name: str) -> bool:
        """Whether a method that runs when a class is made sets the `__init__` or such of that class."""
        method = self._index.member(cls, name) if name in cls.summary.body else None
        node = self._index.node(method) if isinstance(method, Function) else None
        return any(_names_method(each) for each in nodes(node)) if node is not None else False

    def _metaclasses(self, cls: Class) -> Sequence[Symbol]:
        found = self._index.metaclass(cls)
        return () if found is None else possible(found)

    def _metaclass_call(self) -> Function | Unknown | None:
        """The `__call__` that a metaclass defines; None for those that leave it to `type`."""
        for each in self._line:
            for metaclass in self._metaclasses(each) if isinstance(each, Class) and each.name not in PROTOCOLS else ():
                found = self._index.member(metaclass, "__call__")
                if isinstance(found, Function):
                    return found
                if not isinstance(found, Builtin):
                    return Unknown(Reason.METACLASS, self._cls.name)
        return None

    # -- __new__ and __init__ --------------------------------------------------------------------------------

    def _by_methods(self) -> Answer:
        shown = self._shown()
        if isinstance(shown, Unknown):
            return shown
        if shown is None:
            return self._without_methods()
        if isinstance(shown.answer, Unknown):
            return shown.answer
        if shown.name == "__init__":
            return tuple(self._with_built(each, shown) for each in shown.answer)
        init = self._first({"__init__"})
        if not isinstance(init, _Method) or isinstance(init.answer, Unknown) or not self._is_harmless(shown):
            return shown.answer
        real = self._with_built(init.answer[0], init)
        return tuple(replace(each, place=real.place, built=real.called) for each in shown.answer)

    def _shown(self) -> _Method | Unknown | None:
        """The method that inspect takes."""
        first = self._first({"__new__", "__init__"})
        if self._index.environment.version >= (3, 11) or not isinstance(first, _Method) or first.place == 0:
            return first
        return self._first({"__new__"}) or first

    def _first(self, names: set[str], start: int = 0) -> _Method | Unknown | None:
        """The first method of one of these names from some ancestor on; `__new__` before `__init__`."""
        for place, each in enumerate(self._line[start:], start):
            if isinstance(each, Unknown):
                return each
            if isinstance(each, Class):
                spoilt = self._spoilt(each)
                if spoilt is not None:
                    return spoilt
                for name in sorted(names, reverse=True):
                    found = self._own(each, name, place)
                    if found is not None:
                        return found
        return None

    def _spoilt(self, cls: Class) -> Unknown | None:
        """Why the methods of a class may not be those that its body shows."""
        for patch in cls.module.summary.patches:
            name, _, attribute = patch.rpartition(".")
            if name == cls.summary.name and attribute in _DECISIVE:
                return Unknown(Reason.CLASS_PATCHED, patch)
        for decorator in cls.summary.decorators:
            for effect in effects(self._index, cls.module, decorator):
                if effect.how == "unknown":
                    return Unknown(Reason.DECORATOR, effect.detail)
                if effect.how == "patched" and effect.detail in _DECISIVE:
                    return Unknown(Reason.CLASS_PATCHED, decorator)
        return None

    def _own(self, cls: Class, name: str, place: int) -> _Method | None:
        """The method of this name that a class itself brings, written or generated."""
        made = generated(self._index, cls, name)
        if made is not None:
            return _Method(place, name, made)
        if name not in cls.summary.body:
            return None
        symbol = self._index.member(cls, name)
        answers = [
            of_function(self._index, each) if isinstance(each, Function) else Unknown(Reason.CLASS_PATCHED, cls.name)
            for each in possible(symbol)
        ]
        unknown = next((each for each in answers if isinstance(each, Unknown)), None)
        if unknown is not None:
            return _Method(place, name, unknown)
        found = tuple(bound(each) for answer in answers if not isinstance(answer, Unknown) for each in answer)
        return _Method(place, name, found, symbol if isinstance(symbol, Function) else None)

    def _is_harmless(self, new: _Method) -> bool:
        """Whether a `__new__` takes anything, makes an instance without it, and so leaves it to `__init__`."""
        if new.function is None or isinstance(new.answer, Unknown):
            return False
        forward = new.function.summary.forward
        node = self._index.node(new.function)
        makes = (
            any(isinstance(each, ast.Attribute) and each.attr == "__new__" for each in nodes(node)) if node else False
        )
        takes_any = all([each.kind for each in one.parameters] == _ANY for one in new.answer)
        return makes and takes_any and forward is not None and forward.how in _HARMLESS

    def _without_methods(self) -> Answer:
        """What is left to the builtin ancestors, of which `object` takes nothing."""
        inherited = [each.name for each in self._line if isinstance(each, Builtin)]
        if not inherited:
            return (Signature(self._cls.summary.name, self._cls.place, ()),)
        if all(_is_exception(name) for name in inherited):
            return (Signature(self._cls.summary.name, self._cls.place, ANYTHING),)
        return Unknown(Reason.BUILTIN, inherited[0])

    # -- **kwargs --------------------------------------------------------------------------------------------

    def _with_built(self, signature: Signature, init: _Method) -> Signature:
        """The signature of an `__init__` with what it really takes, by where it hands its `**kwargs` on to."""
        new = self._first({"__new__"})
        if new is not None and not (isinstance(new, _Method) and self._is_harmless(new)):
            is_unclear = isinstance(new, _Method)  # an ancestor that is not known is taken to have none
            return replace(signature, built=ANYTHING) if is_unclear else self._followed(signature, init)
        return self._followed(signature, init)

    def _followed(self, signature: Signature, init: _Method) -> Signature:
        if signature.built is not None or init.function is None or not is_open(signature.parameters):
            return signature
        forward = init.function.summary.forward
        receiver = self._receiver(init, forward) if forward is not None else None
        if forward is None or receiver is None:
            return signature
        return replace(signature, built=handed_on(signature.parameters, forward, receiver))

    def _receiver(self, init: _Method, forward: Forward) -> Parameters | None:
        """What the callable takes that gets the `**kwargs`; None if that is not known."""
        owner = self._line[init.place]
        if forward.how == "super" and isinstance(owner, Class) and forward.target in ("", owner.summary.name):
            return self._next_init(init.place)
        if forward.how == "call" and init.function is not None:
            return called_by_name(self._index, init.function, forward, self._ask)
        return None

    def _next_init(self, place: int) -> Parameters | None:
        """What the `__init__` takes that comes after some ancestor."""
        following = self._first({"__init__"}, place + 1)
        if following is None:
            return () if not any(isinstance(each, Builtin) for each in self._line) else None
        if isinstance(following, Unknown) or isinstance(following.answer, Unknown) or len(following.answer) != 1:
            return None
        return self._followed(following.answer[0], following).called


def called_by_name(index: Index, function: Function, forward: Forward, ask: Ask) -> Parameters | None:
    """What the function of the module takes that another one hands its `**kwargs` on to; None if that is not known."""
    target = index.parse(forward.target)
    answer = ask(index.evaluate(target, function.module)) if target is not None else None
    return answer[0].called if isinstance(answer, tuple) and len(answer) == 1 else None


def _names_method(node: ast.AST) -> bool:
    """`cls.__init__ = ...`, `setattr(cls, "__init__", ...)`, `{"__init__": ...}`."""
    if isinstance(node, ast.Attribute):
        return node.attr in _METHODS and isinstance(node.ctx, ast.Store)
    return isinstance(node, ast.Constant) and node.value in _METHODS


def _is_exception(name: str) -> bool:
    found = getattr(builtins, name, None)
    return isinstance(found, type) and issubclass(found, BaseException)
