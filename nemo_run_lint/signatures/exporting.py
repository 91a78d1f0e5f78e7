"""What of an environment goes into an exported index: the modules that decide what its callables accept, and no others.

Which these are is found by asking. Of all other modules the index knows that they exist: without that, an import that
is tried in the environment would seem to fail.
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Collection, Iterable, Iterator

from nemo_run_lint.signatures.annotations import allowed
from nemo_run_lint.signatures.callables import signatures
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.files import read_bytes, read_source
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.index_file import Exported
from nemo_run_lint.signatures.search_path import Found
from nemo_run_lint.signatures.signature import Signature, Unknown
from nemo_run_lint.signatures.symbols import Class, Function, Module, Symbol

_IMPORTABLE = (".py", ".pyi", ".so", ".pyd")


def importable(environment: Environment) -> dict[str, str]:
    """The files of all modules that are installed, by where they lie in site-packages, with slashes."""
    found: dict[str, str] = {}
    for directory in environment.installed_in:
        for path in _below(directory, ""):
            found.setdefault(path, os.path.join(directory, path))
    for name, place in environment.editable.items():
        inside = name.replace(".", "/")
        for path in _below(place, f"{inside}/"):
            found.setdefault(path, place + path[len(inside) :])
        found.update((f"{inside}{suffix}", place + suffix) for suffix in _IMPORTABLE if os.path.isfile(place + suffix))
    return found


def _below(directory: str, prefix: str) -> Iterator[str]:
    waiting = [(directory, prefix)]
    while waiting:
        place, inside = waiting.pop()
        try:
            entries = sorted(os.scandir(place), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.is_dir():
                if _is_name(entry.name.removesuffix("-stubs")) and not entry.is_symlink():
                    waiting.append((entry.path, f"{inside}{entry.name}/"))
            elif entry.name.endswith(_IMPORTABLE) and _is_name(entry.name.partition(".")[0]):
                yield f"{inside}{entry.name}"


def _is_name(name: str) -> bool:
    return name.isidentifier() and name != "__pycache__"


def dotted(path: str) -> str:
    """The name of a module by where it lies in site-packages: `nemo/core/__init__.py` -> `nemo.core`."""
    parts = path.partition(".")[0].split("/")
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def importing(paths: Iterable[str], package: str) -> Iterator[str]:
    """Those of the files in which an import of a package stands."""
    wanted = re.compile(rf"^[ \t]*(?:import|from)[ \t]+{package}\b".encode(), re.MULTILINE)
    for path in paths:
        data = read_bytes(path) if path.endswith(".py") else None
        if data is not None and package.encode() in data and wanted.search(data):
            yield path


def exported(index: Index, names: Iterable[str], with_source: Collection[str]) -> Iterator[Exported]:
    """The installed modules that decide what the callables of the modules of these names accept.

    with_source  the files of those in which functions are to be followed
    """
    index.consulted = set()
    for name in names:
        module = index.module(name)
        if isinstance(module, Module):
            _ask(index, module)
    environment = index.environment
    places = [os.path.join(each, "") for each in (*environment.installed_in, *environment.editable.values())]
    for name in sorted(index.consulted):
        found = environment.find(name)
        if found is None or not found.path.startswith(tuple(places)):
            continue
        module = index.module(name)
        if isinstance(module, Module):
            source = read_source(found.path) if found.path in with_source else None
            yield Exported(_place(found), module.summary, environment.distribution(found.path), source)


def _place(found: Found) -> str:
    inside = found.name.replace(".", "/")
    return f"{inside}{'/__init__' if found.is_package else ''}{os.path.splitext(found.path)[1]}"


def _ask(index: Index, module: Module) -> None:
    """Ask all that may be asked about the names of a module; the answers do not matter, but what they depend on."""
    names = {*module.summary.names, *module.summary.lazy, *(module.summary.exports or ())}
    for name in sorted(names):
        symbol = index.member(module, name)
        answer = signatures(index, symbol)
        for signature in answer if not isinstance(answer, Unknown) else ():
            _ask_types(index, signature)
        if isinstance(symbol, Class):
            for attribute in symbol.summary.body:
                _ask_function(index, index.member(symbol, attribute))


def _ask_function(index: Index, symbol: Symbol) -> None:
    if isinstance(symbol, Function):
        signatures(index, symbol)


def _ask_types(index: Index, signature: Signature) -> None:
    """Follow the annotations."""

    def resolve(expression: ast.expr, module: str) -> Symbol:
        home = index.module(module)
        return index.evaluate(expression, home) if isinstance(home, Module) else home

    for parameter in signature.called:
        annotation = index.parse(parameter.annotation) if parameter.annotation else None
        if annotation is not None:
            allowed(annotation, parameter.module, resolve)
