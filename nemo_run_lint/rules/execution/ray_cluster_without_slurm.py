import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import removed_elements
from nemo_run_lint.nemo.executor import executors_of
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class RayClusterWithoutSlurm(Rule):
    """`use_with_ray_cluster` in a script's metadata works with SlurmExecutor alone.

    On any other executor nemo_run 0.11.1 stops exp.run and exp.dryrun with `AssertionError: use_with_ray_cluster is
    only supported for SlurmExecutor`. Without an executor a task runs on LocalExecutor. To leave it out is an unsafe
    fix: another executor may be meant.

    Bad:

        import nemo_run as run

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Script(inline="ray status", metadata={"use_with_ray_cluster": True}), name="ray")
            exp.dryrun()

    Good:

        import nemo_run as run

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Script(inline="ray status"), name="ray")
            exp.dryrun()
    """

    code = "NRL662"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "`use_with_ray_cluster` works with SlurmExecutor alone, not on {executor}: exp.run raises AssertionError"
    help = "leave it out, or run the task on a SlurmExecutor"

    def check(self, submission: Submission, file: File) -> Reports:
        if submission.how != "exp.add" or submission.task is None or submission.has_star:
            return
        made = submission.experiment.call if submission.experiment is not None else None
        if made is None or any(given.star for given in made.args):
            return
        kinds = executors_of(file, submission.executor) or {"LocalExecutor"}
        if None in kinds or "SlurmExecutor" in kinds:
            return
        scripts = {each.node: each for each in file.all(Script)}
        for source in file.values.sources(submission.task):
            script = scripts.get(source)  # type: ignore[call-overload]
            key = _key(file, script) if script is not None else None
            if key is not None:
                executor = " or ".join(sorted(str(kind) for kind in kinds))
                yield self.at(key, fix=_fix(file, key), executor=executor)


def _key(file: File, script: Script) -> cst.CSTNode | None:
    metadata = file.values.value(script.given["metadata"].value) if "metadata" in script.given else None
    for element in metadata.elements if isinstance(metadata, cst.Dict) else ():
        if isinstance(element, cst.DictElement) and text(element.key) == "use_with_ray_cluster":
            return element.key
    return None


def _fix(file: File, key: cst.CSTNode) -> NodeFix | None:
    element = file.tree.parent(key)
    metadata = file.tree.parent(element)
    if not isinstance(metadata, cst.Dict):
        return None
    alone = len(metadata.elements) == 1
    edits = (NodeEdit(metadata, "{}"),) if alone else removed_elements(metadata.elements, element)
    return NodeFix("leave it out", edits, safe=False)
