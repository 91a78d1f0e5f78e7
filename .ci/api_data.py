"""Read the public API of a NeMo Run release from its unpacked wheel, with `ast` alone, and record it by version.

    python .ci/api_data.py 0.11.1 path/to/the/unpacked/wheel

writes (or rewrites) the key "0.11.1" of nemo_run_lint/nemo/api_data.json; other versions in it stay as they are.

modules   name -> {"names": {name: what it is}, "open": true where names come from outside by star or __getattr__}.
          What a name is: the dotted path of a module, class or function of nemo_run, or "" for anything else.
classes   path -> {"bases", "parameters", "members", "methods", "open": true where a base is not nemo_run's}.
functions path -> {"parameters", "decorated": true where a decorator may have put something else in its place}.

A parameter is [name, kind, required, annotation]; kind is "positional" (by place or keyword), "keyword" (by keyword
only), "place" (by place only), "star" or "stars".
"""

from __future__ import annotations

import ast
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

DATA = Path(__file__).parents[1] / "nemo_run_lint" / "nemo" / "api_data.json"
PACKAGE = "nemo_run"

Parameter = list[Any]


class Source:
    """All modules of one unpacked wheel."""

    def __init__(self, root: Path) -> None:
        self.trees: dict[str, ast.Module] = {}
        for path in sorted((root / PACKAGE).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            self.trees[name] = ast.parse(path.read_text(encoding="utf-8"))
        self.packages = {name for name in self.trees if (root.joinpath(*name.split(".")) / "__init__.py").exists()}
        self.bound = {name: dict(self._bindings(name, tree.body)) for name, tree in self.trees.items()}

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

    def node(self, path: str) -> ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The definition that stands at the top of a module under this path."""
        module, _, name = path.rpartition(".")
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        found = [each for each in ast.walk(self.trees[module]) if isinstance(each, kinds) and each.name == name]
        implemented = [each for each in found if "overload" not in _decorators(each)]
        return (implemented or found)[0] if found else None


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
    required = len(placed) - len(arguments.defaults)
    found: list[Parameter] = []
    for place, each in enumerate(placed):
        kind = "place" if each in arguments.posonlyargs else "positional"
        found.append([each.arg, kind, place < required, _text(each.annotation)])
    found = found[skip_first:]
    if arguments.vararg:
        found.append([arguments.vararg.arg, "star", False, _text(arguments.vararg.annotation)])
    for each, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        found.append([each.arg, "keyword", default is None, _text(each.annotation)])
    if arguments.kwarg:
        found.append([arguments.kwarg.arg, "stars", False, _text(arguments.kwarg.annotation)])
    return found


def _text(annotation: ast.expr | None) -> str:
    return ast.unparse(annotation) if annotation is not None else ""


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
        required = value is None or (made and not {"default", "default_factory"} & set(options))
        in_init = getattr(options.get("init"), "value", True)
        kind = "keyword" if keyword_only else "positional"
        found[statement.target.id] = [statement.target.id, kind, required, annotation] if in_init else None
    return found


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
        found["dataclass"] = True
    elif bases and not is_open:
        found["parameters"] = _class(source, bases[0]).get("parameters")
    if is_open:
        found["open"] = True
    return {key: value for key, value in found.items() if value not in (None, [], {})}


def api(root: Path) -> dict[str, Any]:
    """The API of the release that is unpacked at `root`."""
    source = Source(root)
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
    return {"modules": modules, "classes": dict(sorted(classes.items())), "functions": dict(sorted(functions.items()))}


def main(version: str, root: str) -> None:
    """Record `version`, unpacked at `root`."""
    recorded = json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {}
    recorded[version] = api(Path(root))
    text = json.dumps(recorded, separators=(",", ":"), sort_keys=True)
    DATA.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
