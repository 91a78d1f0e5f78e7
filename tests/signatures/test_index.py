"""What names stand for, in small packages on disk; none of them is imported."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.modules import read_module
from nemo_run_lint.signatures.signature import Place, Reason, Unknown
from nemo_run_lint.signatures.summarising import class_summary
from nemo_run_lint.signatures.symbols import Builtin, Class, Function, Module, OneOf, Symbol, Variable

Make = Callable[[dict[str, str]], Index]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """An index over files, each given by its path and text."""

    def made(files: dict[str, str]) -> Index:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(textwrap.dedent(text), encoding="utf-8")
        return Index(Environment.of(tmp_path))

    return made


def told(symbol: Symbol) -> str:
    """A symbol in a few words: `class a.B`, `a.B or builtin dict`, `?NOT_INSTALLED torch.nn`."""
    if isinstance(symbol, OneOf):
        return " or ".join(told(each) for each in symbol.alternatives)
    if isinstance(symbol, Unknown):
        return f"?{symbol.reason.name} {symbol.what}"
    if isinstance(symbol, Variable):
        return f"variable {symbol.name} = {ast.unparse(symbol.value) if symbol.value is not None else '-'}"
    return f"{type(symbol).__name__.lower()} {symbol.name}"


def reason(symbol: Symbol) -> Reason | None:
    return symbol.reason if isinstance(symbol, Unknown) else None


# -- one module --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def x(): ...", "function m.x"),
        ("class x: ...", "class m.x"),
        ("x = 1", "variable m.x = 1"),
        ("x: int", "variable m.x = -"),
        ("x: int = 2", "variable m.x = 2"),
        ("x, y = 1, 2", "variable m.x = 1"),
        ("y, *x = f()", "?COMPUTED m.x"),
        ("for x in y: pass", "?COMPUTED m.x"),
        ("for y in z:\n    def x(): ...", "?COMPUTED m.x"),
        ("with y as x: pass", "?COMPUTED m.x"),
        ("if (x := 1): pass", "?COMPUTED m.x"),
        ("def f():\n    global x\n    x = 1", "?COMPUTED m.x"),
        ("match 1:\n    case x: pass", "?COMPUTED m.x"),
        ("x = 1\ndel x", "?COMPUTED m.x"),
        ("x = 1\nx += 1", "?COMPUTED m.x"),
        ("x = " + "[1, " * 2000 + "]" * 2000, "?UNREADABLE m"),
        ("", "?NO_SUCH_NAME m.x"),
    ],
)
def test_what_binds_a_name(make: Make, source: str, expected: str) -> None:
    assert told(make({"m.py": source}).symbol("m.x")) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1\nx = 2", "variable m.x = 2"),
        ("def x(): ...\nclass x: ...", "class m.x"),
        ("def y(): ...\nx = y", "function m.y"),
        ("class y: ...\nx: type = y", "class m.y"),
        ("x = dict", "builtin dict"),
        ("x = print(1)", "variable m.x = print(1)"),
        ("y = 1\nx = y", "variable m.y = 1"),
        ("y = f()\nx = y.z", "variable m.x = y.z"),
        ("x = missing", "?NO_SUCH_NAME m.missing"),
        ("import torch\nx = torch.nn.Linear", "?NOT_INSTALLED torch.nn.Linear"),
        ("def x(): ...\nx = x", "function m.x"),
        ("x = x + 1", "?COMPUTED m.x"),
        ("dict = dict\nx = dict", "builtin dict"),
        ("from typing import cast\nclass y: ...\nx = cast(type, y)", "class m.y"),
        ("import importlib\nx = importlib.import_module('json.decoder')", "module json.decoder"),
        ("import json\nx = getattr(json, 'JSONDecoder')", "class json.decoder.JSONDecoder"),
        ("from typing import Generic, TypeVar\nT = TypeVar('T')\nclass y(Generic[T]): ...\nx = y[int]", "class m.y"),
        ("import enum\nclass y(enum.Enum):\n    A = 1\nx = y['A']", "variable m.x = y['A']"),
        ("from typing import Annotated\nx = Annotated[int, 1]", "variable m.x = Annotated[int, 1]"),
        ("from functools import partial\ndef y(): ...\nx = partial(y)", "variable m.x = partial(y)"),
    ],
)
def test_another_name_for_something_is_that_and_any_other_value_a_variable(
    make: Make, source: str, expected: str
) -> None:
    assert told(make({"m.py": source}).symbol("m.x")) == expected


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("if TYPE_CHECKING:\n    x = 1\nelse:\n    x = 2", "variable m.x = 2"),
        ("if not typing.TYPE_CHECKING:\n    x = 1\nelse:\n    x = 2", "variable m.x = 1"),
        ("if TYPE_CHECKING:\n    x = 1", "variable m.x = 1"),
        ("x = 2\nif TYPE_CHECKING:\n    x = 1", "variable m.x = 2"),
        ("def y(): ...\ndef z(): ...\nx = y if TYPE_CHECKING else z", "function m.z"),
        ("if sys.version_info >= (3, 8):\n    x = 1\nelse:\n    x = 2", "variable m.x = 1"),
        ("if sys.version_info < (3,):\n    x = 1\nelse:\n    x = 2", "variable m.x = 2"),
        (
            "if sys.version_info[0] == 2:\n    x = 1\nelif sys.version_info[:2] > (3, 5):\n    x = 2\nelse:\n    x = 3",
            "variable m.x = 2",
        ),
        (
            "if sys.version_info.major == 3 and sys.version_info.minor >= 8:\n    x = 1\nelse:\n    x = 2",
            "variable m.x = 1",
        ),
        ("if sys.platform == 'plan9':\n    x = 1\nelse:\n    x = 2", "variable m.x = 2"),
        ("if sys.platform.startswith('plan9'):\n    x = 1\nelse:\n    x = 2", "variable m.x = 2"),
        ("if sys.version_info < (3, 5):\n    x = 1", "?CONDITIONAL m.x"),
        ("import json\nif hasattr(json, 'loads'):\n    x = 1\nelse:\n    x = 2", "variable m.x = 1"),
        ("FLAG = False\nif FLAG:\n    x = 1\nelse:\n    x = 2", "variable m.x = 2"),
        ("if f():\n    x = 1", "variable m.x = 1"),
        ("if f():\n    x = 1\nelse:\n    x = 2", "variable m.x = 1 or variable m.x = 2"),
        ("x = 0\nif f():\n    x = 1", "variable m.x = 0 or variable m.x = 1"),
        ("x = 0\nif f():\n    x = 1\nelse:\n    x = 2", "variable m.x = 1 or variable m.x = 2"),
        (
            "x = 0\nif f():\n    x = 1\nelif g():\n    pass\nelse:\n    x = 2",
            "variable m.x = 0 or variable m.x = 1 or variable m.x = 2",
        ),
        (
            "x = 0\nif f():\n    if g():\n        x = 1\n    else:\n        x = 2\nelse:\n    x = 3",
            "variable m.x = 1 or variable m.x = 2 or variable m.x = 3",
        ),
        ("if f():\n    x = 1\n    x = 2", "variable m.x = 2"),
        ("if f():\n    x = 1\nelse:\n    x = 2\nx = 3", "variable m.x = 3"),
        ("def y(): ...\nif f():\n    x = y\nelse:\n    x = y", "function m.y"),
        ("import torch\nif f():\n    x = torch.X\nelse:\n    class x: ...", "?NOT_INSTALLED torch.X or class m.x"),
    ],
)
def test_which_branch_of_an_if_counts(make: Make, source: str, expected: str) -> None:
    text = f"import sys, typing\nfrom typing import TYPE_CHECKING\n{source}"
    assert told(make({"m.py": text}).symbol("m.x")) == expected


def test_a_micro_version_is_not_known(make: Make) -> None:
    source = f"import sys\nif sys.version_info >= {(*sys.version_info[:2], 1)}:\n    x = 1\nelse:\n    x = 2"
    assert told(make({"m.py": source}).symbol("m.x")) == "variable m.x = 1 or variable m.x = 2"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("try:\n    from a import x\nexcept ImportError:\n    x = None", "class a.x"),
        ("try:\n    from a import x\nexcept ImportError:\n    from b import x", "class a.x"),
        ("try:\n    from a import gone as x\nexcept ImportError:\n    from b import x", "class b.x"),
        ("try:\n    from a import gone as x\nexcept ImportError:\n    x = None", "variable m.x = None"),
        ("try:\n    from torch import x\nexcept ImportError:\n    x = None", "?NOT_INSTALLED torch.x"),
        ("try:\n    from torch import x\nexcept ImportError:\n    class x: ...", "?NOT_INSTALLED torch.x"),
        ("try:\n    from torch import x\nexcept (ImportError, OSError):\n    from b import x", "class b.x"),
        ("try:\n    import torch.nn as x\nexcept ModuleNotFoundError:\n    x = None", "?NOT_INSTALLED torch.nn"),
        (
            "try:\n    import torch.nn\n    x = True\nexcept ImportError:\n    x = False",
            "variable m.x = True or variable m.x = False",
        ),
        ("try:\n    import json\n    x = True\nexcept Exception:\n    x = False", "variable m.x = True"),
        ("try:\n    x = 1\nexcept ValueError:\n    x = 2", "variable m.x = 1 or variable m.x = 2"),
        (
            "try:\n    import json\n    if f():\n        raise ImportError\n    x = 1\nexcept ImportError:\n    x = 2",
            "variable m.x = 1 or variable m.x = 2",
        ),
        ("try:\n    import json\nexcept ImportError as x:\n    pass", "?CONDITIONAL m.x"),
        ("try:\n    import json\nexcept ImportError:\n    pass\nfinally:\n    x = 1", "variable m.x = 1"),
    ],
)
def test_which_part_of_a_try_counts(make: Make, source: str, expected: str) -> None:
    index = make({"m.py": source, "a.py": "class x: ...", "b.py": "class x: ..."})
    assert told(index.symbol("m.x")) == expected


def test_what_is_decorated_by_assignment_is_as_if_decorated_above(make: Make) -> None:
    index = make({"m.py": "def d(f): ...\ndef x(a): ...\nx = d(x)\nclass C: ...\nC = d(C)\nx = partial(x, 1)\n"})
    decorated = index.symbol("m.C")
    assert isinstance(decorated, Class)
    assert decorated.summary.decorators == ("d",)
    assert told(index.symbol("m.x")) == "?COMPUTED m.x"


def test_the_implementation_counts_and_not_its_overloads(make: Make) -> None:
    overloads = "from typing import overload\n@overload\ndef x(a): ...\n@overload\ndef x(a, b): ...\n"
    index = make({"m.py": f"{overloads}def x(*a): ...", "n.pyi": overloads})
    assert told(index.symbol("m.x")) == "function m.x"
    assert told(index.symbol("n.x")) == "function n.x or function n.x"


# -- many modules ------------------------------------------------------------------------------------------------


def test_names_lead_through_packages(make: Make) -> None:
    index = make(
        {
            "p/__init__.py": "from .sub import C as D\nfrom . import sub\nfrom .deep.er import f\nsame = 1",
            "p/sub.py": "class C: ...\nfrom .. import nothing\n",
            "p/deep/er.py": "from ..sub import C\nfrom ... import x\ndef f(): ...",
            "p/same.py": "y = 1",
        }
    )
    assert told(index.symbol("p.D")) == "class p.sub.C"
    assert told(index.symbol("p.sub")) == "module p.sub"
    assert told(index.symbol("p.f")) == "function p.deep.er.f"
    assert told(index.symbol("p.deep.er.C")) == "class p.sub.C"
    assert told(index.symbol("p.same")) == "variable p.same = 1"
    assert told(index.symbol("p.same.y")) == "variable p.same.y = 1"
    assert told(index.symbol("p.sub.nothing")) == "?NOT_INSTALLED ..nothing"
    assert told(index.symbol("p.gone")) == "?NO_SUCH_NAME p.gone"
    assert told(index.symbol("p.gone.x")) == "?NO_SUCH_NAME p.gone"
    assert told(index.symbol("p.deep.gone")) == "?NOT_INSTALLED p.deep.gone"


def test_a_name_is_one_object_however_it_is_reached(make: Make) -> None:
    index = make({"a.py": "class C:\n    def f(self): ...\nv = [1]", "b.py": "from a import *\nimport a as z\nD = C"})
    assert index.symbol("a.C") is index.symbol("b.D") is index.symbol("b.C") is index.symbol("b.z.C")
    assert index.symbol("a.C.f") is index.symbol("b.D.f")
    assert index.symbol("a.v") is index.symbol("b.v")
    assert index.module("a") is index.symbol("a")
    assert index.symbol("dict") is not index.lookup(module(index, "a"), "dict")
    assert index.lookup(module(index, "a"), "dict") is index.lookup(module(index, "b"), "dict")


def module(index: Index, name: str) -> Module:
    found = index.module(name)
    assert isinstance(found, Module)
    return found


def test_star_imports_bring_what_is_public_and_the_last_one_wins(make: Make) -> None:
    index = make(
        {
            "m.py": "from a import *\nfrom b import *\nfrom p import *",
            "a.py": "one = two = _three = 1",
            "b.py": "__all__ = ['one', '_hidden']\none = 2\n_hidden = 3\ntwo = 4",
            "p/__init__.py": "",
            "p/sub.py": "",
        }
    )
    assert told(index.symbol("m.one")) == "variable b.one = 2"
    assert told(index.symbol("m.two")) == "variable a.two = 1"
    assert told(index.symbol("m._three")) == "?NO_SUCH_NAME m._three"
    assert told(index.symbol("m._hidden")) == "variable b._hidden = 3"
    assert told(index.symbol("m.sub")) == "module p.sub"
    assert told(index.lookup(module(index, "m"), "len")) == "builtin len"


def test_a_star_import_that_cannot_be_resolved_may_bring_anything(make: Make) -> None:
    index = make({"m.py": "from torch import *\nx = 1"})
    assert told(index.symbol("m.x")) == "variable m.x = 1"
    assert told(index.symbol("m.y")) == "?STAR_IMPORT torch"


def test_so_may_one_of_a_module_that_makes_up_names(make: Make) -> None:
    index = make({"m.py": "from a import *", "a.py": "x = 1\nfor each in 'yz':\n    globals()[each] = 1"})
    assert told(index.symbol("m.x")) == "variable a.x = 1"
    assert told(index.symbol("m.y")) == "?STAR_IMPORT a"


def test_a_module_is_not_parsed_for_a_name_that_its_text_does_not_contain(make: Make) -> None:
    index = make({"m.py": "from a import *\nfrom b import *", "a.py": "x = 1", "b.py": "from c import *", "c.py": ""})
    assert told(index.symbol("m.x")) == "variable a.x = 1"
    assert index.is_read("a")
    assert not index.is_read("b")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def __getattr__(name): ...", "?MODULE_GETATTR p.X"),
        ("globals()['X'] = 1", "?COMPUTED p.X"),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .sub import X\nelse:\n    sys.modules[__name__] = Lazy()",
            "class p.sub.X",
        ),
        (
            "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .sub import *\ndef __getattr__(name): ...",
            "class p.sub.X",
        ),
        (
            "_import_structure = {'sub': ['Y', 'X']}\nsys.modules[__name__] = _LazyModule(__name__, _import_structure)",
            "class p.sub.X",
        ),
        (
            "s = {}\ntry:\n    f()\nexcept E:\n    pass\nelse:\n    s['sub'] = ['X']\nsys.modules[__name__] = L(s)",
            "class p.sub.X",
        ),
        ("s = {'sub': []}\ns['sub'].extend(['X'])\nsys.modules[__name__] = L(s)", "class p.sub.X"),
        ("s = {'sub': []}\ns['sub'].append('X')\nsys.modules[__name__] = L(s)", "class p.sub.X"),
        ("__getattr__, __dir__, __all__ = lazy_loader.attach(__name__, submod_attrs={'sub': ['X']})", "class p.sub.X"),
        ("T = {'X': ('p.sub', 'Z')}\ndef __getattr__(name): ...", "class p.sub.Z"),
        ("T = {'X': ('.sub', 'Z')}\ndef __getattr__(name): ...", "class p.sub.Z"),
        ("T: dict[str, str] = {'X': '.sub'}\ndef __getattr__(name): ...", "class p.sub.X"),
        ("T = {'X': 'p.sub'}\ndef __getattr__(name): ...", "class p.sub.X"),
        ("T = {'X': 'p.sub:Z'}\ndef __getattr__(name): ...", "class p.sub.Z"),
        ("T = {'X': 'no such thing'}\ndef __getattr__(name): ...", "?MODULE_GETATTR p.X"),
        ("T = {'X': '.gone'}\ndef __getattr__(name): ...", "?MODULE_GETATTR p.X"),
        ("def __getattr__(name):\n    if name == 'X':\n        from .sub import X\n        return X", "class p.sub.X"),
    ],
)
def test_names_that_a_package_makes_up(make: Make, source: str, expected: str) -> None:
    index = make({"p/__init__.py": f"import sys\n{source}", "p/sub.py": "class X: ...\nclass Z: ..."})
    assert told(index.symbol("p.X")) == expected


SAFE_IMPORT = """
def safe_import_from(module, symbol, *, fallback_module=None):
    try:
        return getattr(importlib.import_module(module), symbol), True
    except ImportError:
        return Unavailable, False
