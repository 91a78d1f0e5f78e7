"""From the dotted name of a module to the module, or to why it is not known."""

from __future__ import annotations

import os
import sys
import sysconfig
from collections.abc import Callable

from nemo_run_lint.signatures.environment import Environment, Found
from nemo_run_lint.signatures.signature import Reason, Unknown
from nemo_run_lint.signatures.summary import ModuleSummary
from nemo_run_lint.signatures.symbols import Module

#: How a module that was found becomes a summary; None if it cannot be read.
Read = Callable[[Found], ModuleSummary | None]


def load(environment: Environment, read: Read, name: str) -> Module | Unknown:
    """The module of this name."""
    found = environment.find(name)
    if found is None:
        return Unknown(Reason.NOT_INSTALLED, name)
    if found.kind == "namespace":
        return Module(name, "", True, ModuleSummary({}))
    if found.kind == "compiled":
        return Unknown(Reason.COMPILED, name)
    summary = read(found)
    if summary is not None:
        return Module(name, found.path, found.is_package, summary)
    is_standard = any(found.path.startswith(os.path.join(directory, "")) for directory in environment.stdlib)
    instead = _of_this_python(read, name) if is_standard else None
    return instead or Unknown(Reason.UNREADABLE, name)


def _of_this_python(read: Read, name: str) -> Module | None:
    """A standard module as the Python that runs this has it; that of a newer one may be too new to be parsed.

    The newer one may have more names.
    """
    if name.partition(".")[0] not in sys.stdlib_module_names:
        return None
    stem = os.path.join(sysconfig.get_path("stdlib"), *name.split("."))
    for path, is_package in ((f"{stem}.py", False), (os.path.join(stem, "__init__.py"), True)):
        summary = read(Found(name, path, "source", is_package, ())) if os.path.isfile(path) else None
        if summary is not None:
            return Module(name, path, is_package, summary._replace(makes_names=True))
    return None
