"""Literals against annotations: the whole table, every spelling of a type, and whatever must stay silent."""

from __future__ import annotations

import ast
import itertools
import sys
import typing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.literals import NO_CONSTANT, Contradiction, Shape, contradiction, shape_of
from nemo_run_lint.signatures.signature import Unknown
from nemo_run_lint.signatures.symbols import Symbol

#: The project in which the annotations of these tests are written; `typing` and its like are the real ones.
PROJECT = {
    "here": """
import collections.abc
import dataclasses
import numbers
import os
import pathlib
import typing as t
from enum import Enum
from os import PathLike
from pathlib import Path
from typing import *
from typing import Annotated, ClassVar, Final, Protocol, Union, Optional, Literal, TypeVar, NewType
from dataclasses import InitVar
import missing
import aliases
from aliases import Precision, Count, Nested, Twice, Loop, Json, Many, Maybe, Stand_In

T = TypeVar("T")
UserId = NewType("UserId", int)

class Model: ...
class Colour(Enum):
    RED = 1
class Saves(Protocol):
    def save(self): ...
class SavesMore(Saves, Protocol[T]): ...
def function(): ...

try:
    from missing import Tensor
except ImportError:
    Tensor = None

if missing.SWITCH:
    Either = Optional
    Number = int
else:
    Either = Literal
    Number = float
""",
    "aliases": """
from typing import Dict, List, Literal, Optional, TypeVar, Union
T = TypeVar("T")
Count = int
Precision = Literal["16", "bf16"]
Nested = Union[Count, "Nested"]
Twice = Union[Nested, Nested]
Loop = "Loop"
Loop = Union[Loop, Loop]
Json = Union[int, List["Json"]]
Maybe = Optional[T]
Stand_In = None
"""
    + "\n".join(f"Many{n} = Union[Many{n + 1}, Many{n + 1}]" for n in range(60))
    + "\nMany60 = int\nMany = Many0\n",
}


class Project:
    """Where the annotations of these tests are written, and how values are judged there."""

    def __init__(self, directory: Path) -> None:
        for name, text in PROJECT.items():
            directory.joinpath(f"{name}.py").write_text(text, encoding="utf-8")
        self._index = Index(Environment.of(directory, Path(sys.executable)))

    def resolve(self, written: ast.expr, name: str) -> Symbol:
        module = self._index.module(name)
        return module if isinstance(module, Unknown) else self._index.evaluate(written, module)

    def contradiction(self, shape: Shape, annotation: ast.expr, default: str | None = None) -> Contradiction | None:
        return contradiction(shape, annotation, "here", self.resolve, default)

    def judged(self, value: str, annotation: str, default: str | None = None) -> Contradiction | None:
        shape = shape_of(expression(value))
        assert shape is not None, value
        return self.contradiction(shape, expression(annotation), default)

    def mark(self, value: str, annotation: str, default: str | None = None) -> str:
        """`E` for an error, `h` for a hint, `.` for silence."""
        found = self.judged(value, annotation, default)
        return "." if found is None else "E" if found.certain else "h"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return Project(tmp_path_factory.mktemp("project"))


def expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


# -- the table -------------------------------------------------------------------------------------------------

VALUES = ["'a'", "b'a'", "1", "1.5", "2.0", "2j", "True", "None", "[1]", "(1,)", "{1}", "{1: 2}"]

