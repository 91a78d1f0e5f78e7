import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.experiment import Experiment
from nemo_run_lint.nemo.handed_over import argument_node, ids
from nemo_run_lint.nemo.versions import meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class UnknownJob(Rule):
    """exp.logs and exp.cancel of a job that the experiment does not have only print a line.

    "Job trian not found" is printed, nothing is raised, and the job goes on (nemo_run 0.11.1,
    `nemo_run/run/experiment.py`).

    Reported only when the names of all tasks are written out, and nobody else adds tasks to the experiment. The name
    that was probably meant is an unsafe fix.

    Bad:

        def train(): ...

        with run.Experiment("nightly") as exp:
            exp.add(run.Partial(train), name="train")
            exp.run(direct=True)
        exp.cancel("trian")

    Good:

        def train(): ...

        with run.Experiment("nightly") as exp:
            job = exp.add(run.Partial(train), name="train")
            exp.run(direct=True)
        exp.cancel(job)
    """

    code = "NRL630"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "the experiment has no job `{name}`{hint}: `{call}` only prints that"
    help = "use the id that exp.add returns"

    def check(self, experiment: Experiment, file: File) -> Reports:
        if experiment.call is None or experiment.escapes:
            return
        for call in experiment.called("logs", "cancel"):
            given = argument_node(call, "job_id", 0)
            name = text(file.values.value(given.value)) if given is not None else None
            known = ids(experiment)
            if given is None or name is None or not known or any(name.startswith(each) for each in known):
                continue
            close = meant(name, set(known))
            hint = f" (did you mean `{close}`?)" if close else ""
            is_literal = isinstance(given.value, cst.SimpleString)
            edit = NodeEdit(given.value, literal(close or "", given.value))
            fix = NodeFix(f"write {close}", (edit,), safe=False) if close and is_literal else None
            yield self.at(given.value, fix=fix, name=name, hint=hint, call=file.code(call.func))
