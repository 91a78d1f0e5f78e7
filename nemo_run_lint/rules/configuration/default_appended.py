import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.launching import guard_of, reached_from
from nemo_run_lint.nemo.unbuilt import Change, buildable_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import Definition, parameters

LOST = "changes the function's own default, and the job does not see it"


class DefaultAppended(Rule):
    """A parameter that was not set on a config reads as the function's own default: changing it in place is lost.

    `task.callbacks.append(x)` on a default list changes the list that belongs to the function, for this process only:
    nothing is saved with the task, and the job runs without it, silently. On a default of None it stops with
    `AttributeError: 'NoneType' object has no attribute 'append'`, on a dataclass field with default_factory with
    `ValueError: Can't get default value for dataclass field` (nemo_run 0.11.1).

    Reported only when the target is in the same file and the parameter was never set on the config. Not at module level
    outside the `__main__` guard: the job runs the launching script's copy, and makes the change again.

    Where the default is None or an empty list, the fix sets a list with what was to be appended. It is unsafe: the
    function may make something else of None.

    Bad:

        def train(callbacks=[]):
            print("callbacks:", callbacks)

        if __name__ == "__main__":
            task = run.Partial(train)
            task.callbacks.append("log")
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(task, name="train")
                exp.run()

    Good:

        def train(callbacks=[]):
            print("callbacks:", callbacks)

        if __name__ == "__main__":
            task = run.Partial(train, callbacks=["log"])
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(task, name="train")
                exp.run()
    """

    code = "NRL418"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{name}` was never set on this run.{kind}: `{changed}` {effect}"
    help = "set it: {root}.{name} = [...]"

    def check(self, change: Change, file: File) -> Reports:
        config = buildable_of(file, change.root)
        if config is None or not change.in_place or len(change.path) != 1 or len(config.node.args) == 0:
            return
        name, star = change.path[0], any(given.star or given.keyword is None for given in config.node.args[1:])
        target = file.values.definition(config.target) if config.target is not None else None
        is_set = any((each.name or "").split(".")[0] == name for each in config.arguments)
        effect = _effect(file, target, name) if target is not None and not (star or is_set) else None
        if effect == LOST and _is_done_again(file, change.node):
            return
        if effect is not None and not _handed_on(file, change.root):
            changed, root = file.code(change.node), change.root.value
            fix = _fix(file, change, target)
            yield self.at(change.node, fix=fix, name=name, kind=config.kind, root=root, changed=changed, effect=effect)


def _is_done_again(file: File, node: cst.CSTNode) -> bool:
    """Whether the job, which runs the launching script's copy, makes the change itself: at module level, unguarded."""
    return any(guard_of(file, start) is None for start in reached_from(file, node))


def _handed_on(file: File, root: cst.Name) -> bool:
    """Whether the config was given to another function before the change, which may have set the parameter."""
    for name in file.tree.nodes(cst.Name):
        if name.value == root.value and file.tree.order(name) < file.tree.order(root):
            parent = file.tree.parent(name)
            if not isinstance(parent, (cst.AssignTarget, cst.Attribute)) or _is_method(file, parent):
                return True
    return False


def _is_method(file: File, attribute: cst.CSTNode) -> bool:
    """`config.broadcast(...)`."""
    above = file.tree.parent(attribute)
    return isinstance(above, cst.Call) and above.func is attribute


def _default(file: File, target: Definition, name: str) -> cst.BaseExpression | None:
    """The default of a parameter, as far as the function is what it seems to be."""
    if isinstance(target, cst.ClassDef):
        constructor = file.names.scope(target).bindings.get("__init__", [])
        if len(constructor) != 1 or not isinstance(constructor[0].node, cst.FunctionDef) or target.decorators:
            return None
        target = constructor[0].node
    if target.decorators:
        return None
    return next((each.default for each in parameters(target) if each.name.value == name), None)


def _effect(file: File, target: Definition, name: str) -> str | None:
    """What changing the default of `name` in place does."""
    default = _default(file, target, name)
    if isinstance(default, cst.Name) and default.value == "None":
        return "fails on the default None"
    made = isinstance(default, (cst.List, cst.Dict, cst.Set)) or (
        isinstance(default, cst.Call) and file.names.is_builtin(default.func, "list", "dict", "set")
    )
    return LOST if made else None


def _fix(file: File, change: Change, target: Definition | None) -> NodeFix | None:
    """`task.callbacks.append(x)` becomes `task.callbacks = [x]`."""
    call = file.tree.parent(change.node)
    method = change.node
    if not isinstance(call, cst.Call) or not isinstance(method, cst.Attribute) or method.attr.value != "append":
        return None
    default = _default(file, target, change.path[0]) if target is not None else None
    is_empty = isinstance(default, cst.List) and not default.elements
    is_plain = len(call.args) == 1 and not call.args[0].star and call.args[0].keyword is None and not call.lpar
    if not is_plain or not (is_empty or file.names.is_builtin(default or call, "None")):
        return None
    edits = (
        NodeEdit(method.value, " = [", "up to", until=call.args[0]),
        NodeEdit(call.args[0], "]", "after", until=call),
    )
    return NodeFix("set it", edits, safe=False)
