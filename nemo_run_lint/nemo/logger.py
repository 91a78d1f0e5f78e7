"""A line of logging as the file would write it: by its own logger, or by the logging module."""

from __future__ import annotations

import libcst as cst

from nemo_run_lint.nemo.importing import Spelling, spelling
from nemo_run_lint.project import File


def logged_exception(file: File, message: str, use: cst.CSTNode) -> Spelling | None:
    """`logger.exception("...")` at `use`, and the import that it may need; None where neither can be had."""
    own = _own_logger(file, use)
    if own is not None:
        return Spelling(f'{own}.exception("{message}")')
    found = spelling(file, "logging.exception", use, by_module=True)
    return Spelling(f'{found.text}("{message}")', found.edits) if found is not None else None


def configured_logging(file: File, level: str, use: cst.CSTNode) -> Spelling | None:
    """`logging.basicConfig(level=logging.INFO)` at `use`, and the import that it may need."""
    found = spelling(file, "logging.basicConfig", use, by_module=True)
    if found is None:
        return None
    module = found.text.rpartition(".")[0]
    wanted = f"{module}.{level}" if module else f'"{level}"'
    return Spelling(f"{found.text}(level={wanted})", found.edits)


def _own_logger(file: File, use: cst.CSTNode) -> str | None:
    """The name of a logger that the module makes once, and that means it at `use` too."""
    for name, bindings in file.names.module.bindings.items():
        made = bindings[0].value
        is_logger = isinstance(made, cst.Call) and file.names.qualified(made.func) == "logging.getLogger"
        if len(bindings) == 1 and is_logger and file.names.scope_of(use) is not file.names.module:
            scope = file.names.scope_of(use)
            while scope.parent is not None and name not in scope.bindings:
                scope = scope.parent
            if scope is file.names.module:
                return name
    return None
