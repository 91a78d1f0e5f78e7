from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Experiment, Submission
from nemo_run_lint.nemo.unbuilt import Change, buildable_of, executor_of, happens_after, uses
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional


class ChangeAfterAdd(Rule):
    """`exp.add` copies the task and the executor; what is changed afterwards never reaches the job.

    Nothing fails: the job runs with the values from before (nemo_run 0.11.1, `nemo_run/run/experiment.py`: both are
    cloned). So changing one object between two calls of exp.add is fine, each task gets what was set when it was added.

    Reported only when the object is made in the same file, nothing else holds it, and it is not used again after the
    change.

    Bad:

        def train(steps):
            print(steps)

        task = run.Partial(train, steps=10)
        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(task, name="train")
            task.steps = 1000
            exp.run(direct=True)

    Good:

        def train(steps):
            print(steps)

        task = run.Partial(train, steps=10)
        task.steps = 1000
        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(task, name="train")
            exp.run(direct=True)
    """

    code = "NRL415"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{changed}` is changed after exp.add copied `{name}` (line {line}): the job does not see it"
    help = "change it before exp.add"

    def check(self, change: Change, file: File) -> Reports:
        bindings = file.names.lookup(change.root)
        if len(bindings) != 1 or not (buildable_of(file, change.root) or executor_of(file, change.root)):
            return
        binding, statement = bindings[0], file.tree.enclosing(change.root, cst.SimpleStatementLine) or change.node
        held = file.all(_Held)[0]
        last: cst.Call | None = None
        for use in uses(file, binding):
            added = held.added.get(use)
            if use in held.changed or file.tree.inside(use, statement):
                continue
            if isinstance(file.tree.parent(use), cst.Attribute) and file.tree.order(use) < file.tree.order(change.root):
                continue
            if added is None or not happens_after(file, change.root, added, binding.node):
                return  # somebody else holds it, or it is added after the change
            last = added
        if last is not None:
            name, line = change.root.value, file.span(last).line
            yield self.at(change.node, changed=file.code(change.node), name=name, line=line)


@dataclass(eq=False)
class _Held:
    """By the node that names a thing: where it is changed, and the exp.add that copies it."""

    changed: set[cst.CSTNode]
    added: dict[cst.CSTNode, cst.Call]

    @classmethod
    def find(cls, file: File) -> Iterable[_Held]:
        """The one of the file."""
        submissions = [each for each in file.all(Submission) if each.how == "exp.add"]
        added: dict[cst.CSTNode, cst.Call] = {}
        for submission in submissions:
            call = submission.node
            for given in (submission.task, keyword(call, "executor"), positional(call, 1)):
                if given is not None:
                    added.setdefault(given, call)
        last = {submission.experiment: submission.node for submission in submissions}
        for experiment in file.all(Experiment):
            if experiment.call is None or experiment not in last:
                continue
            if all(method in ("add", "run", "dryrun") for method, _ in experiment.calls):
                for given in (keyword(experiment.call, "executor"), positional(experiment.call, 1)):
                    if given is not None:
                        added.setdefault(given, last[experiment])
        return (cls({each.root for each in file.all(Change)}, added),)
