"""What exp.add and run.run are handed: tasks, executors, plugins, names, and whether they can be what they must be.

Executed with nemo_run 0.11.1; each kind of thing that is named here was refused there.
"""

from __future__ import annotations

import libcst as cst

from nemo_run_lint.nemo.api import EXECUTORS, public
from nemo_run_lint.nemo.executor import executors_of, made_by
from nemo_run_lint.nemo.experiment import Experiment, Submission
from nemo_run_lint.nemo.objects import class_kind
from nemo_run_lint.nemo.saving import bases_in_file, is_narrowed, is_plain
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import Kind
from nemo_run_lint.syntax.calls import keyword, positional

_LITERALS: dict[type[cst.CSTNode], str] = {
    cst.SimpleString: "text",
    cst.ConcatenatedString: "text",
    cst.FormattedString: "text",
    cst.Integer: "a number",
    cst.Float: "a number",
    cst.Dict: "a dict",
    cst.DictComp: "a dict",
    cst.Set: "a set",
    cst.SetComp: "a set",
    cst.Tuple: "a tuple",
    cst.GeneratorExp: "a generator",
    cst.List: "a list",
    cst.ListComp: "a list",
    cst.Lambda: "a lambda",
}

_PLUGINS = ("Plugin", "ExperimentPlugin")


def is_none(file: File, node: cst.CSTNode) -> bool:
    """Whether `node` is None as written."""
    return file.names.is_builtin(node, "None")


def is_true(file: File, node: cst.CSTNode | None) -> bool:
    """Whether `node` is True as written."""
    return node is not None and file.names.is_builtin(file.values.value(node), "True")


def certain(file: File, node: cst.CSTNode) -> cst.CSTNode | None:
    """The one thing that an expression stands for, through plain assignments; None where others may decide.

    A parameter, a loop's variable and what a condition asks about may be anything.
    """
    value = file.values.value(node)
    if is_narrowed(file, node) or is_narrowed(file, value):
        return None
    bindings = file.names.lookup(value) if isinstance(value, cst.Name) else ()
    if not bindings:
        return value
    if len(bindings) > 1 or bindings[0].kind not in (Kind.FUNCTION, Kind.CLASS, Kind.IMPORT):
        return None
    return value if bindings[0].kind is Kind.IMPORT else bindings[0].node


def literal_kind(file: File, node: cst.CSTNode) -> str | None:
    """Words for a literal or a function: "text", "a tuple", "the function `train`"; None for anything else."""
    if is_none(file, node):
        return "None"
    if isinstance(node, cst.FunctionDef) and _stays_a_function(file, node):
        return f"the function `{node.name.value}`"
    if isinstance(node, cst.ClassDef) and is_plain(file, node):
        return f"the class `{node.name.value}`"
    if isinstance(node, cst.Name) and file.names.is_builtin(node, "True", "False"):
        return f"`{node.value}`"
    return _LITERALS.get(type(node))


def _stays_a_function(file: File, function: cst.FunctionDef) -> bool:
    if file.values.enclosing_class(function) is not None:
        return False
    paths = [file.names.qualified(_callee(each)) or "" for each in function.decorators]
    return all(path.startswith(("nemo_run.", "functools.")) for path in paths)


def _callee(decorator: cst.Decorator) -> cst.BaseExpression:
    written = decorator.decorator
    return written.func if isinstance(written, cst.Call) else written


# -- tasks ---------------------------------------------------------------------------------------------------


def not_a_task(file: File, node: cst.CSTNode) -> str | None:
    """Words for a thing that is certainly no task; None when it is or may be one."""
    source = certain(file, node)
    if source is None:
        return None
    if isinstance(source, cst.Call):
        return _call_is_no_task(file, source)
    path = file.names.qualified(source) if isinstance(source, (cst.Name, cst.Attribute)) else None
    if public(path) in EXECUTORS or public(path) in ("Script", "Partial", "Config"):
        return f"the class `{file.code(source)}`"
    return literal_kind(file, source)


