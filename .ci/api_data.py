"""Record the public API of every release of NeMo Run, read from its wheel with `ast` alone.

    python .ci/api_data.py [DIRECTORY]

writes nemo_run_lint/nemo/releases/: the newest release whole, each older one as what differs from the next newer one.
DIRECTORY keeps the wheels (default: .cache/wheels); those that it lacks are downloaded. After a release, add it to
RELEASES in nemo_run_lint/releases.py first.

modules   name -> {"names": {name: what it is}, "open": true where names come from outside by star or __getattr__}.
          What a name is: the dotted path of a module, class or function of nemo_run, or "" for anything else.
classes   path -> {"bases", "parameters", "members", "methods", "open": true where a base is not nemo_run's}.
functions path -> {"parameters", "decorated": true where a decorator may have put something else in its place}.

A parameter is [name, kind, annotation], and its default where it has one, as text; kind is "positional" (by place or
keyword), "keyword" (by keyword only), "place" (by place only), "star" or "stars". In a difference, null removes.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path, PurePosixPath
from typing import Any

from nemo_run_lint.releases import NEWEST, RELEASES

ROOT = Path(__file__).parents[1]
DATA = ROOT / "nemo_run_lint" / "nemo" / "releases"
WHEELS = ROOT / ".cache" / "wheels"
PACKAGE = "nemo_run"

Parameter = list[Any]
Definition = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


class Source:
    """All modules of one wheel."""

    def __init__(self, wheel: Path) -> None:
        self.trees: dict[str, ast.Module] = {}
        self.packages: set[str] = set()
        with zipfile.ZipFile(wheel) as archive:
            for path in sorted(map(PurePosixPath, archive.namelist())):
                if path.parts[0] == PACKAGE and path.suffix == ".py":
                    is_package = path.stem == "__init__"
                    name = ".".join(path.parent.parts if is_package else path.with_suffix("").parts)
                    self.packages |= {name} if is_package else set()
                    self.trees[name] = ast.parse(archive.read(str(path)).decode("utf-8"))
        self.bound = {name: dict(self._bindings(name, tree.body)) for name, tree in self.trees.items()}
        self.defined = {name: _definitions(tree) for name, tree in self.trees.items()}

    def _bindings(self, module: str, body: list[ast.stmt]) -> Iterator[tuple[str, str]]:
        """The names that a module's statements bind, in order; a later one wins."""
        for statement in body:
            if isinstance(statement, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                yield statement.name, f"{module}.{statement.name}"
            elif isinstance(statement, ast.Import):
                for alias in statement.names:
                    path = alias.name if alias.asname else alias.name.split(".")[0]
                    yield alias.asname or path, path
            elif isinstance(statement, ast.ImportFrom):
                origin = self._origin(module, statement)
                for alias in statement.names:
                    yield alias.asname or alias.name, f"{origin}.{alias.name}"
            else:
                for target in _targets(statement):
                    yield target, f"{module}.{target}"
                for below in _bodies(statement):
                    yield from self._bindings(module, below)

    def _origin(self, module: str, statement: ast.ImportFrom) -> str:
        if not statement.level:
            return statement.module or ""
        parts = module.split(".")
        parts = parts[: len(parts) - statement.level + (module in self.packages)]
        return ".".join([*parts, statement.module] if statement.module else parts)

    def definition(self, path: str, steps: int = 10) -> str:
        """The module, class or function of nemo_run that an imported path leads to, or the empty string."""
        if not steps or not path.startswith(PACKAGE):
            return ""
        module, _, name = path.rpartition(".")
        target = self.bound.get(module, {}).get(name)
        if target is not None and target != path:
            return self.definition(target, steps - 1)
        if target is None or path in self.trees:
            return path if path in self.trees else ""
        return path if self.node(path) is not None else ""

    def node(self, path: str) -> Definition | None:
        """The definition that stands at the top of a module under this path."""
        module, _, name = path.rpartition(".")
        found = self.defined[module].get(name, [])
        implemented = [each for each in found if "overload" not in _decorators(each)]
        return (implemented or found)[0] if found else None


def _definitions(tree: ast.Module) -> dict[str, list[Definition]]:
    """Every class and function of a module by its name, the outer ones first."""
    found: dict[str, list[Definition]] = {}
    for node in ast.walk(tree):
        if isinstance(node, Definition):
            found.setdefault(node.name, []).append(node)
    return found


def _decorators(node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) -> set[str]:
    return {ast.unparse(decorator).rpartition(".")[2] for decorator in node.decorator_list}


def _targets(statement: ast.stmt) -> Iterator[str]:
    targets: list[ast.expr] = []
    if isinstance(statement, ast.Assign):
        targets = statement.targets
    elif isinstance(statement, ast.AnnAssign) and statement.value is not None:
        targets = [statement.target]
    for target in targets:
        yield from (name.id for name in ast.walk(target) if isinstance(name, ast.Name))


def _bodies(statement: ast.stmt) -> Iterator[list[ast.stmt]]:
    for name in ("body", "orelse", "finalbody"):
        yield getattr(statement, name, [])
    for handler in getattr(statement, "handlers", []):
        yield handler.body


def _arguments(arguments: ast.arguments, skip_first: bool) -> list[Parameter]:
    placed = [*arguments.posonlyargs, *arguments.args]
    defaults = [*[None] * (len(placed) - len(arguments.defaults)), *arguments.defaults]
    found: list[Parameter] = []
    for each, default in zip(placed, defaults, strict=True):
        found.append(_parameter(each, "place" if each in arguments.posonlyargs else "positional", default))
    found = found[skip_first:]
    if arguments.vararg:
        found.append(_parameter(arguments.vararg, "star", None))
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append(_parameter(each, "keyword", default))
    if arguments.kwarg:
        found.append(_parameter(arguments.kwarg, "stars", None))
    return found


def _parameter(written: ast.arg, kind: str, default: ast.expr | None) -> Parameter:
    return [written.arg, kind, _text(written.annotation), *([_text(default)] if default is not None else [])]


def _text(expression: ast.expr | None) -> str:
    return ast.unparse(expression) if expression is not None else ""


def _dataclass_options(node: ast.ClassDef) -> dict[str, bool] | None:
    """The options of a class's `@dataclass`, or None for a class that is none."""
    for decorator in node.decorator_list:
        called = decorator.func if isinstance(decorator, ast.Call) else decorator
        if ast.unparse(called) in ("dataclass", "dataclasses.dataclass"):
            keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
            return {str(each.arg): getattr(each.value, "value", False) for each in keywords}
    return None


def _fields(node: ast.ClassDef, keyword_only: bool) -> dict[str, Parameter | None]:
    """A dataclass's own fields; None for those that its constructor does not take."""
    found: dict[str, Parameter | None] = {}
    for statement in node.body:
        if not isinstance(statement, ast.AnnAssign) or not isinstance(statement.target, ast.Name):
            continue
        annotation, value = _text(statement.annotation), statement.value
        if "ClassVar" in annotation:
            continue
        made = isinstance(value, ast.Call) and ast.unparse(value.func) in ("field", "dataclasses.field")
        options = {each.arg: each.value for each in value.keywords} if made and isinstance(value, ast.Call) else {}
        in_init = getattr(options.get("init"), "value", True)
        default = _default(options) if made else _text(value)
        kind = "keyword" if keyword_only else "positional"
        parameter = [statement.target.id, kind, annotation, *([default] if default else [])]
        found[statement.target.id] = parameter if in_init else None
    return found


def _default(options: dict[str | None, ast.expr]) -> str:
    """The default that `field(...)` gives; the empty string for none. What a factory makes is written as a call."""
    factory = options.get("default_factory")
    if factory is None:
        return _text(options.get("default"))
    return _text(factory.body) if isinstance(factory, ast.Lambda) else f"{_text(factory)}()"


def _members(node: ast.ClassDef) -> Iterator[str]:
    """Methods, properties, class attributes and nested classes, and what methods assign to `self.x`."""
    for statement in node.body:
        if isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            yield statement.name
        elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
            yield statement.target.id
        else:
            yield from _targets(statement)
    for each in ast.walk(node):
        if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store) and ast.unparse(each.value) == "self":
            yield each.attr


