"""Values of Python's own that nemo_run refuses to save, told from the text. Each was tried with nemo_run 0.11.1.

What is not listed may be fine: sets, bytes, tuples, slices, enums, defaultdicts and named tuples are.
"""

from __future__ import annotations

import builtins
import types

import libcst as cst

from nemo_run_lint.project import File

#: Builtins that are functions, which `exp.add` cannot look up (`UnserializableValueError`).
BUILTIN_FUNCTIONS = frozenset(
    name for name, value in vars(builtins).items() if isinstance(value, types.BuiltinFunctionType) and name[0] != "_"
)

#: Builtin types that may not be imported by a saved task (`PyrefPolicyError`); these few may.
REFUSED_TYPES = frozenset(
    name
    for name, value in vars(builtins).items()
    if isinstance(value, type) and name not in "list dict tuple set frozenset bytes slice".split() and name[0] != "_"
)

#: Calls whose result cannot be saved, by the import path of what is called.
_MADE_BY = frozenset(
    "datetime.timedelta datetime.datetime datetime.date datetime.time datetime.datetime.now datetime.datetime.utcnow "
    "datetime.datetime.today datetime.datetime.fromisoformat datetime.datetime.fromtimestamp "
    "datetime.datetime.strptime datetime.date.today datetime.date.fromisoformat datetime.timezone "
    "decimal.Decimal fractions.Fraction re.compile uuid.uuid1 uuid.uuid3 uuid.uuid4 uuid.uuid5 "
    "uuid.UUID collections.OrderedDict collections.Counter collections.deque collections.ChainMap collections.UserDict "
    "types.SimpleNamespace types.MappingProxyType argparse.Namespace argparse.ArgumentParser logging.getLogger "
    "logging.StreamHandler logging.FileHandler logging.Formatter io.StringIO io.BytesIO string.Template queue.Queue "
    "threading.Lock threading.RLock threading.Event tempfile.TemporaryDirectory tempfile.NamedTemporaryFile "
    "tempfile.TemporaryFile itertools.count itertools.chain itertools.cycle itertools.repeat random.Random "
    "operator.itemgetter operator.attrgetter functools.partial weakref.ref configparser.ConfigParser zoneinfo.ZoneInfo "
    "ipaddress.ip_address hashlib.md5 hashlib.sha256 contextlib.nullcontext array.array typing.TypeVar "
    "concurrent.futures.ThreadPoolExecutor concurrent.futures.ProcessPoolExecutor".split()
)

#: The same for builtins.
_MADE_BY_BUILTIN = frozenset(
    "range complex open bytearray memoryview object iter zip map filter enumerate reversed".split()
)

#: Things that are there, by their import path.
_OBJECTS = frozenset(
    "os.environ sys.stdout sys.stderr sys.stdin sys.version_info datetime.timezone.utc datetime.UTC typing.Callable "
    "typing.List typing.Dict typing.Optional typing.Union typing.Tuple dataclasses.MISSING".split()
)

#: Modules of Python's library whose functions are compiled, so that they cannot be looked up.
_COMPILED = frozenset("math time".split())

_MODULES = frozenset(
    "argparse collections copy csv dataclasses datetime functools glob io itertools json logging math operator os "
    "os.path pathlib pickle random re shutil socket string subprocess sys tempfile time typing uuid warnings "
    "numpy torch".split()
)

_NUMPY = frozenset(
    "array asarray arange zeros ones empty full linspace logspace eye dtype datetime64 timedelta64 random.default_rng "
    "float16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool_".split()
)

_PATH_TO_PATH = frozenset(
    "absolute expanduser joinpath readlink relative_to rename resolve with_name with_stem with_suffix".split()
)
_PATHS = frozenset(
    "pathlib.Path pathlib.PurePath pathlib.PosixPath pathlib.PurePosixPath pathlib.Path.cwd pathlib.Path.home".split()
)
_DICT_VIEWS = frozenset("keys values items".split())
_TEXT_METHODS = frozenset(name for name in dir(str) if name[0] != "_")


def unsaveable(file: File, node: cst.CSTNode) -> str | None:
    """Words for the kind of value that `node` certainly is, if that cannot be saved: "a pathlib.Path"."""
    if isinstance(node, cst.Ellipsis):
        return "`...`"
    if isinstance(node, cst.Imaginary):
        return "a complex number"
    if isinstance(node, cst.GeneratorExp):
        return "a generator"
    if is_path(file, node):
        return "a pathlib.Path"
    if isinstance(node, (cst.UnaryOperation, cst.BinaryOperation)):
        return "a complex number" if any(isinstance(each, cst.Imaginary) for each in node.children) else None
    if isinstance(node, cst.Call):
        return _call(file, node)
    if isinstance(node, cst.Subscript):
        return _subscript(file, node)
    return _name(file, node) if isinstance(node, (cst.Name, cst.Attribute)) else None


