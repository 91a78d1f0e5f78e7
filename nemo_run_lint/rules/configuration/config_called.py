import keyword

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.importing import spelling, spelt
from nemo_run_lint.nemo.saving import is_narrowed, method_of
from nemo_run_lint.nemo.unbuilt import buildable_of
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text

#: What a run.Config and run.Partial can do themselves (nemo_run 0.11.1, `nemo_run/config.py`).
_OWN = frozenset("clone walk broadcast diff visualize save_config_img".split())


class ConfigCalled(Rule):
    """A run.Config is a description: until it is built it cannot do what the object will do.

    It cannot be called (`TypeError: 'Config' object is not callable`), has no length, cannot be added, divided or
    opened, cannot be indexed by a name (`AssertionError: Key must be an int or slice`) and has none of the methods of
    the class it describes (`AttributeError: No parameter 'fit' has been set`): all with nemo_run 0.11.1, where it is
    written. Arguments are attributes: `config.hidden`. To get the object, call fiddle's `fdl.build(config)`; to run a
    task, run.run(task).

    Not reported in tests, which may want the exception. What is indexed by a name gets a dot, which is a safe fix; what
    is called is run or built, which is an unsafe one.

    Bad:

        def train(steps):
            print(steps)

        task = run.Partial(train, steps=10)
        task()

    Good:

        def train(steps):
            print(steps)

        task = run.Partial(train, steps=10)
        run.run(task)
    """

    code = "NRL413"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{written}` is a run.{kind}, which {problem} before it is built"
    help = "build it with fdl.build, run it with run.run, or do this inside the function that gets the object"

    def check(self, node: cst.Call | cst.BinaryOperation | cst.UnaryOperation | cst.Subscript, file: File) -> Reports:
        if not file.all(Buildable) or file.in_test(node):
            return
        for part, problem in _parts(file, node):
            config = buildable_of(file, part)
            if config is not None and not is_narrowed(file, part):
                written = " ".join(file.code(part).split())
                yield self.at(part, fix=_fix(file, node, config), written=written, kind=config.kind, problem=problem)


def _parts(file: File, node: cst.CSTNode) -> list[tuple[cst.CSTNode, str]]:
    """The parts of an expression that would have to be objects, each with what a config cannot do."""
    if isinstance(node, cst.Call):
        if file.names.is_builtin(node.func, "len", "int", "float", "open") and len(node.args) >= 1:
            return [(node.args[0].value, f"cannot be given to {file.code(node.func)}()")]
        method = _method(file, node.func)
        return [(method.value, f"has no `{method.attr.value}()`")] if method else [(node.func, "cannot be called")]
    if isinstance(node, cst.BinaryOperation):
        text = isinstance(node.left, (cst.SimpleString, cst.ConcatenatedString, cst.FormattedString))
        if not (text and isinstance(node.operator, cst.Modulo)):
            return [(each, "cannot be calculated with") for each in (node.left, node.right)]
    if isinstance(node, cst.UnaryOperation) and not isinstance(node.operator, cst.Not):
        return [(node.expression, "cannot be calculated with")]
    index = node.slice[0].slice if isinstance(node, cst.Subscript) and len(node.slice) == 1 else None
    if isinstance(node, cst.Subscript) and isinstance(index, cst.Index) and isinstance(index.value, cst.SimpleString):
        return [(node.value, "cannot be indexed by a name")]
    return []


def _method(file: File, function: cst.BaseExpression) -> cst.Attribute | None:
    """`config.fit`, when `fit` is a method of the class of the file that is configured."""
    config = buildable_of(file, function.value) if isinstance(function, cst.Attribute) else None
    if config is None or config.target is None or not isinstance(function, cst.Attribute):
        return None
    owner, name = file.values.definition(config.target), function.attr.value
    known = isinstance(owner, cst.ClassDef) and method_of(file, owner, name) is not None
    return function if known and name not in _OWN and all(each.name != name for each in config.arguments) else None


def _fix(file: File, node: cst.CSTNode, config: Buildable) -> NodeFix | None:
    if isinstance(node, cst.Subscript):
        name = text(node.slice[0].slice.value) if isinstance(node.slice[0].slice, cst.Index) else None
        is_name = name is not None and name.isidentifier() and not keyword.iskeyword(name)
        return NodeFix(f"write .{name}", (NodeEdit(node.value, f".{name}", "after", until=node),)) if is_name else None
    if not isinstance(node, cst.Call) or node.args or buildable_of(file, node.func) is not config:
        return None
    is_task = config.kind == "Partial" and isinstance(file.tree.parent(node), cst.Expr)
    how = spelt(file, "run", node) if is_task else spelling(file, "fiddle.build", node, by_module=True)
    if how is None:
        return None
    edits = (NodeEdit(node.func, f"{how.text}(", "before"), NodeEdit(node.func, ")", "after", until=node))
    return NodeFix(f"write {how.text}", (*edits, *how.edits), safe=False)
