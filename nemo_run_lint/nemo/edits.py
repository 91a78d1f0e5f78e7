"""Edits that the fixes of several rules are made of: of arguments, calls, statements and blocks.

Each keeps what it does not speak of, white space and comments included, or there is none.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

import libcst as cst

from nemo_run_lint.nemo.importing import Spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit

# -- expressions -------------------------------------------------------------------------------------------------


def wrapped(node: cst.CSTNode, before: str, after: str = ")") -> tuple[NodeEdit, NodeEdit]:
    """Something before an expression, and something after it, inside of its own parentheses."""
    return NodeEdit(node, before, "before"), NodeEdit(node, after, "after")


def as_list(node: cst.Tuple | cst.GeneratorExp) -> tuple[NodeEdit, NodeEdit]:
    """A tuple or generator with brackets in the place of its parentheses, or around it."""
    if not node.lpar:
        return wrapped(node, "[", "]")
    return NodeEdit(node, "[", "opening"), NodeEdit(node, "]", "closing")


def literal(value: str, like: cst.BaseExpression | None = None) -> str:
    """A text as Python writes it, in the quotes of a literal `like` it, if it is one, or in double ones."""
    single = isinstance(like, cst.SimpleString) and like.quote.startswith("'")
    shown = repr(value)
    plain = shown[1:-1]
    if not single and shown[0] == "'" and '"' not in plain:
        return f'"{plain}"'
    return shown


# -- calls -------------------------------------------------------------------------------------------------------


def added_argument(call: cst.Call, written: str) -> NodeEdit | None:
    """A keyword argument at the end of a call."""
    if not call.args:
        return NodeEdit(call, written, "inside")
    last = call.args[-1]
    if isinstance(last.value, cst.GeneratorExp) and not last.value.lpar and last.keyword is None:
        return None  # `f(x for x in y)` takes no second argument
    return NodeEdit(last, f", {written}", "after")


def removed_arguments(call: cst.Call, arguments: Sequence[cst.Arg]) -> tuple[NodeEdit, ...]:
    """A call without some of its arguments and their commas; what stays must not depend on its place."""
    if len(arguments) == len(call.args):
        return (NodeEdit(call.args[0], "", until=call, where="inside"),)
    edits, first, previous = [], None, None
    for given in call.args:
        if any(given is each for each in arguments):
            first = first or given
        else:
            if first is not None:
                edits.append(NodeEdit(first, "", until=given))
            first, previous = None, given
    if first is not None and previous is not None:
        edits.append(NodeEdit(previous, "", "after", until=call.args[-1]))
    return tuple(edits)


def without(file: File, argument: cst.CSTNode) -> tuple[NodeEdit, ...]:
    """The call of a keyword argument without it; no edits for what is none."""
    call = file.tree.parent(argument)
    if not isinstance(argument, cst.Arg) or argument.keyword is None or not isinstance(call, cst.Call):
        return ()
    return removed_arguments(call, [argument])


def removed_elements(elements: Sequence[cst.CSTNode], element: cst.CSTNode) -> tuple[NodeEdit, ...]:
    """A list of at least two without one of its elements, and without its comma."""
    place = next(place for place, each in enumerate(elements) if each is element)
    if place + 1 < len(elements):
        return (NodeEdit(element, "", until=elements[place + 1]),)
    return (NodeEdit(elements[place - 1], "", "after", until=element),)


def configured(file: File, call: cst.Call, kind: Spelling) -> tuple[NodeEdit, ...]:
    """`Model(hidden=8)` as `run.Config(Model, hidden=8)`."""
    before = NodeEdit(call.func, f"{kind.text}(", "before")
    if not call.args:
        return before, NodeEdit(call.func, ")", "after", until=call), *kind.edits
    white = file.code(call.whitespace_before_args) or " "
    return before, _up_to(call.func, f",{white}", call.args[0]), *kind.edits


def unwrapped(file: File, call: cst.Call) -> tuple[NodeEdit, ...]:
    """`run.Config(Model, hidden=8)` as `Model(hidden=8)`; the first argument is given by place."""
    target = call.args[0]
    before = NodeEdit(call, "", until=target)
    if len(call.args) == 1:
        return before, NodeEdit(target, "()", "after", until=call)
    white = file.code(target.comma.whitespace_after) if isinstance(target.comma, cst.Comma) else ""
    return before, _up_to(target, "(" + (white if "\n" in white else ""), call.args[1])


def bare_arguments(call: cst.Call) -> tuple[NodeEdit, ...]:
    """Only the arguments of a call that is itself an argument: `f(partial(g, 1), 2)` as `f(g, 1, 2)`."""
    return NodeEdit(call, "", until=call.args[0]), NodeEdit(call.args[-1], "", "after", until=call)


def spread(file: File, call: cst.Call) -> tuple[NodeEdit, ...]:
    """What a call calls, and its arguments, where the call is an argument: `f(g(1), 2)` as `f(g, 1, 2)`."""
    if not call.args:
        return (NodeEdit(call.func, "", "after", until=call),)
    white = file.code(call.whitespace_before_args) or " "
    return _up_to(call.func, f",{white}", call.args[0]), NodeEdit(call.args[-1], "", "after", until=call)


def _up_to(node: cst.CSTNode, written: str, end: cst.CSTNode) -> NodeEdit:
    """All from a node's end up to where another one begins."""
    return NodeEdit(node, written, "up to", until=end)


