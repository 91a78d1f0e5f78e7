"""A module is read in pieces. What is said of it is the same as of the module as a whole."""

from __future__ import annotations

import ast
import sys
import sysconfig
from pathlib import Path
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_run_lint.signatures.modules import read_text
from nemo_run_lint.signatures.pieces import cut
from nemo_run_lint.signatures.summarising import summarise
from nemo_run_lint.signatures.summary import Later, ModuleSummary

FUNCTION = "def real(a, *, b: int = 1) -> None:\n    return a\n"

CLASS = '''\
@decorated
class Model(Base["x"], metaclass=Meta):
    """Of layers."""

    size: int = 1
    def __init__(self, size, **more):
        super().__init__(**more)

    @property
    def half(self): return self.size / 2
    @half.setter
    def half(self, value):
        self.size = value * 2
    # the end
'''

#: Of every kind that may be mistaken for the begin or the end of a definition.
TRICKY = {
    "a string with a definition in it": f'TEXT = """\n{FUNCTION}"""\n',
    "such a docstring of a function": f'def f(a):\n    """Like\n{FUNCTION}"""\n    return a\n',
    "such a docstring of a class": 'class A:\n    """Like\n    def no(a): ...\n    import no.more\n    """\n    def f(self): ...\n',
    "a string that goes on": 'TEXT = "a\\\ndef f(a): pass"\n',
    "single quotes around triple ones": "TEXT = '\"\"\"'\n" + FUNCTION + "OTHER = '\"\"\"'\n",
    "triple quotes in a comment": f'x = 1  # """\n{FUNCTION}# """\n',
    "an escaped quote": 'x = """a\\"""\ndef no(a): pass\n"""\ny = "\\\\"\nz = r"\\""\n',
    "strings of both kinds on one line": "x = '#' + \"'\" + '''\ndef no(a): pass\n'''\n",
    "four quotes": f'x = """"a"""\n{FUNCTION}y = """a" """\n',
    "parameters in the first column": "def f(\na,\nb=1,\n):\n    pass\n",
    "parameters at the indentation of methods": "class A:\n    def f(\n    self, a,\n    b): pass\n    def g(self): pass\n",
    "a bracket in the first column": "def f(a, b=[\n    1,\n]):\n    x = (\n1,\n    )\n    return x\n",
    "a line that goes on": f"def f(a):\n    return a + \\\na\n{FUNCTION}",
    "a decorator on several lines": f"@decorate(\n    1,\n)\n# and\n\n@again\n{FUNCTION}",
    "its arguments in the first column": f"@decorate(\n1,\n)\n{FUNCTION}",
    "matrices": "x = (y\n@ z)\ndef f(a): pass\n",
    "classes on one line": "class A: pass\nclass B(A): x = 1\n",
    "classes in classes": "class A:\n    class B:\n        class C:\n            deep = 1\n    def f(self): ...\n",
    "a class that patches": "class A:\n    def f(self): ...\n    f.__signature__ = None\n    Other.g = f\n",
    "a class in it that patches": "class A:\n    class B:\n        (x, Other.f) = 1, 2\n    setattr(Other, 'g', 1)\n",
    "a class that imports": "class A:\n    import a.b\n    from c import *\n    x = 1; Other.x = 2\n",
    "a class with branches": "class A:\n    if x:\n        def f(self): ...\n    else:\n        def f(self, a): ...\n",
    "branches": "if x:\n    def f(a): ...\nelse:\n    class f:\n        def __init__(self): ...\n",
    "a comment first": "class A:\n# a\n    # b\n\n    def f(self): ...\n  # c\n    x = 1\n",
    "tabs": "class A:\n\tdef f(self):\n\t\treturn 1\n\tx = 1\n",
    "a page break": f"x = 1\n\f\n{FUNCTION}\fdef g(a): pass\n",
    "another alphabet": "def größe(a): pass\ndef ﬁt(a): pass\nclass Ä:\n    def ö(self): ...\n",
    "asynchronous": "async def f(a):\n    yield a\nasync  def g(a, **b):\n    return await f(a, **b)\n",
    "overloads": "@overload\ndef f(a): ...\n@overload\ndef f(a, b): ...\ndef f(*a): ...\nf = g\n",
    "names made up": "def __getattr__(name):\n    from .a import b\n    return b\n",
    "names bound inside": "def f():\n    global x, y\n    print(z := 1)\nclass A:\n    def g(self):\n        global v\n",
    "a class without a body of its own": "class A(\n    B,  # (\n    C(1)\n): # :\n    '''Nothing.'''\nclass D(A): ...\n",
    "exported names": '__all__ = ["f"]\ndef f(): ...\n__all__ += ["g"]\n',
    "the end without a newline": "def f(a):\n    return a",
    "no statement": "# nothing\n",
    "semicolons": "x = 1; y = 2\ndef f(a): pass; return\n",
    "a generator": "def f(a):\n    def g():\n        yield 1\n    return g\ndef h():\n    yield\n",
    "a decorator of functions": "def wraps(function):\n    def inner(*a, **k):\n        return function(*a, **k)\n    return inner\n",
}  # fmt: skip


def whole(text: str) -> ModuleSummary:
    return summarise(text, ast.parse(text))