def _call_is_no_task(file: File, call: cst.Call) -> str | None:
    path = file.names.qualified(call.func) or ""
    if public(path) in EXECUTORS:
        return "an executor"
    if path == "functools.partial":
        return "a functools.partial"
    fiddles = {"fiddle.Partial": "a fiddle Partial", "fiddle.Config": "a fiddle Config"}
    if path in fiddles:
        return fiddles[path]
    definition = file.values.definition(call.func)
    if isinstance(definition, cst.FunctionDef) and _returns_nothing(file, definition):
        return f"None, since `{definition.name.value}()` returns nothing"
    if isinstance(definition, cst.ClassDef) and class_kind(file, definition) is not None:
        return f"an object of `{definition.name.value}`"
    return None


def _returns_nothing(file: File, function: cst.FunctionDef) -> bool:
    below = file.tree.below
    is_generator = next(below(function.body, cst.Yield, into_functions=False), None) is not None
    if function.decorators or function.asynchronous or is_generator or _is_stub(function):
        return False
    returns = below(function.body, cst.Return, into_functions=False)
    return all(each.value is None or is_none(file, each.value) for each in returns)


def _is_stub(function: cst.FunctionDef) -> bool:
    """Whether a body is only `...`, `pass`, a docstring or a raise: written out elsewhere, or by a subclass."""
    lines = function.body.body
    small = [each for line in lines if isinstance(line, cst.SimpleStatementLine) for each in line.body]
    if isinstance(function.body, cst.SimpleStatementSuite):
        small = list(function.body.body)
    elif len(small) < len(lines):
        return False
    empty = (cst.Ellipsis, cst.SimpleString, cst.ConcatenatedString)
    return all(
        isinstance(each, (cst.Pass, cst.Raise)) or (isinstance(each, cst.Expr) and isinstance(each.value, empty))
        for each in small
    )


def group(file: File, submission: Submission) -> cst.List | cst.ListComp | cst.BinaryOperation | None:
    """The list of tasks that exp.add is handed; None for one task, or where it cannot be told."""
    source = certain(file, submission.task) if submission.task is not None and submission.how == "exp.add" else None
    if isinstance(source, cst.BinaryOperation):
        parts = (certain(file, source.left), certain(file, source.right))
        return source if any(isinstance(part, (cst.List, cst.ListComp)) for part in parts) else None
    return source if isinstance(source, (cst.List, cst.ListComp)) else None


def length(file: File, node: cst.CSTNode) -> int | None:
    """How many elements a list certainly has when it is handed over as written: `[a, b]`, `[a] * 3`."""
    if isinstance(node, (cst.List, cst.Tuple)):
        return None if any(isinstance(each, cst.StarredElement) for each in node.elements) else len(node.elements)
    if isinstance(node, cst.BinaryOperation):
        left, right = length(file, node.left), length(file, node.right)
        if isinstance(node.operator, cst.Add) and left is not None and right is not None:
            return left + right
        for count, times in ((left, node.right), (right, node.left)):
            number = file.values.value(times)
            if isinstance(node.operator, cst.Multiply) and count is not None and isinstance(number, cst.Integer):
                return count * number.evaluated_value
    return None


def is_changed(file: File, node: cst.CSTNode) -> bool:
    """Whether a list that a name holds may not be what it was assigned: a method of it is called, it is handed on."""
    if not isinstance(node, cst.Name):
        return False
    bindings = file.names.lookup(node)
    for each in file.tree.nodes(cst.Name):
        if each.value == node.value and each is not node:
            above = file.tree.parent(each)
            changes = isinstance(above, (cst.Attribute, cst.Subscript, cst.AugAssign, cst.Arg))
            is_label = isinstance(above, cst.Attribute) and above.attr is each
            if changes and not is_label and any(binding in bindings for binding in file.names.lookup(each)):
                return True
    return False


# -- executors -----------------------------------------------------------------------------------------------