def safe_import(module):
    try:
        return True, importlib.import_module(module)
    except ImportError:
        return False, Unavailable
"""


def test_what_is_imported_safely_is_the_import_and_what_is_not_installed_not_known(make: Make) -> None:
    index = make(
        {
            "s.py": SAFE_IMPORT,
            "m.py": """
                from s import safe_import, safe_import_from
                X, HAVE_X = safe_import_from("a", "X")
                HAVE_A, A = safe_import("a")
                T, HAVE_T = safe_import_from("torch", "T")
                F, _ = safe_import_from("torch", "X", fallback_module="a")
                C, _ = safe_import_from(name, "X")
            """,
            "a.py": "class X: ...",
        }
    )
    assert told(index.symbol("m.X")) == "class a.X"
    assert told(index.symbol("m.A")) == "module a"
    assert told(index.symbol("m.T")) == "?NOT_INSTALLED torch.T"
    assert told(index.symbol("m.F")) == "class a.X"
    assert isinstance(index.symbol("m.C"), Variable)
    assert isinstance(index.symbol("m.HAVE_X"), Variable)
    assert isinstance(index.symbol("m.HAVE_A"), Variable)


def test_a_name_may_be_set_from_the_package_around(make: Make) -> None:
    index = make({"p/__init__.py": "from . import a\na.config = 1", "p/a.py": ""})
    assert reason(index.symbol("p.a.config")) is Reason.COMPUTED
    assert reason(index.symbol("p.a.other")) is Reason.NO_SUCH_NAME


def test_why_a_module_is_not_known(make: Make, tmp_path: Path) -> None:
    index = make({"two.py": "print 'python 2'", "wrong.py": "# coding: nonsense", "big.py": "#" * 5_000_001})
    (tmp_path / "nul.py").write_bytes(b"x = 1\0")
    (tmp_path / "latin.py").write_bytes(b"# coding: latin-1\nx = '\xe9'")
    (tmp_path / "bom.py").write_bytes(b"\xef\xbb\xbfx = 1")
    (tmp_path / "bad.py").write_bytes(b"x = '\xe9'")
    (tmp_path / "fast.so").write_bytes(b"")
    index = Index(Environment.of(tmp_path))
    unreadable = ["two", "wrong", "big", "nul", "bad"]
    assert [reason(index.module(name)) for name in unreadable] == [Reason.UNREADABLE] * len(unreadable)
    assert told(index.symbol("two.x")) == "?UNREADABLE two"
    assert told(index.symbol("fast.x")) == "?COMPILED fast.x"
    assert told(index.symbol("gone.x.y")) == "?NOT_INSTALLED gone.x.y"
    assert isinstance(index.symbol("latin.x"), Variable)
    assert isinstance(index.symbol("bom.x"), Variable)


def test_a_standard_module_that_is_too_new_to_be_parsed_is_read_as_this_python_has_it(tmp_path: Path) -> None:
    library = tmp_path / "new/lib/python3.99"
    (library / "site-packages").mkdir(parents=True)
    (library / "os.py").write_text("", encoding="utf-8")
    (library / "dataclasses.py").write_text("what was this", encoding="utf-8")
    (library / "site-packages/requests.py").write_text("what was this", encoding="utf-8")
    (tmp_path / "project").mkdir()
    (tmp_path / "project/json.py").write_text("what was this", encoding="utf-8")
    index = Index(Environment.of(tmp_path / "project", tmp_path / "new"))
    assert told(index.symbol("dataclasses.dataclass")) == "function dataclasses.dataclass"
    assert reason(index.symbol("dataclasses.of_the_future")) is Reason.MODULE_GETATTR
    assert reason(index.module("requests")) is Reason.UNREADABLE
    assert reason(index.module("json")) is Reason.UNREADABLE


# -- cycles and depth --------------------------------------------------------------------------------------------

CYCLES = {
    "a.py": "from b import x\nfrom b import *\nfrom b import g as h\ndef f(): ...",
    "b.py": "from a import x\nfrom a import *\nfrom a import f\ndef g(): ...",
    "c.py": "try:\n    from d import x\nexcept ImportError:\n    x = None",
    "d.py": "try:\n    from c import x\nexcept ImportError:\n    x = 1",
    "p/__init__.py": "try:\n    from . import sub\nexcept ImportError:\n    sub = None\nfrom . import other",
    "p/sub.py": "from p import other",
    "p/other.py": "from p import sub",
    "e.py": "from f import B\nclass A(B): ...",
    "f.py": "from e import A\nclass B(A): ...",
}
ASKED = [
    *("a.x", "a.f", "a.g", "a.h", "a.none", "b.x", "b.f", "b.g", "b.none", "c.x", "d.x"),
    *("p.sub", "p.sub.other", "p.other.sub.other", "e.A.m", "f.B.m"),
]


def test_cycles_of_imports_end_and_the_answer_does_not_depend_on_the_order_of_questions(make: Make) -> None:
    index = make(CYCLES)
    forwards = {path: told(index.symbol(path)) for path in ASKED}
    again = make(CYCLES)
    backwards = {path: told(again.symbol(path)) for path in reversed(ASKED)}
    alone = {path: told(make(CYCLES).symbol(path)) for path in ASKED}
    assert forwards == backwards == alone
    assert forwards["a.f"] == forwards["b.f"] == "function a.f"
    assert forwards["a.g"] == forwards["a.h"] == "function b.g"
    assert forwards["p.sub"] == "module p.sub"
    assert forwards["p.other.sub.other"] == "module p.other"
    assert forwards["a.x"].startswith("?")
    assert forwards["e.A.m"].startswith("?BASE")


def test_a_name_is_followed_through_five_hundred_modules(make: Make) -> None:
    files = {f"m{n}.py": f"from m{n + 1} import x" for n in range(500)}
    assert told(make({**files, "m500.py": "class x: ..."}).symbol("m0.x")) == "class m500.x"


def test_what_is_too_deep_is_not_known_and_what_is_around_it_is(make: Make) -> None:
    chain = "\n".join(f"x{n} = x{n - 1}.y" for n in range(1, 3000))
    index = make({"m.py": f"{chain}\nclass C: ...", "n.py": "x = C" + ".y" * 900})
    assert reason(index.symbol("m.x2999")) is Reason.TOO_DEEP
    assert told(index.symbol("m.C")) == "class m.C"
    assert isinstance(index.symbol("n.x"), (Unknown, Variable))


def test_star_imports_of_all_by_all_end(make: Make) -> None:
    stars = "\n".join(f"from m{n} import *" for n in range(30))
    index = make({f"m{n}.py": f"{stars}\nname{n} = {n}" for n in range(30)})
    assert told(index.symbol("m0.name29")) == "variable m29.name29 = 29"
    assert told(index.symbol("m0.name99")) == "?NO_SUCH_NAME m0.name99"


def test_a_module_of_ten_thousand_names(make: Make) -> None:
    index = make({"m.py": "\n".join(f"x{n} = {n}" for n in range(10_000)), "n.py": "from m import *"})
    assert {told(index.symbol(f"n.x{n}")) for n in range(0, 10_000, 100)} == {
        f"variable m.x{n} = {n}" for n in range(0, 10_000, 100)
    }


# -- classes -----------------------------------------------------------------------------------------------------


def test_members_are_looked_for_in_the_order_of_c3(make: Make) -> None:
    source = """
        class Top:
            def f(self): ...
            def g(self): ...
            size = 1
        class Left(Top):
            def f(self): ...
        class Right(Top):
            def f(self): ...
            def g(self): ...
            @staticmethod
            def s(): ...
            @classmethod
            def c(cls): ...
            alias = Top.g
        class Bottom(Left, Right):
            class Inner(Top): ...
            def __new__(cls): ...
            def old(x): ...
            old = staticmethod(old)
    """
    index = make({"m.py": source})
    assert told(index.symbol("m.Bottom.f")) == "function m.Left.f"
    assert told(index.symbol("m.Bottom.g")) == "function m.Right.g"
    assert told(index.symbol("m.Bottom.alias")) == "function m.Top.g"
    assert told(index.symbol("m.Bottom.size")) == "variable m.Top.size = 1"
    assert told(index.symbol("m.Bottom.Inner.g")) == "function m.Top.g"
    assert told(index.symbol("m.Bottom.none")) == "?NO_SUCH_NAME m.Bottom.none"
    ways = {name: index.symbol(f"m.Bottom.{name}") for name in ("f", "s", "c", "__new__", "old")}
    assert {name: each.binding for name, each in ways.items() if isinstance(each, Function)} == {
        "f": "plain",
        "s": "static",
        "c": "class",
        "__new__": "static",
        "old": "static",
    }
    assert all(isinstance(each, Function) and each.owner is not None for each in ways.values())


@pytest.mark.parametrize(
    ("classes", "expected"),
    [
        ("class C: ...", "C"),
        ("class A: ...\nclass C(A, object): ...", "C A"),
        ("class C(dict): ...", "C dict"),
        ("class A: ...\nclass C(A, unknown.X): ...", "C A ?"),
        ("class A: ...\nclass C(unknown.X, A): ...", "C ?"),
        ("class A: ...\nclass B(A): ...\nclass C(B, unknown.X): ...", "C B ?"),  # X may be an A
        ("class B(unknown.X): ...\nclass A: ...\nclass C(B, A): ...", "C B ?"),
        ("class A: ...\nclass B(A, unknown.X): ...\nclass C(B, unknown.X): ...", "C B A ?"),
        ("class A: ...\nclass B(A): ...\nclass C(A, B): ...", "C ?"),
        ("class C(C): ...", "C ?"),
        ("from a import C\nclass C(C): ...", "C C"),
        ("class A(Generic[T]): ...\nclass C(Generic[T], A[T]): ...", "C A"),
        ("class C(Generic[T], Protocol): ...", "C Protocol"),
        ("class C(make()): ...", "C ?"),
        ("class C(typing.Sized): ...", "C Sized"),
    ],
)
def test_the_ancestors_of_a_class_as_far_as_they_are_certain(make: Make, classes: str, expected: str) -> None:
    head = "import typing, unknown\nfrom typing import Generic, Protocol, TypeVar\nT = TypeVar('T')"
    index = make({"m.py": f"{head}\n{classes}", "a.py": "class C: ..."})
    cls = index.symbol("m.C")
    assert isinstance(cls, Class)
    names = ["?" if isinstance(each, Unknown) else each.name.rpartition(".")[2] for each in index.ancestry(cls)]
    assert " ".join(name for name in names if name != "Generic") == expected  # from Python 3.12 on it is not told
    classes_found, complete = index.mro(cls)
    assert len(classes_found) == sum(isinstance(each, Class) for each in index.ancestry(cls))
    assert complete == all(isinstance(each, Class) for each in index.ancestry(cls))


def test_the_bases_of_a_class_that_stands_in_a_function_are_names_of_its_module(make: Make, tmp_path: Path) -> None:
    index = make({})
    text = "class A: ...\ndef f():\n    class B(A): ...\n"
    linted = own(index, tmp_path / "m.py", text)
    node = next(each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.ClassDef) and each.name == "B")
    local = Class("f.B", linted, class_summary(text, node), Place(linted.path, node.lineno))
    assert [told(base) for base in index.bases(local)] == ["class m.A"]


def test_what_an_unknown_base_may_define_is_not_known(make: Make) -> None:
    index = make({"m.py": "import torch\nclass A:\n    def f(self): ...\nclass C(A, torch.nn.Module):\n    ..."})
    assert told(index.symbol("m.C.f")) == "function m.A.f"
    assert told(index.symbol("m.C.forward")) == "?BASE torch.nn.Module"


def test_members_of_builtins(make: Make) -> None:
    index = make({"m.py": "class C(dict): ..."})
    assert told(index.symbol("m.C.fromkeys")) == "builtin dict.fromkeys"
    assert told(index.symbol("m.C.__init__")) == "builtin dict.__init__"
    assert told(index.symbol("m.C.mro")) == "builtin dict.mro"


def test_names_in_a_class_body_are_those_of_the_class_first(make: Make) -> None:
    index = make({"m.py": "class y: ...\nclass C:\n    class y: ...\n    x = y\n    z = f(y)\n    class D(y): ..."})
    assert told(index.symbol("m.C.x")) == "class m.C.y"
    assert told(index.symbol("m.C.z")) == "variable m.C.z = -"
    inner = index.symbol("m.C.D")
    assert isinstance(inner, Class)
    assert [told(base) for base in index.bases(inner)] == ["class m.C.y"]


# -- the file that is linted -------------------------------------------------------------------------------------


def own(index: Index, path: Path, text: str) -> Module:
    return index.own(str(path), text, ast.parse(text))


def test_the_linted_file_is_read_as_given_and_others_see_the_one_on_disk(make: Make, tmp_path: Path) -> None:
    index = make({"p/__init__.py": "from .a import f", "p/a.py": "def f(): ...", "p/b.py": ""})
    edited = own(index, tmp_path / "p/a.py", "from . import b\nfrom p import f\nclass g: ...")
    assert edited.name == "p.a"
    assert told(index.lookup(edited, "b")) == "module p.b"
    assert told(index.lookup(edited, "g")) == "class p.a.g"
    assert told(index.lookup(edited, "f")) == "function p.a.f"
    assert told(index.symbol("p.a.g")) == "?NO_SUCH_NAME p.a.g"
    again = own(index, tmp_path / "p/a.py", "g = 1")
    assert told(index.lookup(again, "g")) == "variable p.a.g = 1"


def test_expressions_are_evaluated_in_the_names_of_their_module(make: Make, tmp_path: Path) -> None:
    index = make({"a.py": "class C:\n    def make(): ..."})
    linted = own(index, tmp_path / "m.py", "import a\nfrom a import C as D")

    def evaluated(text: str) -> str:
        expression = index.parse(text)
        assert expression is not None
        return told(index.evaluate(expression, linted))

    assert evaluated("a.C.make") == "function a.C.make"
    assert evaluated("'a.C'") == "class a.C"
    assert evaluated("D[int]") == "class a.C"
    assert evaluated("(D)") == "class a.C"
    assert evaluated("D if D else a") == "class a.C or module a"
    assert evaluated("D()").startswith("?COMPUTED")
    assert evaluated("D().x").startswith("?COMPUTED")
    assert evaluated("1").startswith("?COMPUTED")
    assert [index.parse(text) for text in ("", " ", "a b", "(", "\0")] == [None] * 5


@pytest.mark.parametrize("given", [False, True])
def test_the_syntax_of_a_definition_can_be_had_again_with_its_lines(make: Make, tmp_path: Path, given: bool) -> None:
    text = '# one\nclass C:\n    @property\n    def f(self, a=1):\n        """A\n  text."""\n        return a\n'
    index = make({"m.py": text})
    cls = index.lookup(own(index, tmp_path / "m.py", text), "C") if given else index.symbol("m.C")
    method = index.member(cls, "f")
    assert isinstance(cls, Class)
    assert isinstance(method, Function)
    expected = next(each for each in ast.walk(ast.parse(text)) if isinstance(each, ast.FunctionDef))
    node = index.node(method)
    assert node is not None
    assert index.node(method) is node
    assert ast.dump(node, include_attributes=True) == ast.dump(expected, include_attributes=True)
    assert isinstance(index.node(cls), ast.ClassDef)


def test_the_syntax_of_a_file_that_has_changed_is_not_told(make: Make, tmp_path: Path) -> None:
    index = make({"m.py": "def f(a): ...\n", "n.py": "def f(a): ...\n"})
    changed, gone = index.symbol("m.f"), index.symbol("n.f")
    (tmp_path / "m.py").write_text("def f(b): ...\n", encoding="utf-8")
    (tmp_path / "n.py").unlink()
    assert isinstance(changed, Function)
    assert isinstance(gone, Function)
    assert index.node(changed) is None
    assert index.node(gone) is None


def test_the_modules_that_an_answer_depends_on_are_told_each_time(make: Make) -> None:
    index = make({"a.py": "from b import x", "b.py": "from c import x", "c.py": "class x: ...", "d.py": ""})
    index.symbol("a.x")
    index.consulted = set()
    index.symbol("a.x")
    assert index.consulted == {"a", "b", "c"}
    index.consulted.clear()
    index.symbol("d.gone")
    index.symbol("nowhere.x")
    assert {"d", "nowhere"} <= index.consulted
    assert "a" not in index.consulted


def test_modules_are_read_once_by_the_reader_that_is_given(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = y = 1", encoding="utf-8")
    read: list[str] = []
    index = Index(Environment.of(tmp_path), lambda found: read.append(found.name) or read_module(found))
    index.symbol("a.x")
    index.symbol("a.y")
    assert read == ["a"]


# -- the world outside -------------------------------------------------------------------------------------------


def test_nothing_is_imported_or_run(make: Make, tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    before = set(sys.modules)
    index = make({"evil.py": f"open({str(marker)!r}, 'w')\nclass C: ...", "m.py": "from evil import C\nimport evil"})
    assert told(index.symbol("m.C")) == "class evil.C"
    assert set(sys.modules) - before <= {"encodings.latin_1"}
    assert not marker.exists()


#: Prints where the classes and functions in the names of modules are at home.
_HOMES = """
import importlib, json, sys, types
homes = {}
for name in sys.argv[1:]:
    module = importlib.import_module(name)
    for key, value in vars(module).items():
        if isinstance(value, (type, types.FunctionType)):
            homes[f"{name}.{key}"] = f"{value.__module__}.{value.__qualname__}"
        elif isinstance(value, types.ModuleType):
            homes[f"{name}.{key}"] = value.__name__
        else:
            homes[f"{name}.{key}"] = ""