def builtin_function(file: File, node: cst.CSTNode) -> str | None:
    """A function that is compiled into Python, as written: `print`, `math.sqrt`, `str.upper`, `"x".upper`."""
    if file.names.is_builtin(node, *BUILTIN_FUNCTIONS):
        return file.code(node)
    module, _, name = (file.names.qualified(node) or "").rpartition(".")
    if module in _COMPILED and isinstance(getattr(_library(module), name, None), types.BuiltinFunctionType):
        return f"{module}.{name}"
    if not isinstance(node, cst.Attribute):
        return None
    of_text = isinstance(node.value, (cst.SimpleString, cst.FormattedString)) or file.names.is_builtin(
        node.value, "str"
    )
    return file.code(node) if of_text and node.attr.value in _TEXT_METHODS else None


def is_path(file: File, node: cst.CSTNode, steps: int = 8) -> bool:
    """Whether an expression certainly gives a pathlib.Path: `Path("a") / "b"`, `Path(__file__).resolve().parent`."""
    node, steps = file.values.value(node), steps - 1
    if not steps:
        return False
    if isinstance(node, cst.Call):
        method = node.func
        if file.names.qualified(method) in _PATHS:
            return True
        to_path = isinstance(method, cst.Attribute) and method.attr.value in _PATH_TO_PATH
        return to_path and isinstance(method, cst.Attribute) and is_path(file, method.value, steps)
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Divide):
        return is_path(file, node.left, steps) or is_path(file, node.right, steps)
    if isinstance(node, cst.Attribute):
        return node.attr.value == "parent" and is_path(file, node.value, steps)
    if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Attribute):
        return node.value.attr.value == "parents" and is_path(file, node.value.value, steps)
    return False


def _call(file: File, call: cst.Call) -> str | None:
    path = file.names.qualified(call.func)
    if path in _MADE_BY:
        return f"the result of {path}()"
    if path is not None and path.startswith("numpy.") and path.removeprefix("numpy.") in _NUMPY:
        return f"the result of {path}()"
    if isinstance(call.func, cst.Name) and not file.names.lookup(call.func):
        name = call.func.value
        if name in _MADE_BY_BUILTIN:
            return "an open file" if name == "open" else f"the result of {name}()"
        if name in REFUSED_TYPES and isinstance(getattr(builtins, name), type) and name[0].isupper():
            return f"an exception ({name})"
        if name == "float" and len(call.args) == 1 and file.code(call.args[0].value).strip("\"'").lower() == "nan":
            return "NaN (which never equals itself)"
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _DICT_VIEWS and not call.args:
        owner = file.values.value(call.func.value)
        is_dict = isinstance(owner, (cst.Dict, cst.DictComp)) or file.names.qualified(owner) == "os.environ"
        return f"a view of a dict ({call.func.attr.value})" if is_dict else None
    return None


def _subscript(file: File, node: cst.Subscript) -> str | None:
    if file.names.is_builtin(node.value, "list", "dict", "tuple", "set", "frozenset", "type"):
        return "a type hint"
    path = file.names.qualified(node.value) or ""
    hints = "List Dict Optional Union Tuple Set Sequence Mapping Callable Literal Annotated Type Iterable"
    return "a type hint" if path.startswith("typing.") and path.removeprefix("typing.") in hints.split() else None


def _name(file: File, node: cst.Name | cst.Attribute) -> str | None:
    if file.names.is_builtin(node, *REFUSED_TYPES):
        return f"the builtin type {file.code(node)}"
    if file.names.is_builtin(node, "NotImplemented"):
        return "NotImplemented"
    function = builtin_function(file, node)
    if function is not None:
        return f"the compiled function {function}"
    path = file.names.qualified(node)
    if path in ("math.nan", "numpy.nan"):
        return "NaN (which never equals itself)"
    if path in _MODULES:
        return f"the module {path}"
    return path if path in _OBJECTS else None


def _library(module: str) -> object:
    """One of the few modules of Python's own library that are asked about; never a module of what is linted."""
    import math
    import time

    return {"math": math, "time": time}[module]
