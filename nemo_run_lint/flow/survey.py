"""The targets of a file's configurations as plain data, to count them."""

from __future__ import annotations

import ast

from nemo_run_lint.flow.misfits import Followed
from nemo_run_lint.project import File
from nemo_run_lint.signatures.signature import Unknown
from nemo_run_lint.target import Target

#: How much of a target is shown.
_LONGEST = 60


def targets(file: File) -> tuple[Target, ...]:
    """Every target of a run.Config or run.Partial of the file, in the order of the text."""
    found = [
        Target(file.path, call.lineno, _written(call), accepted.reason.value if isinstance(accepted, Unknown) else "")
        for followed in file.all(Followed)
        for call, accepted in followed.analysis.targets.items()
        if isinstance(call, ast.Call)
    ]
    return tuple(sorted(found, key=lambda target: (target.line, target.written)))


def _written(call: ast.Call) -> str:
    first = call.args[0] if call.args else next((each.value for each in call.keywords if each.arg), None)
    text = " ".join(ast.unparse(first).split()) if first is not None else ""
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
