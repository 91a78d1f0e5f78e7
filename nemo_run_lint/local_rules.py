"""Rules from a directory that a person names for one run: `check --local-rules DIR`.

This is the one way in which the program runs code that is not installed, so that no setting can ask for it. The files
are no package: each is a module of its own, and none is found by import.
"""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path
from types import ModuleType

from nemo_run_lint import rule_files
from nemo_run_lint.rule import Rule

#: What the modules are called, with the name of the file behind it; a dot would make it a package.
_PREFIX = "nemo_run_lint_local_rule_"


class LocalRulesError(Exception):
    """The rules of a directory cannot be had. The message is a sentence for the user."""


def bring(directory: Path) -> None:
    """Run the files of a directory, `*.py` but for `_*.py`, and have their rules among all others from now on.

    Raises LocalRulesError where there is none, where a file does not run, and for a rule that there is already.
    """
    found: dict[str, EntryPoint] = {}
    codes = set(rule_files.codes().values())
    for file in _files(directory):
        module = _module(file)
        for rule in _rules_in(module):
            if rule.name() in rule_files.names() or rule.name() in found:
                raise LocalRulesError(f"{file}: there is already a rule `{rule.name()}`")
            if rule.code in codes:
                raise LocalRulesError(f"{file}: `{rule.name()}` has the code {rule.code}, which is another rule's")
            codes.add(rule.code)
            where = f"{module.__name__}:{rule.__name__}"
            found[rule.name()] = EntryPoint(rule.name(), where, rule_files.ENTRY_POINTS)
    if not found:
        raise LocalRulesError(f"there is no rule in {directory}: a file *.py with a class that derives from Rule")
    rule_files.bring(found)


def _files(directory: Path) -> list[Path]:
    if not directory.is_dir():
        raise LocalRulesError(f"there is no directory {directory}")
    return sorted(file for file in directory.glob("*.py") if not file.name.startswith("_"))


def _module(file: Path) -> ModuleType:
    """The module that a file makes; beside the file nothing is written."""
    name = _PREFIX + file.stem
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        raise LocalRulesError(f"{file} cannot be run: {type(error).__name__}: {error}") from None
    finally:
        sys.dont_write_bytecode = before
    return module


def _rules_in(module: ModuleType) -> Iterator[type[Rule]]:
    for value in list(vars(module).values()):
        is_rule = isinstance(value, type) and issubclass(value, Rule) and value.__module__ == module.__name__
        if is_rule and hasattr(value, "code"):
            yield value