def not_an_executor(file: File, node: cst.CSTNode) -> str | None:
    """Words for a thing that is certainly no executor; None when it is or may be one."""
    source = certain(file, node)
    if source is None or is_none(file, source):
        return None
    if isinstance(source, cst.Call):
        return shown_call(file, source)
    path = file.names.qualified(source) if isinstance(source, (cst.Name, cst.Attribute)) else None
    if public(path) in EXECUTORS:
        return f"the class `{file.code(source)}`"
    return literal_kind(file, source)


def kinds(file: File, submission: Submission) -> set[str | None]:
    """The kinds of executor that a task runs on; None in it for what cannot be told."""
    if submission.executor is None:
        experiment = submission.experiment
        is_default = experiment is not None and experiment.is_on_localhost_by_default and not submission.has_star
        return {"LocalExecutor"} if is_default else {None}
    found: set[str | None] = set()
    for source in made_by(file, submission.executor):
        if isinstance(source, cst.List):
            for element in source.elements:
                found |= executors_of(file, element.value)
        else:
            found |= executors_of(file, source)
    return found or {None}


# -- plugins -------------------------------------------------------------------------------------------------


def plugins(submission: Submission) -> cst.BaseExpression | None:
    """The plugins as written."""
    place = 3 if submission.how == "exp.add" else 2
    return keyword(submission.node, "plugins") or positional(submission.node, place)


def plugin_class(file: File, node: cst.CSTNode) -> str | None:
    """The name of the class of plugins that `node` is: run.Plugin, or one of the file that derives from it."""
    if isinstance(node, (cst.Name, cst.Attribute)) and public(file.names.qualified(node)) in _PLUGINS:
        return "run.Plugin"
    definition = node if isinstance(node, cst.ClassDef) else file.values.definition(node)
    if not isinstance(definition, cst.ClassDef):
        return None
    bases = [base.value for each in (definition, *bases_in_file(file, definition)) for base in each.bases]
    is_plugin = any(public(file.names.qualified(base)) in _PLUGINS for base in bases)
    return definition.name.value if is_plugin else None


def shown_call(file: File, call: cst.Call) -> str | None:
    """Words for a call of run.Config or run.Partial."""
    kind = public(file.names.qualified(call.func))
    return f"a run.{kind}" if kind in ("Config", "Partial") else None


# -- dependencies and ids --------------------------------------------------------------------------------------


def dependencies(submission: Submission) -> cst.BaseExpression | None:
    """The dependencies as written, of exp.add."""
    if submission.how != "exp.add":
        return None
    return keyword(submission.node, "dependencies") or positional(submission.node, 5)


def has_dependencies(submission: Submission) -> bool:
    """Whether a task certainly waits for another one."""
    written = dependencies(submission)
    source = certain(submission.file, written) if written is not None else None
    return isinstance(source, cst.List) and bool(length(submission.file, source))


def ids(experiment: Experiment, before: Submission | None = None) -> dict[str, Submission] | None:
    """The ids of an experiment's tasks (of those added `before` one), which are their names; None if one is unknown."""
    order = experiment.file.tree.order
    found: dict[str, Submission] = {}
    for submission in experiment.tasks:
        if before is not None and order(submission.node) >= order(before.node):
            continue
        if not submission.literal_name:
            return None
        found.setdefault(submission.literal_name, submission)
    return found


def argument_node(call: cst.Call, name: str, place: int) -> cst.Arg | None:
    """The argument that is given as `name=`, or at a position."""
    for at, given in enumerate(call.args):
        if given.keyword is not None and given.keyword.value == name:
            return given
        if at == place and given.keyword is None and not any(each.star for each in call.args[: place + 1]):
            return given
    return None


def is_job(file: File, node: cst.CSTNode) -> bool:
    """Whether an expression makes a task: run.Partial(...), run.Script(...)."""
    return isinstance(node, cst.Call) and public(file.names.qualified(node.func)) in ("Partial", "Script")