TABLE = """
                  'a' b'a'  1 1.5 2.0  2j True None  [1] (1,) {1} {1:2}
str                .   E    E   E   E   E   E    h    E   E   E   E
bytes              E   .    .   .   .   .   .    h    E   E   E   E
int                E   .    .   h   .   .   .    h    E   E   E   E
float              E   .    .   .   .   .   .    h    E   E   E   E
complex            E   .    .   .   .   .   .    h    E   E   E   E
bool               E   .    h   .   .   .   .    h    E   E   E   E
list               E   E    E   E   E   E   E    h    .   .   .   E
List[str]          E   E    E   E   E   E   E    h    .   .   .   E
tuple[int,...]     E   E    E   E   E   E   E    h    .   .   .   E
Tuple[int,int]     E   E    E   E   E   E   E    h    .   .   .   E
set[int]           E   E    E   E   E   E   E    h    .   .   .   .
frozenset          E   E    E   E   E   E   E    h    .   .   .   .
Set                E   E    E   E   E   E   E    h    .   .   .   .
FrozenSet[str]     E   E    E   E   E   E   E    h    .   .   .   .
dict               E   E    E   E   E   E   E    h    E   E   .   .
Dict[str,int]      E   E    E   E   E   E   E    h    E   E   .   .
Mapping            E   E    E   E   E   E   E    h    E   E   .   .
MutableMapping     E   E    E   E   E   E   E    h    E   E   .   .
Sequence[str]      .   .    E   E   E   E   E    h    .   .   .   .
Iterable           .   .    E   E   E   E   E    h    .   .   .   .
Collection[int]    .   .    E   E   E   E   E    h    .   .   .   .
Callable[...,int]  E   E    E   E   E   E   E    h    E   E   E   E
type[Model]        E   E    E   E   E   E   E    h    E   E   E   E
Type               E   E    E   E   E   E   E    h    E   E   E   E
Literal['b',2]     E   E    E   E   E   E   E    h    E   E   E   E
Path               h   .    .   .   .   .   .    .    .   .   .   .
Colour             h   .    .   .   .   .   .    .    .   .   .   .
Model              h   .    .   .   .   .   .    .    .   .   .   .
PathLike[str]      h   .    .   .   .   .   .    .    .   .   .   .
Any                .   .    .   .   .   .   .    .    .   .   .   .
object             .   .    .   .   .   .   .    .    .   .   .   .
None               .   .    .   .   .   .   .    .    .   .   .   .
T                  .   .    .   .   .   .   .    .    .   .   .   .
UserId             .   .    .   .   .   .   .    .    .   .   .   .
Saves              .   .    .   .   .   .   .    .    .   .   .   .
SavesMore[int]     .   .    .   .   .   .   .    .    .   .   .   .
Hashable           .   .    .   .   .   .   .    .    .   .   .   .
SupportsInt        .   .    .   .   .   .   .    .    .   .   .   .
numbers.Number     .   .    .   .   .   .   .    .    .   .   .   .
numbers.Real       .   .    .   .   .   .   .    .    .   .   .   .
bytearray          .   .    .   .   .   .   .    .    .   .   .   .
Tensor             .   .    .   .   .   .   .    .    .   .   .   .
Stand_In           .   .    .   .   .   .   .    .    .   .   .   .
missing.Thing      .   .    .   .   .   .   .    .    .   .   .   .
Either['str']      .   .    .   .   .   .   .    .    .   .   .   .
Undefined          .   .    .   .   .   .   .    .    .   .   .   .
function           .   .    .   .   .   .   .    .    .   .   .   .
Optional           .   .    .   .   .   .   .    .    .   .   .   .
InitVar            .   .    .   .   .   .   .    .    .   .   .   .
"""

MARKS = {row.split()[0]: dict(zip(VALUES, row.split()[1:], strict=True)) for row in TABLE.strip().splitlines()[1:]}

#: Those of which all is known, so that they can stand in a union without silencing it.
KNOWN = [name for name in MARKS if "E" in MARKS[name].values()]


@pytest.mark.parametrize("annotation", MARKS)
def test_each_kind_of_value_for_each_type(project: Project, annotation: str) -> None:
    assert {value: project.mark(value, annotation) for value in VALUES} == MARKS[annotation]


@pytest.mark.parametrize("annotation", [name for name in KNOWN if "Literal" not in name])
def test_what_isinstance_accepts_is_never_reported(project: Project, annotation: str) -> None:
    written = eval(annotation, {**vars(typing), "Model": object})
    accepted = {float: (float, int), complex: (complex, float, int)}.get(written, typing.get_origin(written) or written)
    for value in VALUES:
        if isinstance(eval(value), accepted):
            assert project.mark(value, annotation) == "."


def weaker(*marks: str) -> str:
    return min(marks, key=".hE".index)


@pytest.mark.parametrize("one", KNOWN)
def test_a_union_is_contradicted_by_what_contradicts_all_its_members(project: Project, one: str) -> None:
    for other in KNOWN:
        expected = {value: weaker(MARKS[one][value], MARKS[other][value]) for value in VALUES}
        assert {value: project.mark(value, f"Union[{one}, {other}]") for value in VALUES} == expected


@pytest.mark.parametrize("unknown", [name for name in MARKS if name not in KNOWN and name != "None"])
def test_one_member_of_which_nothing_is_known_silences_a_union(project: Project, unknown: str) -> None:
    for known, value in itertools.product(["str", "List[int]"], VALUES):
        assert project.mark(value, f"Union[{known}, {unknown}]") == "."
        assert project.mark(value, f"Optional[Union[{unknown}, {known}]]") == "."


@pytest.mark.parametrize("annotation", MARKS)
def test_optional_allows_none_and_changes_nothing_else(project: Project, annotation: str) -> None:
    expected = {**MARKS[annotation], "None": "."}
    for spelling in (
        f"Optional[{annotation}]",
        f"{annotation} | None",
        f"None | {annotation}",
        f"Union[None, {annotation}]",
    ):
        assert {value: project.mark(value, spelling) for value in VALUES} == expected


@pytest.mark.parametrize("annotation", MARKS)
def test_none_may_be_given_where_it_is_the_default(project: Project, annotation: str) -> None:
    assert project.mark("None", annotation, default="None") == "."
    assert {value: project.mark(value, annotation, default="None") for value in VALUES if value != "None"} == {
        value: expected for value, expected in MARKS[annotation].items() if value != "None"
    }


