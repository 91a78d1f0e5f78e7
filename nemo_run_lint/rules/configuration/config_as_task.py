import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.importing import spelt_like
from nemo_run_lint.nemo.saving import is_narrowed
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ConfigAsTask(Rule):
    """A task is a run.Partial; a run.Config describes an object that a task is given.

    Building a run.Partial gives a function that the job then calls; building a run.Config would call it already.
    nemo_run 0.11.1 takes only run.Partial and run.Script: run.run without an executor stops with `TypeError: Need a
    configured run.Partial or run.Script`, with one, and exp.add with its exp.run, with `AttributeError: No parameter
    'args' has been set on <Config[...]>`.

    The fix is unsafe: another place may want the config as it is.

    Bad:

        def train(steps):
            print(steps)

        run.run(run.Config(train, steps=10))

    Good:

        def train(steps):
            print(steps)

        run.run(run.Partial(train, steps=10))
    """

    code = "NRL411"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "{how} is given a run.Config of `{name}`, but runs only a run.Partial or a run.Script"
    help = "write run.Partial instead of run.Config"

    def check(self, submission: Submission, file: File) -> Reports:
        if submission.how == "run.Task" or submission.task is None:
            return
        tasks = [submission.task]
        if submission.how == "exp.add" and isinstance(submission.task, cst.List):
            tasks = [element.value for element in submission.task.elements if isinstance(element, cst.Element)]
        for task in tasks:
            sources = list(file.values.sources(task))
            config = file.at(Buildable, sources[0]) if len(sources) == 1 else None
            if config is not None and config.kind == "Config" and not is_narrowed(file, task):
                yield self.at(task, fix=_fix(config, file), how=submission.how, name=config.name)


def _fix(config: Buildable, file: File) -> NodeFix | None:
    function = config.node.func
    if isinstance(function, cst.Attribute) and function.attr.value == "Config":
        return NodeFix("write run.Partial", (NodeEdit(function.attr, "Partial"),), safe=False)
    partial = spelt_like(file, "Partial", function)
    if not isinstance(function, cst.Name) or partial is None:
        return None
    return NodeFix(f"write {partial.text}", (NodeEdit(function, partial.text), *partial.edits), safe=False)
