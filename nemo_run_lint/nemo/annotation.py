"""What an annotation is for NeMo Run: whether its command line can read such a value, whether a factory may return it.

Executed with nemo_run 0.11.1 (`cli/cli_parser.py`). A class is never in trouble here: its objects come from factories.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from nemo_run_lint.nemo.api import EXECUTORS, public
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.project import File
from nemo_run_lint.syntax.calls import keyword
from nemo_run_lint.syntax.nesting import is_shallow

_STEPS = 6

#: What text on the command line is turned into.
_READ = frozenset("builtins.int builtins.float builtins.str builtins.bool pathlib.Path typing.Any typing.Text".split())

_BARE = frozenset("builtins.list builtins.dict typing.List typing.Dict".split())

_SEQUENCES = frozenset(
    "Tuple Set FrozenSet Sequence MutableSequence Iterable Iterator Collection Container Deque AbstractSet MutableSet "
    "Reversible Generator tuple set frozenset deque Set range".split()
)
_MAPPINGS = frozenset("Mapping MutableMapping DefaultDict OrderedDict Counter ChainMap defaultdict".split())
_OTHERS = frozenset(
    "bytes bytearray memoryview complex object slice ByteString Hashable Sized SupportsInt SupportsFloat Pattern IO "
    "TextIO BinaryIO LiteralString AnyStr datetime date time timedelta timezone Decimal Fraction UUID PurePath "
    "PosixPath PurePosixPath WindowsPath PureWindowsPath PathLike".split()
)
_FUNCTIONS = frozenset("builtins.type typing.Type typing.Callable collections.abc.Callable".split())
_MODULES = frozenset(
    "builtins typing collections collections.abc datetime decimal fractions uuid pathlib os re".split()
)
_QUALIFIERS = frozenset("typing.Final typing.ClassVar typing.Required typing.NotRequired".split())
UNIONS = frozenset({"typing.Optional", "typing.Union"})
_CLASSES = EXECUTORS | {"Config", "Partial", "Script", "Experiment", "Executor", "Plugin", "Packager"}
_ENUMS = frozenset(f"enum.{name}" for name in "Enum IntEnum StrEnum Flag IntFlag".split())

#: Typing's own objects: `List[int] | None` is a typing.Union, `list[int] | None` is not.
_TYPING_NAMES = frozenset(
    "Any Text List Dict Tuple Set FrozenSet Sequence MutableSequence Iterable Iterator Collection Container Deque Type "
    "AbstractSet MutableSet Reversible Generator Mapping MutableMapping DefaultDict OrderedDict Counter ChainMap "
    "Optional Union Literal Annotated Callable Final ClassVar Hashable Sized Pattern IO AnyStr NewType TypeVar".split()
)

#: Those that nobody means otherwise, even where other modules are star-imported too.
_UNMISTAKABLE = frozenset("Any List Dict Tuple Set Optional Union Literal Callable Iterable Sequence Mapping".split())


@dataclass(frozen=True)
class Trouble:
    """Why text on the command line does not become a value of a type.

    kind    `bare` (a list or dict that does not say of what), `union` (`int | None`), `called` (a function's name is
            called instead of passed), or `unread`
    values  which values it concerns, when not all
    """

    kind: Literal["bare", "union", "called", "unread"]
    reason: str
    instead: str
    values: str = ""


Reading = Trouble | Literal["read", "unknown"]


def reading(file: File, node: cst.BaseExpression, steps: int = _STEPS) -> Reading:
    """Whether the command line reads text as this type: `read`, `unknown`, or what is in the way."""
    if not steps:
        return "unknown"
    if isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        return _quoted(file, node, steps - 1)
    if isinstance(node, cst.BinaryOperation):
        return _pep604(file, node, steps - 1)
    if isinstance(node, cst.Subscript):
        return _subscript(file, node, steps - 1)
    path = type_path(file, node)
    if path is None:
        return _own(file, node, steps - 1)
    if path in _READ:
        return "read"
    if path in _BARE:
        return _bare(path)
    return _unread(file, node, path)


def excludes_none(file: File, node: cst.BaseExpression, steps: int = _STEPS) -> bool:
    """Whether None is certainly no value of this type."""
    if not steps or (isinstance(node, cst.Name) and node.value == "None"):
        return False
    quoted = unquoted(node)
    if quoted is not None:
        return excludes_none(file, quoted, steps - 1)
    if isinstance(node, cst.BinaryOperation):
        return all(excludes_none(file, member, steps - 1) for member in members(node))
    if isinstance(node, cst.Subscript):
        return _generic_excludes_none(file, node, steps - 1)
    if is_clearly_a_class(file, node):
        return True
    path = type_path(file, node)
    if path is None:
        value = file.values.value(node)
        if isinstance(value, cst.Call):
            return type_path(file, value.func) == "typing.NewType"
        return value is not node and isinstance(value, cst.BaseExpression) and excludes_none(file, value, steps - 1)
    is_known = path in _READ | _BARE | _FUNCTIONS or _category(path) is not None
    return is_known and path not in ("typing.Any", "builtins.object", "typing.Hashable", "collections.abc.Hashable")


def type_path(file: File, node: cst.CSTNode) -> str | None:
    """Where a type comes from: `builtins.int`, `typing.List`, `torch.dtype`; None for the file's own, or unknown."""
    path = file.names.qualified(node)
    if path is not None:
        return path.replace("typing_extensions.", "typing.", 1)
    if not isinstance(node, cst.Name) or file.names.lookup(node):
        return None
    if hasattr(builtins, node.value):
        return f"builtins.{node.value}"
    stars = file.names.star_imports
    certain = _TYPING_NAMES if stars == ["typing"] else _UNMISTAKABLE
    return f"typing.{node.value}" if "typing" in stars and node.value in certain else None