def _methods(node: ast.ClassDef) -> Iterator[tuple[str, list[Parameter]]]:
    """The public methods with what a caller on an object gives to them; not those behind a decorator of other kinds."""
    for each in node.body:
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)) and not each.name.startswith("_"):
            wrapped = {ast.unparse(decorator) for decorator in each.decorator_list}
            if wrapped <= {"staticmethod", "classmethod", "abstractmethod"}:
                yield each.name, _arguments(each.args, skip_first="staticmethod" not in wrapped)


def _class(source: Source, path: str) -> dict[str, Any]:
    node = source.node(path)
    assert isinstance(node, ast.ClassDef)
    module = path.rpartition(".")[0]
    bases: list[str] = []
    is_open = "__getattr__" in {each.name for each in node.body if isinstance(each, ast.FunctionDef)}
    for base in node.bases:
        written = ast.unparse(base.value if isinstance(base, ast.Subscript) else base)
        name, _, rest = written.partition(".")
        target = source.definition(source.bound[module].get(name, "") + (f".{rest}" if rest else ""))
        if target:
            bases.append(target)
        elif written not in ("ABC", "Generic", "object", "Protocol"):
            is_open = True
    own = next((each for each in node.body if isinstance(each, ast.FunctionDef) and each.name == "__init__"), None)
    options = _dataclass_options(node)
    found: dict[str, Any] = {"bases": bases, "members": sorted(set(_members(node))), "methods": dict(_methods(node))}
    if own is not None:
        found["parameters"] = _arguments(own.args, skip_first=True)
    elif options is not None:
        fields: dict[str, Parameter | None] = {}
        for path_of_base in bases:
            fields |= {each[0]: each for each in _class(source, path_of_base).get("parameters", [])}
        fields |= _fields(node, options.get("kw_only", False))
        found["parameters"] = [each for each in fields.values() if each is not None]
    elif bases and not is_open:
        found["parameters"] = _class(source, bases[0]).get("parameters")
    if is_open:
        found["open"] = True
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def api(wheel: Path) -> dict[str, Any]:
    """The API of the release in `wheel`."""
    source = Source(wheel)
    modules, classes, functions = {}, {}, {}
    for name, bound in source.bound.items():
        names = {each: source.definition(path) for each, path in sorted(bound.items()) if each != "*"}
        modules[name] = {"names": names} | ({"open": True} if "*" in bound or "__getattr__" in bound else {})
        for path in names.values():
            node = source.node(path) if path and path not in source.trees else None
            if isinstance(node, ast.ClassDef):
                classes[path] = _class(source, path)
            elif node is not None:
                functions[path] = {"parameters": _arguments(node.args, skip_first=False)}
                functions[path] |= {"decorated": True} if node.decorator_list else {}
    return {"modules": modules, "classes": classes, "functions": functions}


