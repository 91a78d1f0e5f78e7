"""What the real nemo_run makes of scripts: `python nemo_runner.py DIRECTORY < NAMES.json` prints what fails as JSON.

Started by the environment that holds nemo_run, which is imported once. Every script is run as `__main__` in a fresh
namespace. After an exception the next statement is run as if the failing one were not there, and in the end all that the
script has configured is built: what these do decides whether a report about them is true.
"""

from __future__ import annotations

import ast
import contextlib
import io
import json
import os
import sys
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any


def failures(path: Path) -> list[dict[str, Any]]:
    """Every exception when `path` is run: its name, its message, and the script's own lines in the traceback.

    Those of what is only built in the end come last, and have no lines.
    """
    main = ModuleType("__main__")
    main.__file__ = str(path)
    sys.modules["__main__"] = main
    found = []
    for statement in ast.parse(path.read_text(encoding="utf-8")).body:
        # this module's own `from __future__` must not reach the script
        code = compile(ast.Module([statement], []), str(path), "exec", dont_inherit=True)
        try:
            exec(code, vars(main))
        except BaseException as error:
            frames = traceback.extract_tb(error.__traceback__)
            lines = [frame.lineno for frame in frames if frame.filename == str(path)]
            found.append({"raised": type(error).__name__, "message": str(error), "lines": lines})
    return found + [
        {"raised": type(error).__name__, "message": str(error), "lines": []}
        for error in refusals(list(vars(main).values()))
    ]


def refusals(values: list[Any]) -> Iterator[Exception]:
    """The exceptions when what is configured among `values` is built, and what is partial then called, as a job does."""
    import fiddle

    for value in values:
        if isinstance(value, (list, tuple)):
            yield from refusals(list(value))
        elif isinstance(value, dict):
            yield from refusals(list(value.values()))
        elif isinstance(value, fiddle.Buildable):
            try:
                built = fiddle.build(value)
                if isinstance(value, fiddle.Partial):
                    built()
            except Exception as error:
                yield error


def main() -> None:
    """Run what is named on standard input."""
    directory = Path(sys.argv[1])
    names = json.load(sys.stdin)
    os.chdir(directory)
    sys.path.insert(0, str(directory))
    warnings.simplefilter("ignore")
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        import nemo_run  # noqa: F401

        found = [failures(directory / name) for name in names]
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main()
