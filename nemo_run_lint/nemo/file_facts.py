"""What a file of the project tells the others: what it imports, which words it uses, what it configures.

Read from the standard library's tree: rules ask it of many files that are not linted, and LibCST would take too long.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from hashlib import blake2b
from typing import Any

from nemo_run_lint.nemo.api import EXECUTORS, public

_WORD = re.compile(r"[^\W\d]\w*")

_DEFINITIONS = (ast.Module, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class WrittenOut:
    """A configuration whose values are all written where it stands.

    key      the same for two that mean the same, however they are laid out
    values   how many literal values there are in it
    line, column, end_line, end_column  where it stands, from 1, columns in characters
    """

    key: str
    values: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True)
class FileFacts:
    """What a file tells the others.

    imported     modules as they are written, relative ones with their dots; `from a import b` gives `a` and `a.b`
    words        the names that it uses, and the words in its texts, docstrings apart
    said         of these, the words in its texts
    has_tests    whether pytest would find a test in it
    written_out  the configurations that are written out in it, outer ones before those in them
    """

    imported: tuple[str, ...] = ()
    words: frozenset[str] = frozenset()
    said: frozenset[str] = frozenset()
    has_tests: bool = False
    written_out: tuple[WrittenOut, ...] = ()

    def plain(self) -> dict[str, Any]:
        """The same, ready for JSON."""
        return {**asdict(self), "words": sorted(self.words), "said": sorted(self.said)}

    @classmethod
    def of_plain(cls, told: dict[str, Any]) -> FileFacts:
        """What `plain` gave. Raises TypeError or KeyError for anything else."""
        return cls(
            tuple(told["imported"]),
            frozenset(told["words"]),
            frozenset(told["said"]),
            bool(told["has_tests"]),
            tuple(WrittenOut(**each) for each in told["written_out"]),
        )


def facts_of_text(text: str) -> FileFacts:
    """The facts of a file that is no Python: its words."""
    words = frozenset(_WORD.findall(text))
    return FileFacts(words=words, said=words)


def facts(text: str) -> FileFacts | None:
    """The facts of a Python source; None if it does not parse, or is nested too deeply."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return facts_of(ast.parse(text), text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None


def facts_of(tree: ast.Module, text: str) -> FileFacts:
    """The facts of a source that is parsed already. Raises RecursionError where it is nested too deeply."""
    nodes = list(ast.walk(tree))
    said = frozenset(word for each in _texts(nodes) for word in _WORD.findall(each))
    return FileFacts(
        tuple(dict.fromkeys(_imported(nodes))),
        frozenset(_names(nodes)) | said,
        said,
        any(map(_is_test, nodes)),
        tuple(written_out(tree, text)),
    )


def _imported(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield module
            yield from (_below(module, alias.name) for alias in node.names if alias.name != "*")


def _below(module: str, name: str) -> str:
    return module + name if module.endswith(".") else f"{module}.{name}"


def _names(nodes: Iterable[ast.AST]) -> Iterator[str]:
    for node in nodes:
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.alias):
            yield from node.name.split(".")
        elif isinstance(node, (ast.arg, ast.keyword)):
            yield node.arg or ""


def _texts(nodes: Iterable[ast.AST]) -> Iterator[str]:
    docstrings = {id(node.body[0].value) for node in nodes if isinstance(node, _DEFINITIONS) and _has_docstring(node)}  # type: ignore[attr-defined]
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def _has_docstring(node: ast.AST) -> bool:
    body = getattr(node, "body", None)
    first = body[0] if body else None
    return isinstance(first, ast.Expr) and isinstance(first.value, ast.Constant)


def _is_test(node: ast.AST) -> bool:
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return node.name.startswith("test")
    return False


# -- configurations that are written out ---------------------------------------------------------------------------


def written_out(tree: ast.Module, text: str) -> Iterator[WrittenOut]:
    """The configurations of a file that are written out: configs, executors, objects of config classes, dicts."""
    names = _import_table(tree)
    lines: list[bytes] = []
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Call, ast.Dict)) or not _configures(node, names):
            continue
        told = _written(node, names)
        if told is None:
            continue
        lines = lines or [line.encode() for line in re.split(r"\r\n?|\n", text)]
        key = blake2b(told[0].encode(errors="surrogatepass"), digest_size=12).hexdigest()
        start = _column(lines, node.lineno, node.col_offset)
        end_line = node.end_lineno or node.lineno
        yield WrittenOut(key, told[1], node.lineno, start, end_line, _column(lines, end_line, node.end_col_offset or 0))


def _column(lines: list[bytes], line: int, offset: int) -> int:
    return len(lines[line - 1][:offset].decode(errors="replace")) + 1


def _import_table(tree: ast.Module) -> dict[str, str]:
    """The import paths of the names of a file; a name that means several things means none."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        bound: list[tuple[str, str]] = []
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                bound.append((alias.asname, alias.name) if alias.asname else (first, first))
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            bound = [(alias.asname or alias.name, _below(module, alias.name)) for alias in node.names]
        for name, path in bound:
            found[name] = path if found.get(name, path) == path else ""
    return found


def _path(node: ast.expr, names: dict[str, str]) -> str | None:
    """The import path of a name with its attributes, of NeMo Run's the public one; None for what is not imported."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    root = names.get(node.id) if isinstance(node, ast.Name) else None
    path = ".".join([root, *reversed(parts)]) if root else None
    return f"nemo_run.{public(path)}" if public(path) else path


def _configures(node: ast.Call | ast.Dict, names: dict[str, str]) -> bool:
    if isinstance(node, ast.Dict):
        return all(isinstance(key, ast.Constant) and isinstance(key.value, str) for key in node.keys)
    path = _path(node.func, names) or ""
    name = public(path)
    return name in ("Config", "Partial") or name in EXECUTORS or path.endswith("Config")


def _written(node: ast.expr, names: dict[str, str]) -> tuple[str, int] | None:
    """What an expression says, whatever its layout, and how many literals are in it; None if a variable decides."""
    if isinstance(node, ast.Constant):
        return repr(node.value), 1
    if isinstance(node, (ast.Name, ast.Attribute)):
        path = _path(node, names)
        return (path, 0) if path is not None else None
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        told = _written(node.operand, names)
        return (f"-{told[0]}", told[1]) if told is not None else None
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        return _joined(type(node).__name__, [("", each) for each in node.elts], names)
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        named = [(repr(key.value), value) for key, value in pairs if isinstance(key, ast.Constant)]
        return _joined("Dict", _by_name(named), names) if len(named) == len(node.keys) else None
    if isinstance(node, ast.Call):
        return _written_call(node, names)
    return None


def _written_call(node: ast.Call, names: dict[str, str]) -> tuple[str, int] | None:
    path = _path(node.func, names)
    if path is None or any(each.arg is None for each in node.keywords):
        return None
    named = _by_name((str(each.arg), each.value) for each in node.keywords)
    return _joined(path, [*(("", each) for each in node.args), *named], names)


def _by_name(parts: Iterable[tuple[str, ast.expr]]) -> list[tuple[str, ast.expr]]:
    return sorted(parts, key=lambda each: each[0])


def _joined(kind: str, parts: Iterable[tuple[str, ast.expr]], names: dict[str, str]) -> tuple[str, int] | None:
    told, values = [], 0
    for name, value in parts:
        part = _written(value, names)
        if part is None:
            return None
        told.append(f"{name}={part[0]}")
        values += part[1]
    return f"{kind}({', '.join(told)})", values