@pytest.mark.parametrize("text", [*TRICKY.values(), FUNCTION, CLASS], ids=[*TRICKY, "a function", "a class"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_pieces_say_what_the_whole_says(text: str, end: str) -> None:
    text = f'"""Doc."""\nimport a\n{text}'.replace("\n", end)
    assert read_text(text) == whole(text)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([*TRICKY.values(), FUNCTION, CLASS]), max_size=6))
def test_so_they_do_together(parts: list[str]) -> None:
    text = "\n".join(parts)
    assert read_text(text) == whole(text)


SCRAPS = [
    *('"""', "'''", '"', "'", "\\", "\n", "\n\n", "#", "def f(a):", "class A:", "@b", "    ", "(", ")", "x = 1"),
    *("pass", ",", "[", "]", ":", "f", "r", "{", "}", "yield", "async ", "\f", "A.b = c", "import a.b", ";"),
]


@pytest.mark.filterwarnings("ignore:.*invalid:DeprecationWarning", "ignore:.*:SyntaxWarning")
@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(SCRAPS), max_size=25))
def test_so_does_what_happens_to_be_valid(parts: list[str]) -> None:
    text = "".join(parts)
    try:
        known = whole(text)
    except (SyntaxError, ValueError):
        return
    assert read_text(text) == known


@pytest.mark.parametrize(
    "name",
    [
        "argparse",
        "ast",
        "dataclasses",
        "datetime",
        "enum",
        "os",
        "pathlib",
        "shlex",
        "subprocess",
        "tokenize",
        "typing",
    ],
)
def test_so_do_those_of_real_modules(name: str) -> None:
    text = Path(sysconfig.get_path("stdlib"), f"{name}.py").read_text(encoding="utf-8")
    assert read_text(text) == whole(text)


@pytest.mark.skipif(
    sys.version_info < (3, 12), reason="quotes in the braces of an f-string are older Pythons' end of it"
)
@pytest.mark.parametrize(
    "text",
    [
        'x = f"""{y["""\ndef no(a): pass\n"""]}"""\n',
        'x = f"{y["#"]} """ + """\ndef no(a): pass\n"""\n',
        'x = f"{\n1}"\ndef f(a): pass\n',
    ],
)
def test_strings_in_strings(text: str) -> None:
    assert read_text(text) == whole(text)


def read(text: str) -> ModuleSummary:
    found = read_text(text)
    assert found is not None
    return found


def test_what_nobody_asks_for_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    summary = read(f"{FUNCTION}{CLASS}")
    parsed: list[str] = []
    parse = ast.parse
    monkeypatch.setattr(ast, "parse", lambda text: parsed.append(text.strip()) or parse(text))
    (real,), (model,) = summary.names["real"], summary.names["Model"]
    assert (real.kind, real.line, model.kind, model.line) == ("function", 1, "class", 4)
    assert parsed == []
    assert real.function is not None
    assert real.function.parameters[0][0] == "a"
    assert parsed == [FUNCTION.strip()]
    assert model.definition is not None
    assert [isinstance(each, Later) for each in model.definition.body["half"]] == [True, True]
    assert "super()" not in parsed[1]


def test_what_cannot_be_parsed_is_not_known_and_the_rest_is() -> None:
    summary = read(f"def broken(a):\n    return a +\n\nclass Broken:\n    x = = 1\n\n{FUNCTION}")
    (broken,), (cls,), (real,) = (summary.names[name] for name in ("broken", "Broken", "real"))
    assert (broken.function, broken.definition, cls.function, cls.definition) == (None, None, None, None)
    assert real.function is not None
    assert real.function.line == 7


@pytest.mark.parametrize("text", ["x = (\n" + FUNCTION, FUNCTION + "x = = 1\n", '"""\n' + FUNCTION, FUNCTION + "\0"])
def test_a_module_that_is_broken_elsewhere_is_not_read(text: str) -> None:
    assert read_text(text) is None


@pytest.mark.parametrize(
    "long",
    [
        "    x = [\n    " + "1.5, " * 60_000 + "]\n",
        "    x = " + "(" * 90 + "y" + ")" * 90 + "\n" * 100_000,
        "    # " + "class A(" * 50_000 + "\n    pass\n",
        "    x = {\n" + "    'a': [b.c],\n" * 20_000 + "    }\n",
        "    def f(self): ...\n" * 10_000,
    ],
    ids=["numbers", "blank lines", "a comment", "a table", "methods"],
)
def test_long_classes_take_no_longer_than_their_length(long: str) -> None:
    text = f"class A(B):\n{long}    def g(self): ...\n"
    start = process_time()
    ast.parse(text)
    parsing, start = process_time() - start, process_time()
    assert read_text(text) is not None
    assert process_time() - start < 1 + 20 * parsing


def test_lines_are_kept() -> None:
    pieces = cut(f"# one\n\n{FUNCTION}\n# two\n{CLASS}x = 1\n")
    assert pieces is not None
    assert pieces.rest.splitlines()[2] == pieces.rest.splitlines()[6] == "pass"
    assert pieces.rest.splitlines()[-1] == "x = 1"
    assert len(pieces.rest.splitlines()) == len(f"# one\n\n{FUNCTION}\n# two\n{CLASS}x = 1\n".splitlines())
