"""Writing `Optional[...]` and `Union[...]` into a file: the type, and the import where it is missing."""

from __future__ import annotations

import libcst as cst

from nemo_run_lint.nemo.annotation import is_none, members
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit


def optional_edits(file: File, annotation: cst.BaseExpression, inner: str) -> tuple[NodeEdit, ...] | None:
    """The edits that make `annotation` an `Optional[inner]`, with the import; None where that is not simple to tell."""
    optional = spelling(file, "typing.Optional", annotation)
    if optional is None:
        return None
    return (NodeEdit(annotation, f"{optional.text}[{inner}]"), *optional.edits)


def union_edits(file: File, annotation: cst.BaseExpression) -> tuple[NodeEdit, ...] | None:
    """The edits that write `int | str | None` with typing's words, with the import; None where there is none of it."""
    written = members(annotation)
    rest = [file.code(member) for member in written if not is_none(member)]
    if len(written) < 2 or not rest:
        return None
    if len(rest) == 1:
        return optional_edits(file, annotation, rest[0])
    union = spelling(file, "typing.Union", annotation)
    if union is None:
        return None
    listed = ", ".join([*rest, "None"] if len(rest) < len(written) else rest)
    return (NodeEdit(annotation, f"{union.text}[{listed}]"), *union.edits)