print(json.dumps(homes))
"""

_STANDARD = [
    *("argparse", "asyncio", "collections", "concurrent.futures", "configparser", "contextlib", "csv", "dataclasses"),
    *("email.message", "enum", "fractions", "functools", "http.client", "importlib.metadata", "inspect", "json"),
    *("logging", "logging.handlers", "multiprocessing", "os", "pathlib", "random", "shutil", "socket", "subprocess"),
    *("tempfile", "threading", "typing", "unittest", "unittest.mock", "urllib.request", "uuid", "xml.etree", "zipfile"),
]


def test_the_standard_library_is_as_the_interpreter_that_imports_it_says() -> None:
    asked = [sys.executable, "-I", "-c", _HOMES, *_STANDARD]
    homes: dict[str, str] = json.loads(subprocess.run(asked, capture_output=True, check=True, text=True).stdout)
    index = Index(Environment.of(None, Path(sys.prefix)))
    symbols = {path: index.symbol(path) for path in homes}
    lacking = [path for path, symbol in symbols.items() if reason(symbol) in (Reason.NO_SUCH_NAME, Reason.UNREADABLE)]
    assert not lacking
    wrong = {
        path: (told(symbol), homes[path])
        for path, symbol in symbols.items()
        if isinstance(symbol, (Class, Module)) and homes[path].rpartition(".")[2] != symbol.name.rpartition(".")[2]
    }
    assert set(wrong) <= {
        "collections._collections_abc",
        "contextlib._collections_abc",
    }  # it calls itself collections.abc
    found = [
        path for path, home in homes.items() if home and isinstance(symbols[path], (Class, Function, Module, Builtin))
    ]
    assert len(found) >= 0.85 * sum(map(bool, homes.values()))
