"""What a command line starts from: the entrypoint of its script, or of the package that brings a command of `nemo`."""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from nemo_run_lint.nemo.cli_main import Definition, Main, definitions_of, main_of, of_definition
from nemo_run_lint.nemo.command_line import Arguments, Started
from nemo_run_lint.nemo.entry_points import module_of
from nemo_run_lint.nemo.program import Start, names_in
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.symbols import Function
from nemo_run_lint.sources.python import TooLargeError, UndecodableError, UnreadableError, decode, parsed, read

#: How what is imported for the program is called there.
_FUNCTION, _FACTORY = "__function", "__factory"

#: Larger files of a package are not searched for factories.
_LARGEST = 1_000_000


def starts(begun: Started, given: Arguments, tree: ast.Module, index: Index) -> Start | None:
    """What a command starts from; None where that is no entrypoint of nemo_run, or cannot be told."""
    if begun.entry is not None:
        return _of_nemo(begun.entry, given, index)
    main = main_of(tree)
    if main is None:
        return None
    definition = next(definitions_of(tree, main.function), None)
    if definition is not None:
        return Start(main, definition=definition, names=names_in(tree))
    return _imported(main, tree, index)


def _imported(main: Main, tree: ast.Module, index: Index) -> Start | None:
    """That of a script whose function is another module's; its own decorator may name a factory."""
    path = _meant(tree, main.function)
    symbol = index.symbol(path) if path is not None else None
    node = index.node(symbol) if isinstance(symbol, Function) else None
    if not isinstance(node, Definition) or not isinstance(symbol, Function):
        return None
    known = of_definition(node, Main(main.function))
    if known is None:
        return None
    factory = known.factory
    if main.factory is not None:
        factory = main.factory
    elif factory:  # it is named where the function is defined
        factory = "" if "." in factory else _FACTORY
    imports = f"from {symbol.module.name} import {known.factory} as {_FACTORY}" if factory == _FACTORY else ""
    found = replace(main, factory=factory, has_executor=main.has_executor or known.has_executor)
    return Start(found, imports, names=names_in(tree))


def _meant(tree: ast.Module, name: str) -> str | None:
    """The dotted path of what a module imports as `name`, whose first part it imports once and absolutely."""
    first, _, rest = name.partition(".")
    found: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level:
            found += [f"{node.module}.{each.name}" for each in node.names if (each.asname or each.name) == first]
        elif isinstance(node, ast.Import):
            found += [each.name for each in node.names if each.asname == first]
            found += [first for each in node.names if not each.asname and each.name.partition(".")[0] == first]
    if len(set(found)) != 1:
        return None
    return f"{found[0]}.{rest}" if rest else found[0]


def _of_nemo(entry: tuple[str, str], given: Arguments, index: Index) -> Start | None:
    """`nemo llm pretrain`."""
    environment = index.environment
    module = module_of(entry[0], environment.installed_in, map(str, environment.roots))
    symbol = index.symbol(f"{module}.{entry[1]}") if module is not None else None
    node = index.node(symbol) if isinstance(symbol, Function) else None
    if not isinstance(node, Definition) or not isinstance(symbol, Function) or not _is_called(node, entry):
        return None
    main = of_definition(node, Main(_FUNCTION))
    if main is None:
        return None
    imports = [f"from {symbol.module.name} import {symbol.name.rpartition('.')[2]} as {_FUNCTION}"]
    if given.factory is not None:
        named = _registered(given.factory.text, node.name, module or "", index) if given.factory.is_known else None
        main = replace(main, factory=_FACTORY if named is not None else "")
        imports += [f"from {named[0]} import {named[1]} as {_FACTORY}"] if named is not None else []
    elif main.factory:
        imports += [f"from {symbol.module.name} import {main.factory} as {_FACTORY}"] if "." not in main.factory else []
        main = replace(main, factory=_FACTORY if "." not in main.factory else "")
    return Start(main, "\n".join(imports), names=None, has_chosen=given.factory is not None)


def _is_called(node: Definition, entry: tuple[str, str]) -> bool:
    """Whether the decorator registers a function under these two words."""
    for call in node.decorator_list:
        given = {each.arg: each.value for each in call.keywords} if isinstance(call, ast.Call) else {}
        namespace, name = given.get("namespace"), given.get("name")
        if isinstance(namespace, ast.Constant) and namespace.value == entry[0]:
            return name is None or (isinstance(name, ast.Constant) and name.value == entry[1])
    return False


def _registered(name: str, function: str, package: str, index: Index) -> tuple[str, str] | None:
    """The only function of a package that is registered as a factory of this name for an entrypoint: module, name."""
    found = [each for path in _files(package, index) for each in _factories(path, name, function)]
    if len(found) != 1:
        return None
    path, factory = found[0]
    module = index.environment.module_name(path)
    return (module, factory) if module else None


def _files(package: str, index: Index) -> Iterator[Path]:
    found = index.environment.find(package)
    directory = os.path.dirname(found.path) if found is not None and found.path else ""
    if os.path.basename(found.path if found is not None else "") != "__init__.py":
        return
    for where, directories, names in os.walk(directory):
        directories.sort()
        yield from (Path(where, each) for each in sorted(names) if each.endswith(".py"))


def _factories(path: Path, name: str, function: str) -> Iterator[tuple[Path, str]]:
    try:
        text = decode(read(str(path), _LARGEST)).text
    except (UnreadableError, TooLargeError, UndecodableError):
        return
    tree = parsed(text) if name in text and "factory" in text else None
    if not isinstance(tree, ast.Module):
        return
    constants = {
        target.id: each.value.value
        for each in tree.body
        if isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant)
        for target in each.targets
        if isinstance(target, ast.Name)
    }
    for each in tree.body:
        if isinstance(each, ast.FunctionDef):
            for call in each.decorator_list:
                if _registers(call, each.name, name, function, constants):
                    yield path, each.name


def _registers(call: ast.expr, own: str, name: str, function: str, constants: Mapping[str, object]) -> bool:
    """Whether a decorator registers the function `own` as a factory of this name for an entrypoint."""
    if not isinstance(call, ast.Call) or not ast.unparse(call.func).endswith("cli.factory"):
        return False
    given = {each.arg: each.value for each in call.keywords}
    target, named = given.get("target"), given.get("name")
    if target is None or "target_arg" in given or ast.unparse(target).rpartition(".")[2] != function:
        return False
    if named is None:
        return own == name
    said = constants.get(named.id) if isinstance(named, ast.Name) else getattr(named, "value", None)
    return said == name