def set_by_factory(file: File, parameter: str) -> bool:
    """Whether a factory of the file is registered for parameters of this name: `target_arg="schedule"`."""
    for call in file.tree.nodes(cst.Call):
        given = keyword(call, "target_arg")
        if isinstance(given, cst.SimpleString) and given.evaluated_value == parameter:
            return True
    return False


def postpones(file: File) -> cst.ImportAlias | None:
    """The `annotations` of `from __future__ import annotations`."""
    for binding in file.names.module.bindings.get("annotations", ()):
        if binding.path == "__future__.annotations" and isinstance(binding.node, cst.ImportAlias):
            return binding.node
    return None


def plainer(file: File, node: cst.BaseExpression) -> str | None:
    """The type as the command line can read it, in code: a list for a tuple of one type, no quotes, no `Final`."""
    quoted = unquoted(node)
    if quoted is not None:
        return file.code(quoted)
    if not isinstance(node, cst.Subscript):
        return None
    path, parts = type_path(file, node.value), _elements(node)
    written = [file.code(part) for part in parts if not isinstance(part, cst.Ellipsis)]
    if path in _QUALIFIERS or path == "typing.Annotated":
        return written[0]
    category = _category(path) if path is not None else None
    if category == "dict[...]" and len(written) == 2:
        return f"dict[{', '.join(written)}]"
    return f"list[{written[0]}]" if category == "list[...]" and len(set(written)) == 1 else None


# -- the parts of a type -----------------------------------------------------------------------------------------


def _elements(node: cst.Subscript) -> list[cst.BaseExpression]:
    return [element.slice.value for element in node.slice if isinstance(element.slice, cst.Index)]


def members(node: cst.BaseExpression) -> list[cst.BaseExpression]:
    """The parts of `a | b | c`."""
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.BitOr):
        return [*members(node.left), *members(node.right)]
    return [node]


def is_none(node: cst.BaseExpression) -> bool:
    """Whether it is the plain `None`."""
    return isinstance(node, cst.Name) and node.value == "None"


