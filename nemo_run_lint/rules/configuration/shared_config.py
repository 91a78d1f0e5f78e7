import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.unbuilt import Change, buildable_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.bindings import Kind


class SharedConfig(Rule):
    """Two names or places for one config are one config: a change through one is seen through the other.

    `[config] * 3` holds the same run.Config three times, and building it makes one object, not three: three layers
    share their weights. After `second = first`, `second.steps = 20` changes the first task as well. Nothing fails
    (executed with nemo_run 0.11.1). `.clone()` makes a copy of its own.

    `second = first` is reported when both become tasks and one was changed in between. The fixes are unsafe: one object
    may have been meant.

    Bad:

        def train(steps):
            print(steps)

        first = run.Partial(train, steps=10)
        second = first
        second.steps = 20
        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(first, name="first")
            exp.add(second, name="second")

    Good:

        def train(steps):
            print(steps)

        first = run.Partial(train, steps=10)
        second = first.clone()
        second.steps = 20
        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(first, name="first")
            exp.add(second, name="second")
    """

    code = "NRL416"
    fails = Phase.SILENT
    message = "{what} the same run.{kind}, so {effect}"
    help = "make a copy with .clone(): {instead}"

    def check(self, node: cst.BinaryOperation | cst.Assign, file: File) -> Reports:
        if not file.all(Buildable):
            return
        if isinstance(node, cst.BinaryOperation):
            yield from self._repeated(node, file)
        elif (
            len(node.targets) == 1 and isinstance(node.targets[0].target, cst.Name) and isinstance(node.value, cst.Name)
        ):
            yield from self._alias(node, node.targets[0].target, node.value, file)

    def _repeated(self, node: cst.BinaryOperation, file: File) -> Reports:
        repeated = next((each for each in (node.left, node.right) if isinstance(each, (cst.List, cst.Tuple))), None)
        if repeated is None or not isinstance(node.operator, cst.Multiply) or _is_added(file, node):
            return
        for element in repeated.elements:
            config = buildable_of(file, element.value)
            if config is not None and (config.kind == "Config" or not isinstance(file.tree.parent(node), cst.Arg)):
                instead = f"[{file.code(element.value)}.clone() for _ in ...]"
                effect = "all of them change together" if config.kind == "Partial" else "it is built once and shared"
                what = f"`{' '.join(file.code(node).split())}` repeats"
                fix = _fix(node, repeated, file)
                yield self.at(node, fix=fix, what=what, kind=config.kind, effect=effect, instead=instead)
                return

    def _alias(self, node: cst.Assign, alias: cst.Name, value: cst.Name, file: File) -> Reports:
        config, first, second = buildable_of(file, value), value.value, alias.value
        bindings = file.names.module.bindings if file.names.scope_of(node) is file.names.module else None
        found = (bindings or file.names.scope_of(node).bindings).get(second, [])
        if config is None or len(found) != 1 or found[0].kind is not Kind.ASSIGNMENT:
            return
        added = [each.task for each in file.all(Submission) if isinstance(each.task, cst.Name)]
        both = {task.value for task in added if buildable_of(file, task) is config} >= {first, second}
        order = file.tree.order
        lasts = [min(order(t) for t in added if t.value == name) for name in (first, second)] if both else []
        for change in file.all(Change) if both else ():
            changed = change.root.value in (first, second) and buildable_of(file, change.root) is config
            if changed and order(node) < order(change.root) < max(lasts) and order(change.root) < min(lasts):
                instead = f"{second} = {first}.clone()"
                effect = f"`{file.code(change.node)}` in line {file.span(change.node).line} changes both tasks"
                fix = NodeFix("clone it", (NodeEdit(node.value, f"{first}.clone()"),), safe=False)
                what = f"`{second}` and `{first}` are"
                yield self.at(node.value, fix=fix, what=what, kind=config.kind, effect=effect, instead=instead)
                return


def _is_added(file: File, node: cst.BinaryOperation) -> bool:
    """Whether a list is handed to exp.add, which makes copies."""
    tasks = [each.task for each in file.all(Submission) if each.task is not None]
    return any(source is node for task in tasks for source in file.values.sources(task))


def _fix(node: cst.BinaryOperation, repeated: cst.List | cst.Tuple, file: File) -> NodeFix | None:
    """`[config] * 3` becomes `[config.clone() for _ in range(3)]`; what is made in the list is made anew each time."""
    if not isinstance(repeated, cst.List) or len(repeated.elements) != 1 or repeated.lpar:
        return None
    value = repeated.elements[0].value
    times = node.right if repeated is node.left else node.left
    if isinstance(times, (cst.List, cst.Tuple)) or (_binds_underscore(file, value)):
        return None
    copied = file.code(value) if isinstance(value, cst.Call) else f"{file.code(value)}.clone()"
    text = f"[{copied} for _ in range({file.code(times)})]"
    return NodeFix("clone it", (NodeEdit(node, text),), safe=False)


def _binds_underscore(file: File, node: cst.CSTNode) -> bool:
    names = [node] if isinstance(node, cst.Name) else file.tree.below(node, cst.Name)
    return any(isinstance(each, cst.Name) and each.value == "_" for each in names)
