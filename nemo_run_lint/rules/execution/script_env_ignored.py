import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword


class ScriptEnvIgnored(Rule):
    """A script that is run directly does not get its `env=`.

    exp.run(direct=True), run.run(..., direct=True) and run.run without an executor call the script's command in this
    very process (`direct_run_fn` in `run/task.py` of nemo_run 0.11.1) and leave its variables out, without a word.

    Bad:

        import nemo_run as run

        run.run(run.Script(inline="echo $STEPS", env={"STEPS": "10"}))

    Good:

        import nemo_run as run

        script = run.Script(inline="echo $STEPS", env={"STEPS": "10"})
        run.run(script, executor=run.LocalExecutor())
    """

    code = "NRL684"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`env` is ignored, since this script is run directly ({how})"
    help = "run it on an executor, or set the variables in the text: `export NAME=value`"

    def check(self, submission: Submission, file: File) -> Reports:
        how = None if submission.has_star else _directly(submission, file)
        if how is None or submission.task is None:
            return
        scripts = {each.node: each for each in file.all(Script)}
        for source in file.values.sources(submission.task):
            script = scripts.get(source)  # type: ignore[call-overload]
            if script is not None and "env" in script.given:
                given = script.given["env"]
                yield self.at(given.keyword or given.value, how=how)


def _directly(submission: Submission, file: File) -> str | None:
    """The call that runs a task in this process, or None."""
    if submission.how == "run.run":
        if _is_true(keyword(submission.node, "direct"), file):
            return "run.run(direct=True)"
        dry = keyword(submission.node, "dryrun")
        return "run.run without an executor" if submission.executor is None and dry is None else None
    if submission.experiment is None:
        return None
    runs = [call for method, call in submission.experiment.calls if method == "run"]
    return "exp.run(direct=True)" if runs and all(_is_true(keyword(call, "direct"), file) for call in runs) else None


def _is_true(value: cst.BaseExpression | None, file: File) -> bool:
    return value is not None and file.names.is_builtin(file.values.value(value), "True")
