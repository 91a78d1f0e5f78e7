"""What a script hands to run.cli.main: the function that its arguments are for, and what they start from.

Read from the standard library's tree, as this is asked of scripts that are not linted themselves.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

#: What makes an entrypoint read its arguments in another way (nemo_run 0.11.1, `cli/api.py`).
_OTHERWISE = frozenset({"enable_executor", "run_ctx_cls", "entrypoint_cls"})

#: Defaults of the command's options that bring more arguments.
_FILES = frozenset({"yaml", "load"})

#: What a script has that reads, or changes, its command line by itself, or has it read later.
_READERS = frozenset("argparse click typer docopt fire absl hydra simple_parsing tyro".split())
_ARGUMENTS = frozenset({"argv", "orig_argv", "lazy_imports", "LAZY_CLI"})

Definition = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Main:
    """The command that a script is.

    function     the expression that names the function, as a name or with dots
    factory      the expression that names the default factory; None if there is none
    has_executor whether there is a default executor
    """

    function: str
    factory: str | None = None
    has_executor: bool = False


def main_of(tree: ast.Module) -> Main | None:
    """What a script hands to run.cli.main, in the only such call; None where it cannot be told."""
    if _reads_arguments(tree):
        return None
    names = _names_of_main(tree)
    calls = [each for each in ast.walk(tree) if isinstance(each, ast.Call) and _path(each.func) in names]
    around = dict(_stated(tree.body, None)) if len(calls) == 1 else {}
    if len(calls) != 1 or calls[0] not in around:
        return None
    given = _given(calls[0], ("fn", "default_factory", "default_executor", "default_plugins", "cmd_defaults"))
    if given is None or "fn" not in given or _OTHERWISE & given.keys() or _reads_files(given.get("cmd_defaults")):
        return None
    function = _path(given["fn"])
    if function is None or _own_names(around[calls[0]]) & {_first(given["fn"]), _first(given.get("default_factory"))}:
        return None
    return _with_decorator(tree, Main(function), given)


def of_definition(node: Definition, main: Main) -> Main | None:
    """`main` with what the decorator of its function says; None where that reads arguments in another way."""
    for decorator in node.decorator_list:
        call = decorator if isinstance(decorator, ast.Call) else None
        if (_path(call.func if call is not None else decorator) or "").rpartition(".")[2] != "entrypoint":
            return None  # whatever it is replaced by
        given = _given(call, ("fn",)) if call is not None else {}
        if given is None or _OTHERWISE & given.keys():
            return None
        main = _with(main, given)
    return main


def _with_decorator(tree: ast.Module, main: Main, given: dict[str, ast.expr]) -> Main | None:
    definitions = list(definitions_of(tree, main.function))
    if len(definitions) > 1:
        return None
    found = of_definition(definitions[0], main) if definitions else main
    return _with(found, given) if found is not None else None


def _with(main: Main, given: dict[str, ast.expr]) -> Main:
    """`main` with what a call gives, which counts more than what it had."""
    factory, executor = given.get("default_factory"), given.get("default_executor")
    named = main.factory if factory is None or _is_none(factory) else _path(factory) or ""
    return Main(main.function, named, main.has_executor or not (executor is None or _is_none(executor)))


def definitions_of(tree: ast.Module, name: str) -> Iterator[Definition]:
    """The functions of this name that a module defines, in whatever branch."""
    for each in ast.walk(tree):
        if isinstance(each, Definition) and each.name == name:
            yield each


def _reads_arguments(tree: ast.Module) -> bool:
    """Whether a script may do something of its own with its command line."""
    return not (_READERS | _ARGUMENTS).isdisjoint(word for each in ast.walk(tree) for word in _words(each))


def _words(node: ast.AST) -> Iterator[str]:
    """What a node says that may be about a command line."""
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        yield from (alias.name.partition(".")[0] for alias in node.names)
        yield from ((node.module or "").split(".")[:1] if isinstance(node, ast.ImportFrom) else ())
    elif isinstance(node, ast.Attribute):
        yield from {node.attr} & _ARGUMENTS
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield from {node.value} & _ARGUMENTS


def _names_of_main(tree: ast.Module) -> set[str]:
    """How run.cli.main may be called in a file."""
    found: set[str] = set()
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            found |= {f"{alias.asname or alias.name}.cli.main" for alias in each.names if alias.name == "nemo_run"}
        elif isinstance(each, ast.ImportFrom) and each.module in ("nemo_run", "nemo_run.cli", "nemo_run.cli.api"):
            for alias in each.names:
                known = alias.asname or alias.name
                found |= {f"{known}.main"} if alias.name == "cli" else {known} if alias.name == "main" else set()
    return found


def _stated(body: Sequence[ast.stmt], within: Definition | None) -> Iterator[tuple[ast.Call, Definition | None]]:
    """The calls that are statements of a module or of its functions, also behind `if`, with the function around."""
    for statement in body:
        if isinstance(statement, (ast.Expr, ast.Return)) and isinstance(statement.value, ast.Call):
            yield statement.value, within
        elif isinstance(statement, ast.If):
            yield from _stated([*statement.body, *statement.orelse], within)
        elif isinstance(statement, ast.FunctionDef) and within is None:
            yield from _stated(statement.body, statement)


def _own_names(function: Definition | None) -> set[str]:
    """The names that a function may have for itself."""
    nodes = list(ast.walk(function)) if function is not None else []
    bound = {each.id for each in nodes if isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store)}
    imported = (each.names for each in nodes if isinstance(each, (ast.Import, ast.ImportFrom)))
    bound |= {(alias.asname or alias.name).partition(".")[0] for names in imported for alias in names}
    bound |= {each.arg for each in nodes if isinstance(each, ast.arg)}
    return bound | {
        each.name for each in nodes if isinstance(each, (Definition, ast.ClassDef)) and each is not function
    }


def _first(node: ast.expr | None) -> str:
    """`a` of `a.b.c`; empty where there is none."""
    return (_path(node) or "").partition(".")[0] if node is not None else ""


def _given(call: ast.Call, parameters: Sequence[str]) -> dict[str, ast.expr] | None:
    """What a call gives, by the parameter's name; None where a part of it is behind stars."""
    if any(isinstance(each, ast.Starred) for each in call.args) or any(each.arg is None for each in call.keywords):
        return None
    given = dict(zip(parameters, call.args, strict=False))
    return given | {each.arg: each.value for each in call.keywords if each.arg is not None}


def _reads_files(defaults: ast.expr | None) -> bool:
    """Whether the defaults of the options name files of arguments, or may."""
    if defaults is None or _is_none(defaults):
        return False
    if not isinstance(defaults, ast.Dict):
        return True
    keys = [each.value if isinstance(each, ast.Constant) else None for each in defaults.keys]
    return None in keys or not _FILES.isdisjoint(keys)


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _path(node: ast.expr) -> str | None:
    """`a.b.c` for a name with dots; None for anything else."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(parts)]) if isinstance(node, ast.Name) else None
