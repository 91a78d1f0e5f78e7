"""Run by the Python of another environment: what `inspect.signature` tells of all that some packages define, as JSON."""

from __future__ import annotations

import contextlib
import functools
import importlib
import inspect
import json
import os
import pkgutil
import sys
import warnings
from collections.abc import Iterator
from types import ModuleType

#: Parts of packages that are no part of their interface, or do something when they are imported.
LEFT_OUT = {"__main__", "test", "tests", "testing", "_vendor", "setup"}


def modules(package: str) -> Iterator[ModuleType]:
    top = loaded(package)
    below = pkgutil.walk_packages(getattr(top, "__path__", ()), f"{package}.", onerror=lambda name: None)
    names = [info.name for info in below if not LEFT_OUT & set(info.name.split(".")) and is_dotted(info.name)]
    yield from filter(None, [top, *map(loaded, names)])


def is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))


def loaded(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except BaseException:  # whatever a module does that does not want to be imported here, such as to exit
        return None


def is_asked_for(thing: object, package: str) -> bool:
    """Whether it is a function, a class or a `partial` that the package itself defines."""
    is_kind = isinstance(thing, (type, functools.partial)) or inspect.isroutine(thing) or hasattr(thing, "__wrapped__")
    return is_kind and str(getattr(thing, "__module__", "")).split(".")[0] == package


def told(packages: list[str]) -> Iterator[tuple[str, list[tuple[str, int, bool]]]]:
    seen = set()
    for package in packages:
        for module in modules(package):
            for name, thing in sorted(vars(module).items()):
                if name.startswith("_") or id(thing) in seen or not is_asked_for(thing, package):
                    continue
                seen.add(id(thing))
                with contextlib.suppress(Exception):  # many builtins have no signature
                    parameters = inspect.signature(thing).parameters.values()
                    yield (
                        f"{module.__name__}.{name}",
                        [(each.name, int(each.kind), each.default is not each.empty) for each in parameters],
                    )


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    with open(os.dup(sys.stdout.fileno()), "w") as out, open(os.devnull, "w") as nowhere:
        with contextlib.redirect_stdout(nowhere), contextlib.redirect_stderr(nowhere):
            answers = dict(told(sys.argv[1:]))
        json.dump(answers, out)