# -- statements and blocks ---------------------------------------------------------------------------------------


def removed_statement(file: File, node: cst.CSTNode) -> NodeEdit | None:
    """No statement where the small one is that `node` stands in; `pass` where there must be one."""
    around = (node, *file.tree.ancestors(node))
    small = next((each for each in around if isinstance(each, cst.BaseSmallStatement)), None)
    line = file.tree.parent(small) if small is not None else None
    if small is None or line is None:
        return None
    if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1:
        block = file.tree.parent(line)
        others = len(getattr(block, "body", ())) > 1
        has_comment = line.trailing_whitespace.comment is not None
        if others or isinstance(block, cst.Module):
            return NodeEdit(line, "", "lines") if not has_comment else None
    return NodeEdit(small, "pass")


def first_in(file: File, function: cst.FunctionDef, *lines: str) -> NodeEdit | None:
    """Lines at the start of a function's body, behind its docstring."""
    block = function.body
    body = list(block.body)
    described = function.get_docstring(clean=False) is not None
    if not isinstance(block, cst.IndentedBlock) or len(body) == described:
        return None
    first = body[described]
    decorators = getattr(first, "decorators", ())
    return above(file, decorators[0] if decorators else first, *lines)


def above(file: File, statement: cst.CSTNode, *lines: str) -> NodeEdit:
    """Lines above a statement that begins a line, as indented as it is."""
    margin = indentation(file, statement)
    written = "\n".join(margin + line if line else "" for line in lines)
    return NodeEdit(statement, f"{written[len(margin) :]}\n{margin}", "before")


def last_in(file: File, block: cst.BaseSuite, written: str) -> NodeEdit | None:
    """A simple statement at the end of a block."""
    last = block.body[-1]
    if isinstance(block, cst.SimpleStatementSuite):
        return NodeEdit(last, f"; {written}", "after")
    return NodeEdit(last, indentation(file, block.body[0]) + written, "below")


def indentation(file: File, statement: cst.CSTNode) -> str:
    """What stands before a statement on its line."""
    decorators = getattr(statement, "decorators", ())
    span = file.positions.span(decorators[0] if decorators else statement)
    return file.lines[span.line - 1][: span.column - 1]


def one_level(file: File) -> str:
    """What the file indents by."""
    return file.tree.module.default_indent


def indented(file: File, start: int, end: int) -> str:
    """The lines from one to another, a level further in; the inside of texts stays as it is."""
    inside = {
        line
        for statement in file.tree.ast.body
        if (statement.end_lineno or 0) >= start and _first_line(statement) <= end
        for node in ast.walk(statement)
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and isinstance(getattr(node, "value", ""), (str, bytes))
        for line in range(node.lineno + 1, (node.end_lineno or node.lineno) + 1)
    }
    lines = enumerate(file.lines[start - 1 : end], start)
    further = one_level(file)
    return "\n".join(further + line if line.strip() and number not in inside else line for number, line in lines)


def _first_line(statement: ast.stmt) -> int:
    decorators: list[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)])