def test_another_default_does_not_excuse_none(project: Project) -> None:
    assert project.mark("None", "int", default="0") == "h"


# -- spellings of one type ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "spelling",
    [
        "{0}",
        "{0!r}",
        "{1!r}",
        "{2!r}",
        "Annotated[{0}, 'a comment', Model]",
        "Annotated[{0!r}, 1]",
        "ClassVar[{0}]",
        "Final[{0}]",
        "InitVar[{0}]",
        "dataclasses.InitVar[{0!r}]",
        "t.Annotated[t.Final[{0}], 1]",
        "Union[{0}]",
        "Union[{0}, Union[{0}, {0!r}]]",
        "{0} | {0}",
    ],
)
def test_every_spelling_of_a_type_means_the_same(project: Project, spelling: str) -> None:
    for annotation in KNOWN:
        written = spelling.format(annotation, repr(annotation), f"  {annotation}\n")
        assert {value: project.mark(value, written) for value in VALUES} == MARKS[annotation]


@pytest.mark.parametrize(
    ("spelling", "annotation"),
    [
        ("t.List[str]", "list"),
        ("t.Optional[t.Mapping]", "Optional[dict]"),
        ("collections.abc.Mapping[str, int]", "dict"),
        ("collections.abc.Sequence", "Sequence[str]"),
        ("collections.abc.Callable", "Callable[...,int]"),
        ("t.Text", "str"),
        ("os.PathLike", "Path"),
        ("pathlib.Path", "Path"),
        ("Count", "int"),
        ("aliases.Count", "int"),
        ("Nested", "int"),
        ("Twice", "int"),
        ("Many", "int"),
        ("Json", "Union[int, list]"),
        ("Number", "Union[int, float]"),
        ("Precision", "Literal['16', 'bf16']"),
        ("Optional[Precision]", "Literal['16', 'bf16', None]"),
        ("Maybe[int]", "T"),
        ("Loop", "Any"),
    ],
)
def test_names_and_aliases_mean_what_they_stand_for(project: Project, spelling: str, annotation: str) -> None:
    assert [project.mark(value, spelling) for value in VALUES] == [project.mark(value, annotation) for value in VALUES]


# -- Literal -----------------------------------------------------------------------------------------------------

CONSTANTS = ["'a'", "'1'", "b'a'", "1", "-1", "0", "1.0", "True", "False", "None"]


@pytest.mark.parametrize("value", CONSTANTS)
def test_a_literal_allows_the_same_value_of_the_same_type_alone(project: Project, value: str) -> None:
    for option in CONSTANTS:
        expected = "." if value == option else "h" if value == "None" else "E"
        assert project.mark(value, f"Literal[{option}]") == expected
        assert project.mark(value, f"Literal['other', {option}]") == expected
        assert project.mark(value, f"Union[Literal['other'], Literal[{option}]]") == expected


@pytest.mark.parametrize("value", ["f'{x}'", "str(x)", "'a' + 'b'", "'%s' % x"])
def test_text_that_is_not_written_out_may_be_any_literal(project: Project, value: str) -> None:
    assert project.mark(value, "Literal['a', 'b']") == "."
    assert project.mark(value, "Literal[1]") == "."
    assert project.mark(value, "int") == "E"


@pytest.mark.parametrize(
    "annotation", ["Literal[Colour.RED]", "Literal['b', Colour.RED]", "Literal[Precision, 'b']", "Literal[f'{x}']"]
)
def test_a_literal_that_is_not_all_constants_is_silent(project: Project, annotation: str) -> None:
    assert {project.mark(value, annotation) for value in VALUES} == {"."}


def test_a_number_of_unknown_value_is_not_known_to_have_a_fraction(project: Project) -> None:
    assert project.contradiction(Shape("float"), expression("int")) is None