def difference(new: dict[str, Any], old: dict[str, Any]) -> dict[str, Any]:
    """What to change in `new` to get `old`: values of `old`, and None for what it lacks."""
    changes: dict[str, Any] = dict.fromkeys(new.keys() - old.keys())
    for key, value in old.items():
        if key in new and isinstance(value, dict) and isinstance(new[key], dict):
            changes |= {key: below} if (below := difference(new[key], value)) else {}
        elif key not in new or new[key] != value:
            changes[key] = value
    return changes


def wheel_of(release: str, directory: Path) -> Path:
    """The wheel of `release` in `directory`, downloaded unless it is there."""
    wheel = directory / f"{PACKAGE}-{release}-py3-none-any.whl"
    if not wheel.exists():
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
        subprocess.run([*command, "--dest", directory, f"{PACKAGE}=={release}"], check=True)
    return wheel


def main(directory: Path) -> None:
    """Record all releases, from wheels in `directory`."""
    recorded = {release: api(wheel_of(release, directory)) for release in RELEASES}
    data = {NEWEST: recorded[NEWEST]}
    for older, newer in pairwise(RELEASES):
        data[older] = difference(recorded[newer], recorded[older])
    DATA.mkdir(exist_ok=True)
    for release, content in data.items():
        text = json.dumps(content, separators=(",", ":"), sort_keys=True)
        (DATA / f"{release}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if sys.argv[1:] else WHEELS)
