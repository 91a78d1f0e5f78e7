"""Docstrings begun and completed, in Google's style. What only a person knows is left as a TODO, for all to see."""

from __future__ import annotations

import re
from collections.abc import Sequence

import libcst as cst

from nemo_run_lint.nemo.docstring import docstring, returned_value
from nemo_run_lint.nemo.edits import first_in, indentation, one_level
from nemo_run_lint.nemo.function import Function
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix
from nemo_run_lint.sources.python import LINE_END

_SECTION = re.compile(r"^[ \t]*[A-Z][A-Za-z ]*:[ \t]*$")
_ARGUMENTS = re.compile(r"^[ \t]*(?:Args|Arguments|Parameters):[ \t]*$")

#: What shows that a docstring is in another style.
_OTHER_STYLE = re.compile(r"^[ \t]*(?:[:@]param\b|-{3,}[ \t]*$|#+ )", re.MULTILINE)


def begun(function: Function) -> NodeFix | None:
    """A docstring where there is none: what it has to say, with a TODO for each."""
    if function.node.get_docstring(clean=False) is not None:
        return None  # one with nothing in it
    further = one_level(function.file)
    lines = [f'"""TODO: say what `{function.name}` is for.']
    if function.asked:
        lines += ["", "Args:", *(f"{further}{each.name.value}: TODO" for each in function.asked)]
    if returned_value(function) is not None:
        lines += ["", "Returns:", f"{further}TODO"]
    lines = [f'{lines[0]}"""'] if len(lines) == 1 else [*lines, '"""']
    edit = first_in(function.file, function.node, *lines)
    return NodeFix("begin a docstring", (edit,), safe=False) if edit is not None else None


def with_parameters(function: Function, names: Sequence[str]) -> NodeFix | None:
    """These parameters in the docstring's list, or in a list of their own behind what it says first."""
    return _completed(function, "Args:", [f"{name}: TODO" for name in names], "list them, to be described")


def with_return(function: Function) -> NodeFix | None:
    """A section for what is returned."""
    return _completed(function, "Returns:", ["TODO"], "add the section, to be filled in")


def with_example(function: Function, lines: Sequence[str]) -> NodeFix | None:
    """A section with an example at the end."""
    return _completed(function, "Example:", lines, "add an example")


def renamed_parameter(function: Function, old: str, new: str) -> NodeFix | None:
    """Another name at the start of the line that describes a parameter."""
    literal = _literal(function.node)
    if literal is None:
        return None
    pattern = rf"^([ \t]*(?:[:@]param(?:[ \t]+[\w.\[\]]+)?[ \t]+)?[*`]*){re.escape(old)}\b"
    written, count = re.subn(pattern, rf"\g<1>{new}", literal.raw_value, count=1, flags=re.MULTILINE)
    if not count:
        return None
    return NodeFix(f"write {new}", (NodeEdit(literal, _quoted(literal, written)),), safe=False)


def with_fields(module: cst.Module, file: File, fields: Sequence[str]) -> NodeFix | None:
    """Lines for these fields at the end of the module's docstring, or in one of its own."""
    added = [f"{field}: TODO" for field in fields]
    literal = _literal(module)
    if literal is not None:
        lines = [*LINE_END.split(literal.raw_value.rstrip()), "", *added, ""]
        edit = NodeEdit(literal, _quoted(literal, "\n".join(lines)))
    elif module.get_docstring(clean=False) is None and module.body:
        first = module.body[0]
        decorators = getattr(first, "decorators", ())
        text = "\n".join(['"""TODO: say what this experiment is for.', "", *added, '"""', "", ""])
        edit = NodeEdit(decorators[0] if decorators else first, text, "before")
    else:
        return None
    return NodeFix("add them, to be filled in", (edit,), safe=False)


def _completed(function: Function, section: str, entries: Sequence[str], message: str) -> NodeFix | None:
    literal, written = _literal(function.node), docstring(function)
    if literal is None or written is None or _OTHER_STYLE.search(written.text):
        return None
    further = one_level(function.file)
    margin = indentation(function.file, function.node.body.body[0])
    lines = LINE_END.split(literal.raw_value.rstrip())
    place = _end_of_arguments(lines) if section == "Args:" else None
    if place is not None:
        start, end = place
        inner = _indent(lines[start + 1]) if end > start + 1 else _indent(lines[start]) + further
        lines[end:end] = [inner + entry for entry in entries]
    else:
        at = _before_sections(lines, section, margin)
        block = [margin + section, *(margin + further + entry for entry in entries)]
        lines[at:at] = [*block, ""] if at < len(lines) else ["", *block]
    text = "\n".join([*lines, margin])
    return NodeFix(message, (NodeEdit(literal, _quoted(literal, text)),), safe=False)


def _literal(node: cst.FunctionDef | cst.Module) -> cst.SimpleString | None:
    """The docstring's literal, where it is one that may have several lines."""
    body = node.body.body if isinstance(node, cst.FunctionDef) else node.body
    line = body[0] if body else None
    first = line.body[0] if isinstance(line, cst.SimpleStatementLine) else None
    value = first.value if isinstance(first, cst.Expr) else None
    return value if isinstance(value, cst.SimpleString) and len(value.quote) == 3 else None


def _quoted(literal: cst.SimpleString, text: str) -> str:
    return f"{literal.prefix}{literal.quote}{text}{literal.quote}"


def _end_of_arguments(lines: Sequence[str]) -> tuple[int, int] | None:
    """The line with `Args:`, and the one behind the last line that belongs to it."""
    start = next((place for place, line in enumerate(lines) if _ARGUMENTS.match(line)), None)
    if start is None:
        return None
    end = start + 1
    for place in range(start + 1, len(lines)):
        if lines[place].strip() and len(_indent(lines[place])) <= len(_indent(lines[start])):
            break
        end = place + 1 if lines[place].strip() else end
    return start, end


def _before_sections(lines: Sequence[str], section: str, margin: str) -> int:
    """Where a new section goes: `Args:` before the others, `Returns:` before all but `Args:`, an example at the end."""
    if section == "Example:":
        return len(lines)
    for place, line in enumerate(lines[1:], 1):
        is_section = _SECTION.match(line) and _indent(line) == margin
        if is_section and not (section == "Returns:" and _ARGUMENTS.match(line)):
            return place
    return len(lines)


def _indent(line: str) -> str:
    return line[: len(line) - len(line.lstrip())]
