from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import as_list, unwrapped, wrapped
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.handed_over import certain, literal_kind, plugin_class, plugins, shown_call
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Report, Reports, Rule


class PluginsArgument(Rule):
    """`plugins` is a list of plugin objects: no class, no run.Config, and for exp.add no single plugin.

    exp.add stops with nemo_run 0.11.1: `TypeError: ExperimentPlugin.assign() missing 1 required positional argument:
    'experiment_id'` for a class, `AttributeError: No parameter 'assign' has been set` for a run.Config, and `TypeError:
    'Profiling' object is not iterable` for a plugin that is in no list. run.run takes a single plugin as well, and
    run.cli.main is the other way round: `default_plugins=[run.Config(Profiling)]`.

    A plugin that is put into a list is a safe fix, one that is made of a class an unsafe one: it may want arguments.

    Bad:

        import nemo_run as run

        class Profiling(run.Plugin): ...

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train", plugins=[Profiling])

    Good:

        import nemo_run as run

        class Profiling(run.Plugin): ...

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train", plugins=[Profiling()])
    """

    code = "NRL613"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "`plugins` {has} {what}: {how} stops here"
    help = "hand over a list of objects: `plugins=[Profiling()]`"

    def check(self, submission: Submission, file: File) -> Reports:
        written = plugins(submission) if submission.how != "run.Task" else None
        source = certain(file, written) if written is not None else None
        if written is None or source is None or (submission.how == "run.run" and submission.executor is None):
            return
        if isinstance(source, (cst.List, cst.Tuple)):
            if isinstance(source, cst.Tuple) and submission.how == "run.run" and source.elements:
                edits = as_list(written) if written is source else wrapped(written, "list(")
                fix = NodeFix("make it a list", edits)
                yield self.at(written, fix=fix, has="is", what="a tuple", how=submission.how)
            for element in source.elements:
                yield from self._element(file, submission, element.value)
        elif submission.how == "run.run":
            yield from self._element(file, submission, written, has="is")
        else:
            yield from self._single(file, submission, written, source)

    def _element(
        self, file: File, submission: Submission, node: cst.BaseExpression, has: str = "holds"
    ) -> Iterator[Report]:
        source = certain(file, node)
        what = _no_plugin(file, source) if source is not None else None
        if what is not None:
            fix = _made(file, node, what)
            yield self.at(node, fix=fix, has=has, what=what, how=submission.how)

    def _single(
        self, file: File, submission: Submission, written: cst.BaseExpression, source: cst.CSTNode
    ) -> Iterator[Report]:
        what = _no_plugin(file, source)
        made = plugin_class(file, source.func) if isinstance(source, cst.Call) else None
        if made is not None:
            fix = NodeFix("make it a list", (NodeEdit(written, "[", "before"), NodeEdit(written, "]", "after")))
            yield self.at(written, fix=fix, has="is", what=f"one {made}, not a list", how=submission.how)
        elif what is not None and what not in ("None", "a list"):
            yield self.at(written, has="is", what=what, how=submission.how)


def _no_plugin(file: File, node: cst.CSTNode) -> str | None:
    """Words for what is certainly no plugin object."""
    name = plugin_class(file, node) if not isinstance(node, cst.Call) else None
    if name is not None:
        return f"the class `{name}`"
    return shown_call(file, node) if isinstance(node, cst.Call) else literal_kind(file, node)


def _made(file: File, node: cst.BaseExpression, what: str) -> NodeFix | None:
    """An object of the class, or what a run.Config of it describes."""
    if "class" in what and isinstance(node, (cst.Name, cst.Attribute)):
        return NodeFix("make one", (NodeEdit(node, "()", "after"),), safe=False)
    is_config = what == "a run.Config" and isinstance(node, cst.Call) and bool(node.args)
    if is_config and isinstance(node, cst.Call) and node.args[0].keyword is None and not node.args[0].star:
        return NodeFix("make one", unwrapped(file, node), safe=False)
    return None