def unquoted(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """The type in a string, or None for anything else and for what does not parse."""
    if not isinstance(node, (cst.SimpleString, cst.ConcatenatedString)):
        return None
    text = node.evaluated_value
    try:
        return cst.parse_expression(text) if isinstance(text, str) and is_shallow(text) else None
    except Exception:  # ParserSyntaxError, and what odd text makes the parser raise
        return None


def _category(path: str) -> str | None:
    """What to write instead of a type of the standard library that is not read."""
    module, _, name = path.rpartition(".")
    if module not in _MODULES:
        return None
    if name in _SEQUENCES:
        return "list[...]"
    return "dict[...]" if name in _MAPPINGS else "str" if name in _OTHERS else None


# -- reading -----------------------------------------------------------------------------------------------------


def _bare(path: str) -> Trouble:
    name = path.rpartition(".")[2]
    example = "list[int]" if name.lower() == "list" else "dict[str, float]"
    reason = f"`{name}` does not say of what, so no {name.lower()} can be read"
    return Trouble("bare", reason, f"say of what: `{example}`")


def _unread(file: File, node: cst.BaseExpression, path: str) -> Reading:
    written = file.code(node)
    if path in _FUNCTIONS:
        reason = "the command line calls what is named there and passes the result"
        return Trouble("called", reason, "take a name as `str` and look the function up, or set it by a factory")
    if path in _QUALIFIERS:
        return Trouble("unread", f"nemo_run cannot read `{written}`", "write the type alone")
    if path in ("typing.TypeVar", "typing.NewType"):
        return "unknown"
    category = _category(path)
    if category is None:
        return _enum(file, node) if _is_enum(file, node) else "unknown"
    how = "and convert it in the function" if category == "str" else "instead"
    return Trouble("unread", f"nemo_run cannot read `{written}`", f"use `{category}` {how}")


def _own(file: File, node: cst.BaseExpression, steps: int) -> Reading:
    """A name of the file: an alias is what it stands for, an enum is not read, a class comes from a factory."""
    value = file.values.value(node)
    if isinstance(value, cst.Call):
        maker = type_path(file, value.func)
        if maker in ("typing.NewType", "typing.TypeVar"):
            kind = f"`{file.code(node)}` is a {maker.rpartition('.')[2]}"
            return Trouble("unread", f"nemo_run cannot read it: {kind}", "use the type that it stands for")
        return "unknown"
    definition = file.values.definition(node)
    if isinstance(definition, cst.ClassDef):
        is_enum = any(type_path(file, base.value) in _ENUMS for base in definition.bases)
        return _enum(file, node) if is_enum else "unknown"
    is_alias = value is not node and isinstance(value, (cst.Name, cst.Attribute, cst.Subscript, cst.BinaryOperation))
    return reading(file, value, steps) if is_alias and isinstance(value, cst.BaseExpression) else "unknown"


def _enum(file: File, node: cst.BaseExpression) -> Trouble:
    reason = f"nemo_run cannot read it: `{file.code(node)}` is an enum"
    return Trouble("unread", reason, 'use `Literal["a", "b"]`, and convert it in the function')


def _is_enum(file: File, node: cst.BaseExpression) -> bool:
    """Whether a name stands for an enum of another module."""
    found = file.imported_class(node)
    if found is None or file.index is None:
        return False
    return any(each.name in _ENUMS for each in file.index.mro(found)[0])


def _quoted(file: File, node: cst.BaseExpression, steps: int) -> Reading:
    inner = unquoted(node)
    if inner is None or reading(file, inner, steps) == "unknown":
        return "unknown"
    if isinstance(inner, cst.Name) and file.names.lookup(inner):
        return "unknown"  # nemo_run looks up a name that is imported under TYPE_CHECKING
    return Trouble("unread", "nemo_run does not read types in quotes", "write the type without quotes")


def _subscript(file: File, node: cst.Subscript, steps: int) -> Reading:
    path, parts = type_path(file, node.value), _elements(node)
    if path in UNIONS:
        return _union(file, [member for part in parts for member in members(part)], steps)
    if path == "typing.Literal":
        return _literal(file, parts)
    if path == "typing.Annotated" and parts:
        return _annotated(file, parts[0], steps)
    if path is None or public(path) is not None:
        return "unknown"
    inner = [reading(file, part, steps) for part in parts if not isinstance(part, cst.Ellipsis)]
    if path in _BARE:
        troubles = [each for each in inner if isinstance(each, Trouble)]
        return "unknown" if "unknown" in inner else troubles[0] if troubles else "read"
    if path in _FUNCTIONS:
        return _unread(file, node, path)
    return "unknown" if "unknown" in inner else _unread(file, node, path)


def _union(file: File, members: list[cst.BaseExpression], steps: int) -> Reading:
    """The members are tried in order; one that reads text hides those that cannot. A bare list or dict spoils all."""
    found = [reading(file, member, steps) for member in members if not is_none(member)]
    troubles = [each for each in found if isinstance(each, Trouble)]
    bare = [each for each in troubles if each.kind == "bare"]
    if bare:
        return bare[0]
    if "read" in found:
        return "read"
    return "unknown" if "unknown" in found or not troubles else troubles[0]


def _literal(file: File, parts: list[cst.BaseExpression]) -> Reading:
    lost = [file.code(part) for part in parts if isinstance(part, (cst.Integer, cst.UnaryOperation))]
    lost += [file.code(part) for part in parts if isinstance(part, cst.Name) and part.value in ("True", "False")]
    if not lost:
        return "read" if all(isinstance(part, cst.SimpleString) for part in parts) else "unknown"
    values = f" to `{'` or `'.join(lost)}`" if len(lost) < len(parts) else ""
    return Trouble("unread", "only text matches a Literal", "use `int` or `bool`, or a Literal of strings", values)


def _annotated(file: File, inner: cst.BaseExpression, steps: int) -> Reading:
    found = reading(file, inner, steps)
    if found == "read" and isinstance(inner, (cst.Subscript, cst.BinaryOperation)):
        if isinstance(inner, cst.Subscript) and type_path(file, inner.value) == "typing.Literal":
            return "unknown"
        return Trouble("unread", "nemo_run reads only plain types in Annotated", f"use `{file.code(inner)}` alone")
    return found


def _pep604(file: File, node: cst.BinaryOperation, steps: int) -> Reading:
    """`int | None` is understood by no nemo_run before 0.12, unless a part of it makes it a typing.Union."""
    parts = members(node)
    if parts == [node] or any(_is_uncertain(file, member) for member in parts):
        return "unknown"
    if any(_is_typing_object(file, member) for member in parts):
        return _union(file, parts, steps)
    found = [reading(file, member, steps) for member in parts if not is_none(member)]
    if not any(each == "read" or isinstance(each, Trouble) for each in found):
        return "unknown"
    rest = [file.code(member) for member in parts if not is_none(member)]
    inner = rest[0] if len(rest) == 1 else f"Union[{', '.join(rest)}]"
    instead = f"Optional[{inner}]" if len(rest) < len(parts) else inner
    return Trouble("union", "nemo_run before 0.12 does not understand `|` in types", f"use `{instead}`")


def _is_uncertain(file: File, member: cst.BaseExpression) -> bool:
    """Whether it cannot be told if a part of `a | b` is a class or one of typing's objects."""
    head = member.value if isinstance(member, cst.Subscript) else member
    if is_none(member) or isinstance(file.values.definition(head), cst.ClassDef):
        return False
    path = type_path(file, head)
    known = path is not None and (path in _READ | _BARE | _FUNCTIONS | UNIONS or path.startswith("typing."))
    return path == "typing.Any" or not (known or (path is not None and _category(path) is not None))


def _is_typing_object(file: File, member: cst.BaseExpression) -> bool:
    path = type_path(file, member.value if isinstance(member, cst.Subscript) else member)
    return path is not None and path.startswith("typing.") and path not in ("typing.Text", "typing.Any")


# -- None --------------------------------------------------------------------------------------------------------


def _generic_excludes_none(file: File, node: cst.Subscript, steps: int) -> bool:
    path, parts = type_path(file, node.value), _elements(node)
    if path == "typing.Optional" or not parts:
        return False
    if path == "typing.Union":
        return all(excludes_none(file, member, steps) for part in parts for member in members(part))
    if path == "typing.Literal":
        return all(isinstance(part, (cst.SimpleString, cst.Integer)) for part in parts)
    if path == "typing.Annotated" or path in _QUALIFIERS:
        return excludes_none(file, parts[0], steps)
    if public(path) in ("Config", "Partial"):
        return True
    return excludes_none(file, node.value, steps)


def is_clearly_a_class(file: File, node: cst.BaseExpression) -> bool:
    """Whether it is a class of the file or of NeMo Run, or is called, configured or derived from in the file."""
    if isinstance(file.values.definition(node), cst.ClassDef):
        return True
    path = file.names.qualified(node)
    if path is None:
        return False
    return public(path) in _CLASSES or UsedAsClass(path) in file.all(UsedAsClass)


@dataclass(frozen=True)
class UsedAsClass:
    """An imported name that the file calls, configures or derives from, so that it is no alias of a union."""

    path: str

    @classmethod
    def find(cls, file: File) -> Iterable[UsedAsClass]:
        """Every one, by its dotted path."""
        used: list[cst.CSTNode] = [call.func for call in file.tree.nodes(cst.Call)]
        used += [each.target for each in file.all(Buildable) if each.target is not None]
        used += [base.value for definition in file.tree.nodes(cst.ClassDef) for base in definition.bases]
        paths = {file.names.qualified(node) for node in used}
        return [cls(path) for path in sorted(path for path in paths if path)]