# -- odd annotations ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "annotation",
    [
        "''", "'('", "'a b'", "'int;'", "'\\x00'", "'\\ud800'", "'lambda: 0'", "'*int'", "'yield'",
        "3", "...", "b'int'", "f'int'", "[int]", "(int, str)", "{}", "int or str", "int & str", "not int", "lambda: int",
        "int()", "field(int)", "int[0]()", "None[int]", "'int'[str]", "Union[()]", "Annotated[()]", "'Union[*Ts]'", "Literal[()]",
        "Optional[Union]", "Literal", "Final", "(yield)", "x.y.z", "int.real", "'" + "(" * 500 + "'", "'" + "a." * 5000 + "b'",
        "Union[" + "int, " * 1000 + "str]",
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_odd_annotations_are_silent(project: Project, annotation: str) -> None:
    assert {project.mark(value, annotation) for value in VALUES} == {"."}


@given(st.text(alphabet=st.sampled_from("intsrUo[],|'\"\\( ).*:=\n\x00é"), max_size=30), st.sampled_from(VALUES))
def test_no_text_in_an_annotation_raises(project: Project, text: str, value: str) -> None:
    project.judged(value, repr(text))


def test_deep_nesting_does_not_raise(project: Project) -> None:
    node = expression("int")
    for _ in range(5000):
        node = ast.Subscript(ast.Name("Optional"), node)
    assert project.contradiction(Shape("str"), node) is None
    node = expression("int")
    for _ in range(5000):
        node = ast.Subscript(ast.Name("list"), node)
    assert project.contradiction(Shape("str"), node) is None


def test_an_odd_escape_in_a_quoted_annotation_makes_python_say_nothing(
    project: Project, recwarn: pytest.WarningsRecorder
) -> None:
    assert project.mark("'a'", r"""'Literal["\\d"]'""") == "E"
    assert not recwarn.list


# -- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "annotation", "wanted", "given"),
    [
        ("'a'", "Optional[int]", "Optional[int]", "text"),
        ("f'{x}'", "int", "int", "text"),
        ("b'a'", "str", "str", "bytes"),
        ("-3", "str", "str", "a whole number"),
        ("1.5", "str", "str", "a floating-point number"),
        ("2j", "str", "str", "a complex number"),
        ("True", "str", "str", "`True`"),
        ("None", "int", "int", "None"),
        ("[x for x in y]", "'Union[int,\\n  str]'", "Union[int, str]", "a list"),
        ("()", "Callable[\n[int], str]", "Callable[[int], str]", "a tuple"),
        ("{*x}", "int", "int", "a set"),
        ("{}", "List[\n  str\n]", "List[str]", "a dict"),
    ],
)
def test_a_contradiction_says_what_is_wanted_and_what_is_given(
    project: Project, value: str, annotation: str, wanted: str, given: str
) -> None:
    found = project.judged(value, annotation)
    assert found is not None
    assert (found.wanted, found.given) == (wanted, given)


def test_a_bool_of_unknown_value_is_a_bool(project: Project) -> None:
    found = project.contradiction(Shape("bool"), expression("str"))
    assert found is not None
    assert found.given == "a bool"


# -- shapes ------------------------------------------------------------------------------------------------------

NAMES = {"x": 3, "y": [1, 2], "name": "n"}


@pytest.mark.parametrize("value", [*VALUES, "-1", "+2.5", "-2j", "-0", "'a' 'b'", "''", "False", "0x10"])
def test_the_shape_of_a_constant_is_its_type_and_value(value: str) -> None:
    shape, real = shape_of(expression(value)), eval(value)
    assert shape is not None
    assert shape.kind == ("None" if real is None else type(real).__name__)
    if shape.kind in ("list", "tuple", "set", "dict"):
        assert shape.constant is NO_CONSTANT
    else:
        assert shape.constant == real


@pytest.mark.parametrize(
    "value",
    [
        "[*y]", "[i for i in y]", "(*y, 1)", "()", "{*y}", "{i for i in y}", "{}", "{**{}}", "{i: i for i in y}",
        "f'{x}'", "f''", "'a' f'{x}'", "str()", "str(x)", "'a' + 'b'", "'a' + str(x) + f'{x}'", "'a' + ('b' + 'c')",
        "'%d' % x", "'%s%s' % (x, x)", "'a' + '%s' % x", "('a' + 'b') * 2", "'a' * 3", "3 * 'a'", "'%s' % x * 2",
    ],
)  # fmt: skip
def test_the_kind_is_known_of_what_is_not_written_out(value: str) -> None:
    shape = shape_of(expression(value))
    assert shape == Shape(type(eval(value, dict(NAMES))).__name__)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "value",
    [
        "x", "y[0]", "x.real", "x + 1", "1 + 2", "2 ** 3", "x % 3", "5 % 3", "'a' + name", "name + 'a'", "'a' * x", "x * 'a'", "name % x", "2 * 3", "-x",
        "~1", "-True", "not x", "str", "name.upper()", "'{}'.format(x)", "list(y)", "int('3')", "lambda: 0", "(i for i in y)", "...",
        "x if x else y", "x or 'a'", "x == 3", "x.str()", "[1] + [2]", "[0] * 3", "b'%d' % x", "b'a' + b'b'", "'a' - 'b'", "y[:]",
    ],
)  # fmt: skip
def test_nothing_is_known_of_anything_else(value: str) -> None:
    assert shape_of(expression(value)) is None


def test_long_sums_of_text_are_followed() -> None:
    node = expression("'a'")
    for _ in range(20_000):
        node = ast.BinOp(node, ast.Add(), ast.Constant("b"))
    assert shape_of(node) == Shape("str")
