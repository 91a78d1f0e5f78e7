"""What callables accept: sources are written out and read, and then run, so that `inspect` says what would be right."""

from __future__ import annotations

import importlib.util
import inspect
import sys
import textwrap
from functools import partial
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

from nemo_run_lint.signatures.callables import signature_of_function, signatures
from nemo_run_lint.signatures.dataclass_fields import fields, is_dataclass
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Parameter, Place, Reason, Signature, Unknown
from nemo_run_lint.signatures.summary import FunctionSummary
from nemo_run_lint.signatures.symbols import Class, Function

NAMES = (f"read_{number}" for number in count())


class Source:
    """A module that is read, and can be run."""

    def __init__(self, directory: Path, text: str) -> None:
        self.name = next(NAMES)
        self.path = directory / f"{self.name}.py"
        self.path.write_text(textwrap.dedent(text), encoding="utf-8")
        self.index = Index(Environment.of(directory, python=Path(sys.prefix)))

    def run(self) -> ModuleType:
        spec = importlib.util.spec_from_file_location(self.name, self.path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[self.name] = module
        spec.loader.exec_module(module)
        return module

    def answer(self, name: str) -> tuple[Signature, ...] | Unknown:
        return signatures(self.index, self.index.symbol(f"{self.name}.{name}"))

    def signature(self, name: str) -> Signature:
        answer = self.answer(name)
        assert isinstance(answer, tuple), answer
        assert len(answer) == 1
        return answer[0]

    def reason(self, name: str) -> Reason:
        answer = self.answer(name)
        assert isinstance(answer, Unknown), answer
        return answer.reason

    def cls(self, name: str) -> Class:
        found = self.index.symbol(f"{self.name}.{name}")
        assert isinstance(found, Class)
        return found


def short(parameters: tuple[Parameter, ...]) -> list[tuple[str, int, bool]]:
    return [(each.name, int(each.kind), each.default is not None) for each in parameters]


def inspected(thing: object) -> list[tuple[str, int, bool]]:
    found = inspect.signature(thing).parameters.values()  # type: ignore[arg-type]
    return [(each.name, int(each.kind), each.default is not each.empty) for each in found]


def public(module: ModuleType) -> dict[str, object]:
    """What a module itself defines that can be called; inspect tells nothing of metaclasses."""
    found = {name: value for name, value in vars(module).items() if name[0] != "_" and callable(value)}
    return {
        name: value
        for name, value in found.items()
        if isinstance(value, partial)
        or (getattr(value, "__module__", "") == module.__name__ and hasattr(value, "__qualname__"))
        if not (isinstance(value, type) and issubclass(value, type))
    }


#: Every callable of these is told as inspect tells it.
SAME_AS_INSPECT = {
    "functions with all kinds of parameters": """
        def f(a, /, b, c=1, *args, d, e=2, **kwargs): ...
        async def g(x: int, *, y: str = "") -> None: ...
        def h(): ...
        def generator(x): yield x
        """,
    "methods as the class shows them": """
        class A:
            def method(self, x): ...
            @classmethod
            def create(cls, x, y=1): ...
            @staticmethod
            def helper(x): ...
        method = A.method
        create = A.create
        helper = A.helper
        """,
    "a class without methods takes nothing, one with __init__ what that takes": """
        class Empty: ...
        class Child(Empty): ...
        class A:
            def __init__(self, x, *, y=1): ...
        class B(A): ...
        """,
    "the nearest class with a method of its own decides": """
        class New:
            def __new__(cls, *args, **kwargs):
                return super().__new__(cls)
        class Init(New):
            def __init__(self, x): ...
        class Heir(Init): ...
        class Both:
            def __new__(cls, a): return super().__new__(cls)
            def __init__(self, b): ...
        class Diamond(Heir, Both): ...
        """,
    "a metaclass may decide instead": """
        import abc, enum
        class Meta(type):
            def __call__(cls, one, *, two): ...
        class A(metaclass=Meta):
            def __init__(self, x): ...
        class B(A): ...
        class Quiet(type): ...
        class C(metaclass=Quiet):
            def __init__(self, x): ...
        class D(abc.ABC):
            def __init__(self, x): ...
        class Color(enum.Enum):
            RED = 1
        """,
    "generic classes and protocols": """
        from typing import Generic, Protocol, TypeVar
        T = TypeVar("T")
        class Box(Generic[T]):
            def __init__(self, item: T): ...
        class IntBox(Box[int]): ...
        class Sized(Protocol):
            def size(self) -> int: ...
        class Impl(Sized):
            def __init__(self, n): ...
        class Bare(Sized): ...
        """,
    "dataclasses": """
        from dataclasses import KW_ONLY, InitVar, dataclass, field
        import dataclasses
        from typing import ClassVar
        @dataclass
        class Base:
            x: int
            y: str = "a"
            z: list = field(default_factory=list)
            hidden: int = field(default=1, init=False)
            const: ClassVar[int] = 3
            text: "ClassVar[int]" = 3
            seed: InitVar[int] = 0
            plain = 5
        @dataclasses.dataclass(frozen=True)
        class Alone:
            a: int
        @dataclass
        class Child(Base):
            y: str = "b"
            w: int = 1
            def method(self): ...
        @dataclass
        class Keyword(Base):
            _: KW_ONLY
            k: int
            l: int = 2
        @dataclass(kw_only=True)
        class AllKeyword:
            a: int
            b: int = field(default=1, kw_only=False)
        class Heir(Base): ...
        @dataclass
        class Again(Heir):
            v: int = 1
        @dataclass(init=False)
        class Without:
            a: int
        @dataclass(init=False)
        class WithoutButBase(Base):
            a: int
        @dataclass
        class Written:
            a: int
            def __init__(self, b): ...
        @dataclass
        class Annotated(Base):
            y: str
        """,
    "dataclass by another name": """
        from dataclasses import dataclass
        import dataclasses as dc
        import functools
        frozen = functools.partial(dataclass, frozen=True, kw_only=True)
        alias = dataclass
        def config(cls):
            cls = dataclass(cls)
            cls.is_config = True
            return cls
        def strict(cls):
            return dataclass(kw_only=True)(cls)
        @frozen
        class A:
            a: int
        @alias
        class B:
            a: int = 1
        @config
        class C:
            a: int
        @strict
        class D:
            a: int
        @dc.dataclass(repr=False)
        class E:
            a: int
        """,
    "named tuples": """
        from collections import namedtuple
        import collections
        from typing import NamedTuple
        Plain = namedtuple("Plain", "x y")
        Commas = namedtuple("Commas", "x, y")
        Listed = collections.namedtuple("Listed", ["x", "y", "z"], defaults=[1, 2])
        Functional = NamedTuple("Functional", [("x", int), ("y", str)])
        class Typed(NamedTuple):
            x: int
            y: str = ""
            def method(self): ...
        class Heir(namedtuple("_Heir", "a b")):
            def method(self): ...
        class WithNew(namedtuple("_WithNew", "a b")):
            def __new__(cls, a, b=1): return super().__new__(cls, a, b)
        class TypedHeir(Typed): ...
        """,
    "functools.partial": """
        from functools import partial
        import functools
        def f(a, b, c=1, *args, d, e=2): ...
        class A:
            def __init__(self, x, y=1): ...
        one = partial(f, 1)
        named = partial(f, b=2)
        both = functools.partial(f, 1, c=3, e=5)
        made = partial(A, y=2)
        again = partial(one, d=4)
        """,
    "decorators that keep what they are given": """
        import contextlib, functools, typing
        def same(fn):
            fn.mark = True
            return fn
        def register(name):
            def inner(fn):
                return fn
            return inner
        def wrapping(fn):
            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                return fn(*args, **kwargs)
            return typing.cast(typing.Any, wrapper)
        def updating(fn):
            def wrapper(*args, **kwargs):
                return fn(*args, **kwargs)
            return functools.update_wrapper(wrapper, fn)
        def dual(fn=None, *, option=1):
            def inner(fn):
                @functools.wraps(fn)
                def wrapper(*args, **kwargs):
                    return fn(*args, **kwargs)
                return wrapper
            return inner if fn is None else inner(fn)
        def through(fn=None, *, option=1):
            if fn is None:
                return functools.partial(through, option=option)
            return wrapping(fn)
        class Marker:
            def __call__(self, fn):
                return fn
        marker = Marker()
        class Registry:
            def register(self, fn):
                return fn
            def named(self, name):
                return lambda fn: fn
        registry = Registry()
        @same
        def a(x, y=1): ...
        @register("b")
        def b(x, y=1): ...
        @wrapping
        def c(x, y=1): ...
        @updating
        @same
        def d(x, y=1): ...
        @dual
        def e(x, y=1): ...
        @dual(option=2)
        def f(x, y=1): ...
        @through(option=2)
        def g(x, y=1): ...
        @Marker()
        def h(x, y=1): ...
        @registry.register
        def i(x, y=1): ...
        @registry.named("j")
        def j(x, y=1): ...
        @functools.lru_cache(maxsize=None)
        def k(x, y=1): ...
        @functools.lru_cache
        def l(x, y=1): ...
        @contextlib.contextmanager
        def m(x, y=1): yield
        @contextlib.contextmanager
        def around(): yield
        @around()
        def n(x, y=1): ...
        @same
        class A:
            def __init__(self, x): ...
        @functools.total_ordering
        class B:
            def __init__(self, x): ...
            def __lt__(self, other): return True
        """,
    "decorators that put another function in the place": """
        def replacing(fn):
            def other(a, *, b=1): ...
            return other
        @replacing
        def f(x): ...
        class A:
            @replacing
            def __init__(self, x): ...
        """,
    "a class decorator that wraps the __init__": """
        import functools
        def logged(cls):
            original = cls.__init__
            @functools.wraps(original)
            def __init__(self, *args, **kwargs):
                original(self, *args, **kwargs)
            cls.__init__ = __init__
            return cls
        @logged
        class A:
            def __init__(self, x, y=1): ...
        """,
    "what runs decides": """
        import sys
        from typing import TYPE_CHECKING
        if TYPE_CHECKING:
            def f(x): ...
        else:
            def f(x, y): ...
        if sys.version_info >= (3, 5):
            def g(new): ...
        else:
            def g(old): ...
        try:
            import a_module_that_is_not_there
        except ImportError:
            def h(fallback): ...
        """,
    "overloads are told by what follows them": """
        from typing import overload
        @overload
        def f(x: int) -> int: ...
        @overload
        def f(x: str, y: int) -> str: ...
        def f(x, y=None): ...
        class A:
            @overload
            def __init__(self, x: int): ...
            @overload
            def __init__(self, x: str): ...
            def __init__(self, x, y=1): ...
        """,
    "attributes of other names": """
        class A:
            def __init__(self, x): ...
            create = __init__
        B = A
        def f(y): ...
        class C:
            __init__ = lambda self: None
            run = f
        run = C.run
        """,
}

#: What of the above is not known, and rightly so.
NOT_KNOWN = {
    "attributes of other names": {"C"},
    "a metaclass may decide instead": {"Color"} if sys.version_info >= (3, 12) else set(),  # it has a `__signature__`
}


@pytest.mark.parametrize("title", SAME_AS_INSPECT)
def test_what_inspect_tells_is_told(title: str, tmp_path: Path) -> None:
    source = Source(tmp_path, SAME_AS_INSPECT[title])
    told = {name: inspected(value) for name, value in public(source.run()).items()}
    assert told
    for name, expected in told.items():
        if name in NOT_KNOWN.get(title, ()):
            assert isinstance(source.answer(name), Unknown)
        else:
            assert (name, short(source.signature(name).parameters)) == (name, expected)


#: What makes it impossible to tell; `x` is what is asked for.
UNKNOWN = {
    "a decorator that is not installed": (
        "from not_there import decorate\n@decorate\ndef x(a): ...",
        Reason.DECORATOR,
    ),
    "a decorator that makes a new class": (
        "def made(cls):\n    return type(cls.__name__, (cls,), {})\n@made\nclass x: ...",
        Reason.DECORATOR,
    ),
    "a decorator that sets __init__": (
        "def set_init(cls):\n    def __init__(self, y): ...\n    cls.__init__ = __init__\n    return cls\n@set_init\nclass x: ...",
        Reason.CLASS_PATCHED,
    ),
    "a decorator that sets any attribute": (
        "def set_any(cls):\n    for name in cls.names:\n        setattr(cls, name, 1)\n    return cls\n@set_any\nclass x: ...",
        Reason.CLASS_PATCHED,
    ),
    "a decorator with a helper that sets __init__": (
        "def help(cls):\n    cls.__init__ = None\ndef helped(cls):\n    help(cls)\n    return cls\n@helped\nclass x: ...",
        Reason.CLASS_PATCHED,
    ),
    "a decorator that returns nothing": ("def nothing(fn):\n    print(fn)\n@nothing\ndef x(a): ...", Reason.DECORATOR),
    "a decorator that depends on more than the function": (
        "def maybe(fn):\n    def other(b): ...\n    return fn if fn.__doc__ else other\n@maybe\ndef x(a): ...",
        Reason.DECORATOR,
    ),
    "a decorator that is a class": (
        "class Task:\n    def __init__(self, fn): ...\n@Task\ndef x(a): ...",
        Reason.DECORATOR,
    ),
    "the module sets __init__": ("class x:\n    def __init__(self, a): ...\nx.__init__ = print", Reason.CLASS_PATCHED),
    "the module sets __init__ of a base": (
        "class A:\n    def __init__(self, a): ...\nclass x(A): ...\nA.__init__ = print",
        Reason.CLASS_PATCHED,
    ),
    "an ancestor sets __init__ of its heirs": (
        "class A:\n    def __init_subclass__(cls):\n        cls.__init__ = print\nclass x(A): ...",
        Reason.CLASS_PATCHED,
    ),
    "a metaclass sets __init__": (
        "class M(type):\n    def __new__(m, name, bases, body):\n        body['__init__'] = print\n        return super().__new__(m, name, bases, body)\nclass x(metaclass=M): ...",
        Reason.METACLASS,
    ),
    "a base that is not installed": ("from not_there import Base\nclass x(Base): ...", Reason.BASE),
    "a dataclass with a base that is not installed": (
        "from dataclasses import dataclass\nfrom not_there import Base\n@dataclass\nclass x(Base):\n    a: int",
        Reason.BASE,
    ),
    "a base that comes first and is not installed": (
        "from not_there import Base\nclass A:\n    def __init__(self, a): ...\nclass x(Base, A): ...",
        Reason.BASE,
    ),
    "a metaclass that is not installed": ("from not_there import Meta\nclass x(metaclass=Meta): ...", Reason.METACLASS),
    "a property": ("class A:\n    @property\n    def p(self): ...\nx = A.p", Reason.NOT_CALLABLE),
    "a module": ("import os as x", Reason.NOT_CALLABLE),
    "a builtin": ("x = dict", Reason.BUILTIN),
    "a number": ("x = 1", Reason.COMPUTED),
    "a class that inherits from a builtin": ("class x(dict): ...", Reason.BUILTIN),
    "options of @dataclass that are computed": (
        "from dataclasses import dataclass\nflag = bool(1)\n@dataclass(kw_only=flag)\nclass x:\n    a: int",
        Reason.COMPUTED,
    ),
    "a field that stands in a branch": (
        "from dataclasses import dataclass\n@dataclass\nclass x:\n    if print:\n        a: int = 1",
        Reason.CONDITIONAL,
    ),
}


@pytest.mark.parametrize("title", UNKNOWN)
def test_what_cannot_be_told_is_unknown_for_a_reason(title: str, tmp_path: Path) -> None:
    text, reason = UNKNOWN[title]
    assert Source(tmp_path, text).reason("x") is reason


def test_an_init_of_its_own_is_certain_whatever_the_base(tmp_path: Path) -> None:
    source = Source(tmp_path, "from not_there import Base\nclass A(Base):\n    def __init__(self, x, *, y=1): ...")
    assert short(source.signature("A").parameters) == [("x", 1, False), ("y", 3, True)]


def test_pytorchs_decorators_keep_a_function_where_it_is_not_installed(tmp_path: Path) -> None:
    source = Source(tmp_path, "import torch\n@torch.no_grad()\ndef f(x): ...\n@torch.compile\ndef g(x): ...")
    assert short(source.signature("f").parameters) == [("x", 1, False)]
    assert source.reason("g") is Reason.DECORATOR


@pytest.mark.parametrize(("version", "shown"), [("3.10.4", ["args", "kwargs"]), ("3.12.1", ["a"])])
def test_the_version_of_the_environment_decides_which_method_comes_first(
    version: str, shown: list[str], tmp_path: Path
) -> None:
    """Up to 3.10 an inherited `__new__` was asked before an inherited `__init__`, though that may be nearer."""
    (tmp_path / "env" / "lib" / f"python{version[:4]}" / "site-packages").mkdir(parents=True)
    (tmp_path / "env" / "pyvenv.cfg").write_text(f"version = {version}\n")
    source = Source(
        tmp_path,
        """
        class Mixin:
            def __new__(cls, *args, **kwargs):
                return super().__new__(cls)
        class Base(Mixin):
            def __init__(self, a): ...
        class X(Base): ...
        """,
    )
    source.index = Index(Environment.of(tmp_path, python=tmp_path / "env"))
    assert [each.name for each in source.signature("X").parameters] == shown
    assert [each.name for each in source.signature("X").called] == ["a"]
    assert [each.name for each in source.signature("Base").parameters] == ["a"]


def test_of_two_definitions_each_is_an_alternative(tmp_path: Path) -> None:
    source = Source(tmp_path, "if print:\n    def f(x): ...\nelse:\n    def f(y): ...")
    answer = source.answer("f")
    assert isinstance(answer, tuple)
    assert [short(each.parameters) for each in answer] == [[("x", 1, False)], [("y", 1, False)]]


# -- what a call really takes --------------------------------------------------------------------------------

#: Classes and functions that hand `**kwargs` on: what `inspect` shows, and what a call takes.
HANDED_ON = {
    "to the next __init__": (
        """
        class Base:
            def __init__(self, a, b=1): ...
        class X(Base):
            def __init__(self, x, **kwargs):
                super().__init__(**kwargs)
        """,
        "(x, *, a, b=..)",
    ),
    "together with what is given": (
        """
        class Base:
            def __init__(self, a, b, c=1): ...
        class X(Base):
            def __init__(self, x, **kwargs):
                super(X, self).__init__(x, c=2, **kwargs)
        """,
        "(x, *, b)",
    ),
    "with *args": (
        """
        class Base:
            def __init__(self, a, b=1, *, c): ...
        class X(Base):
            def __init__(self, *args, d=1, **kwargs):
                super().__init__(*args, **kwargs)
        """,
        "(a, b=.., *, d=.., c)",
    ),
    "over several classes": (
        """
        class First:
            def __init__(self, a): ...
        class Second(First):
            def __init__(self, b, **kwargs):
                super().__init__(**kwargs)
        class X(Second):
            def __init__(self, c, **kw):
                super().__init__(**kw)
        """,
        "(c, *, b, a)",
    ),
    "to the class that comes next in this class": (
        """
        class A:
            def __init__(self, a): ...
        class Left(A):
            def __init__(self, left, **kwargs):
                super().__init__(**kwargs)
        class Right(A):
            def __init__(self, right, **kwargs):
                super().__init__(**kwargs)
        class X(Left, Right): ...
        """,
        "(left, *, right, a)",
    ),
    "to a dataclass": (
        """
        from dataclasses import dataclass
        @dataclass
        class Base:
            a: int
            b: int = 1
        class X(Base):
            def __init__(self, **kwargs):
                super().__init__(**kwargs)
        """,
        "(*, a, b=..)",
    ),
    "to object": (
        """
        class X:
            def __init__(self, a, **kwargs):
                super().__init__(**kwargs)
        """,
        "(a)",
    ),
    "to a base by its name": (
        """
        class Base:
            def __init__(self, a, b=1): ...
        class X(Base):
            def __init__(self, x, **kwargs):
                Base.__init__(self, x, **kwargs)
        """,
        "(x, *, b=..)",
    ),
    "to a function": (
        """
        def inner(a, b=1): ...
        def X(x, **kwargs):
            value = inner(x, **kwargs)
            return value
        """,
        "(x, *, b=..)",
    ),
    "after something is taken out": (
        """
        class Base:
            def __init__(self, a): ...
        class X(Base):
            def __init__(self, **kwargs):
                extra = kwargs.pop("extra", None)
                if "a" in kwargs:
                    print(kwargs["a"])
                super().__init__(**kwargs)
        """,
        "(*, a, extra=..)",
    ),
    "hidden by a __new__ that takes anything": (
        """
        class Mixin:
            def __new__(cls, *args, **kwargs):
                return super().__new__(cls)
        class Init:
            def __init__(self, a, b=1): ...
        class X(Mixin, Init): ...
        """,
        "(a, b=..)",
    ),
    "by a metaclass": (
        """
        class Singleton(type):
            def __call__(cls, *args, **kwargs):
                return super().__call__(*args, **kwargs)
        class X(metaclass=Singleton):
            def __init__(self, a): ...
        """,
        "(a)",
    ),
    "by a decorator that gives the first argument itself": (
        """
        import functools
        def inject(fn):
            @functools.wraps(fn)
            def wrapper(*args, **kwargs):
                return fn(1, *args, **kwargs)
            return wrapper
        @inject
        def X(a, b): ...
        """,
        "(*args, **kwargs)",
    ),
}

#: Here nothing but the `**kwargs` themselves can be told.
OPEN = {
    "stored": "class X:\n    def __init__(self, **kwargs):\n        self.kwargs = kwargs",
    "not used": "class X:\n    def __init__(self, **kwargs): ...",
    "in a branch": "def f(a): ...\ndef X(b=1, **kwargs):\n    if b:\n        f(**kwargs)",
    "after a return": "def f(a): ...\ndef X(b=1, **kwargs):\n    if b:\n        return\n    f(**kwargs)",
    "where the failure is caught": "def f(a): ...\ndef X(**kwargs):\n    try:\n        f(**kwargs)\n    except TypeError:\n        pass",
    "where the failure is suppressed": "import contextlib\ndef f(a): ...\ndef X(**kwargs):\n    with contextlib.suppress(TypeError):\n        f(**kwargs)",
    "twice": "def f(a): ...\ndef X(**kwargs):\n    f(**kwargs)\n    f(**kwargs)",
    "changed before": "def f(a): ...\ndef X(**kwargs):\n    kwargs['a'] = 1\n    f(**kwargs)",
    "reduced before": "def f(a): ...\ndef X(**kwargs):\n    kwargs = {k: v for k, v in kwargs.items() if k == 'a'}\n    f(**kwargs)",
    "read by locals()": "def f(a): ...\ndef X(**kwargs):\n    print(locals())\n    f(**kwargs)",
    "by a function inside": "def f(a): ...\ndef X(**kwargs):\n    def later():\n        f(**kwargs)\n    return later",
    "to something that is not known": "from not_there import f\ndef X(**kwargs):\n    f(**kwargs)",
    "to a parameter": "def f(a): ...\ndef X(f, **kwargs):\n    f(**kwargs)",
    "to something that takes anything": "def f(**kwargs): ...\ndef X(**kwargs):\n    f(**kwargs)",
    "past a base that is not known": "from not_there import Base\nclass X(Base):\n    def __init__(self, **kwargs):\n        super().__init__(**kwargs)",
    "to itself": "def X(**kwargs):\n    X(**kwargs)",
}


def written(parameters: tuple[Parameter, ...]) -> str:
    """Parameters as a signature would show them."""
    made = [
        inspect.Parameter(
            each.name,
            inspect._ParameterKind(int(each.kind)),
            default=inspect.Parameter.empty if each.required else Shown(),
        )
        if each.kind not in (2, 4)
        else inspect.Parameter(each.name, inspect._ParameterKind(int(each.kind)))
        for each in parameters
    ]
    return str(inspect.Signature(made))


class Shown:
    def __repr__(self) -> str:
        return ".."


@pytest.mark.parametrize("title", HANDED_ON)
def test_what_a_call_takes_is_followed(title: str, tmp_path: Path) -> None:
    text, expected = HANDED_ON[title]
    source = Source(tmp_path, text)
    signature = source.signature("X")
    assert short(signature.parameters) == inspected(source.run().X)
    assert written(signature.called) == expected


@pytest.mark.parametrize("title", OPEN)
def test_what_may_go_anywhere_is_left_open(title: str, tmp_path: Path) -> None:
    signature = Source(tmp_path, OPEN[title]).signature("X")
    assert signature.built is None
    assert any(each.name == "kwargs" for each in signature.called)


# -- what is told beside the parameters ----------------------------------------------------------------------


def test_a_signature_says_where_and_in_whose_names_it_is_written(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        from dataclasses import dataclass, field
        class A:

            def __init__(self, x: "list[int]" = [1]): ...
        class B(A): ...
        @dataclass
        class C:
            z: list = field(default_factory=list)
        """,
    )
    parameter = source.signature("B").parameters[0]
    assert source.signature("B").name == "B"
    assert source.signature("B").place == Place(str(source.path), 5)
    assert (parameter.annotation, parameter.default, parameter.module) == ('"list[int]"', "[1]", source.name)
    made = source.signature("C").parameters[0]
    assert (made.default, made.factory) == ("list", True)
    assert source.signature("C").place.line == 8


def test_a_nested_function_is_told_by_its_summary(tmp_path: Path) -> None:
    source = Source(tmp_path, "def same(fn): return fn\nclass A:\n    @same\n    def f(self, x): ...")
    method = source.index.member(source.cls("A"), "f")
    assert isinstance(method, Function)
    assert isinstance(method.summary, FunctionSummary)
    found = signature_of_function(source.index, method.module, method.summary, Place("here.py", 3), skip_first=True)
    assert isinstance(found, Signature)
    assert short(found.parameters) == [("x", 1, False)]
    assert found.place.path == "here.py"


def test_what_is_a_dataclass_is_told_or_not_known(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        from dataclasses import dataclass
        from not_there import Base, decorate
        @dataclass
        class A: ...
        class Heir(A): ...
        class Plain: ...
        class Child(Base): ...
        @decorate
        class Decorated: ...
        """,
    )
    names = ("A", "Heir", "Plain", "Child", "Decorated")
    assert [is_dataclass(source.index, source.cls(name)) for name in names] == [True, True, False, None, None]


def test_fields_are_those_that_are_given_or_stored(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        from dataclasses import InitVar, dataclass, field
        from typing import ClassVar
        @dataclass
        class A:
            a: int
            b: InitVar[int] = 1
            c: int = field(init=False, default=2)
            d: ClassVar[int] = 3
        """,
    )
    found = fields(source.index, source.cls("A"))
    assert isinstance(found, tuple)
    assert [(each.parameter.name, each.init, each.stored) for each in found] == [
        ("a", True, True),
        ("b", True, False),
        ("c", False, True),
    ]


def test_a_definition_that_leads_to_itself_ends(tmp_path: Path) -> None:
    source = Source(
        tmp_path,
        """
        def f(**kwargs):
            return g(**kwargs)
        def g(**kwargs):
            return f(**kwargs)
        @h
        def h(fn):
            return h(fn)
        class A(B): ...
        class B(A): ...
        """,
    )
    assert source.signature("f").built is None
    assert source.reason("h") is Reason.DECORATOR
    assert isinstance(source.answer("A"), Unknown)


def test_very_many_ancestors_are_no_error(tmp_path: Path) -> None:
    chain = "\n".join(f"class A{n + 1}(A{n}): ..." for n in range(3_000))
    source = Source(tmp_path, f"class A0:\n    def __init__(self, x): ...\n{chain}\n")
    answer = source.answer("A3000")
    assert isinstance(answer, Unknown) or short(answer[0].parameters) == [("x", 1, False)]


def test_an_answer_names_the_modules_that_it_depends_on(tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text("class Base:\n    def __init__(self, a): ...\n")
    source = Source(tmp_path, "from base import Base\nclass A(Base): ...")
    for _ in range(2):
        source.index.consulted = set()
        source.signature("A")
        assert {source.name, "base"} <= source.index.consulted
