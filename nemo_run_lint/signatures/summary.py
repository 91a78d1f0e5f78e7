"""What a module defines, from its syntax: names and what binds them, signatures and bases as written.

It does not depend on what the module is called or where it lies, and holds no tree of a module that is only read: what
a function or class is, is read from its text when somebody asks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import NamedTuple

from nemo_run_lint.signatures.decorators import Decorating
from nemo_run_lint.signatures.forwarding import Forward
from nemo_run_lint.signatures.lazy import Origin


class Guard(NamedTuple):
    """A branch that a binding stands on.

    kind    `if`, `try` or `loop`
    line    of the statement, so that two branches of one are seen to exclude each other
    branch  0 for the `if` or `try` body, 1 for the first `elif` or `except`, and so on; -n for `else` after n others
    test    the condition under which the branch of an `if` runs; what the `except` catches; `raise` for the body of a
            `try` in which one stands
    """

    kind: str
    line: int
    branch: int
    test: str


class FunctionSummary(NamedTuple):
    """A function as written.

    line, end   of `def` and of its last line; `first` is the line of its first decorator
    parameters  each with its name, kind, annotation, and default (None: none); `self` is among them
    forward     what becomes of its `**kwargs`; None without one
    decorating  what it does to a function or class when it is used as a decorator
    """

    name: str
    line: int
    first: int
    end: int
    parameters: tuple[tuple[str, int, str, str | None], ...]
    returns: str
    decorators: tuple[str, ...]
    is_async: bool
    is_generator: bool
    forward: Forward | None
    decorating: Decorating | None


class ClassSummary(NamedTuple):
    """A class as written; `body` holds the names that its body binds, `keywords` those of the class statement."""

    name: str
    line: int
    first: int
    end: int
    bases: tuple[str, ...]
    keywords: tuple[tuple[str, str], ...]
    decorators: tuple[str, ...]
    body: Mapping[str, tuple[Binding, ...]]


class Binding(NamedTuple):
    """One statement that gives a name its meaning.

    kind        `import`, `function`, `class`, `value`, `deleted`, or `other` for what cannot be followed
    source      an import: the module as written, with its dots when relative; a value: the expression as written
    attribute   of an import: the name that is taken from the module, or empty for the module itself
    annotation  of a value
    """

    kind: str
    line: int
    guards: tuple[Guard, ...] = ()
    source: str = ""
    attribute: str = ""
    annotation: str = ""
    function: FunctionSummary | None = None
    definition: ClassSummary | None = None


class Later(Binding):
    """A function or class that is read when it is first asked for; it is neither if it cannot be parsed."""

    _read: Callable[[], FunctionSummary | ClassSummary | None]

    @classmethod
    def reading(
        cls, kind: str, line: int, guards: tuple[Guard, ...], read: Callable[[], FunctionSummary | ClassSummary | None]
    ) -> Later:
        """Raises what `read` raises when it is asked for; it is asked again then."""
        later = cls(kind, line, guards)
        later._read = read
        return later

    @cached_property
    def _known(self) -> FunctionSummary | ClassSummary | None:
        return self._read()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Binding) and all(getattr(self, name) == getattr(other, name) for name in self._fields)

    def __hash__(self) -> int:
        return hash(tuple(getattr(self, name) for name in self._fields))

    @property
    def function(self) -> FunctionSummary | None:
        """What was read, if that is a function."""
        return self._known if isinstance(self._known, FunctionSummary) else None

    @property
    def definition(self) -> ClassSummary | None:
        """What was read, if that is a class."""
        return self._known if isinstance(self._known, ClassSummary) else None


class ModuleSummary(NamedTuple):
    """A module.

    names         the names it binds, each with its bindings in the order of the text
    stars         the modules of its star imports as written, with their guards
    submodules    what `import a.b.c` imports below the name it binds, with its guards
    exports       `__all__` where it is written out, else None
    makes_names   whether attributes may come from elsewhere: a `__getattr__`, a use of `globals()`, ...
    lazy          the names that it makes up, as far as it says where they come from
    patches       dotted names that are assigned to, or set by setattr, outside of their definition: `Model.__init__`
    """

    names: Mapping[str, tuple[Binding, ...]]
    stars: tuple[tuple[str, tuple[Guard, ...]], ...] = ()
    submodules: tuple[tuple[str, tuple[Guard, ...]], ...] = ()
    exports: tuple[str, ...] | None = None
    makes_names: bool = False
    lazy: Mapping[str, tuple[Origin, ...]] = {}
    patches: tuple[str, ...] = ()
