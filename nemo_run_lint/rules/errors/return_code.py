import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.handling import handlers
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.nemo.job import Job
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ReturnCode(Rule):
    """What a task returns is dropped: `return 1` or `return False` does not fail the job.

    NeMo Run's runner calls the function and ignores its result; the job is SUCCEEDED (nemo_run 0.11.1,
    `core/runners/fdl_runner.py`). Only an exception or a non-zero exit status makes it FAILED.

    Reported are 1, 2, -1 and False, which look like a status, in the functions that run as jobs; not in a handler that
    swallowed-exception reports. The fix exits with the status, and is unsafe: the job fails, and who else calls the
    function gets no value.

    Bad:

        def work(data):
            if not data:
                return 1
            print(data)

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, data=""), name="read-data")
                exp.run()

    Good:

        def work(data):
            if not data:
                raise ValueError("there is no data")
            print(data)

        if __name__ == "__main__":
            with run.Experiment("llama-pretraining", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(work, data=""), name="read-data")
                exp.run()
    """

    code = "NRL506"
    severity = Severity.INFO
    fails = Phase.SILENT
    message = "`{written}` means nothing to nemo_run: {what} is reported as SUCCEEDED"
    help = "raise an exception, or exit with a status other than 0"

    def check(self, job: Job, file: File) -> Reports:
        hiding = {handler.node for handler in handlers(job) if handler.hides_failure}
        for returned in file.tree.below(job.node.body, cst.Return, into_functions=False):
            around = file.tree.enclosing(returned, cst.ExceptHandler, cst.ExceptStarHandler)
            if _is_status(file, returned.value) and around not in hiding:
                yield self.at(returned, fix=_fix(returned, file), written=file.code(returned), what=job.what)


def _is_status(file: File, value: cst.BaseExpression | None) -> bool:
    """What looks like the status of a program: 1, 2, -1 or False."""
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        value = value.expression
    number = isinstance(value, cst.Integer) and value.evaluated_value in (1, 2)
    return value is not None and (number or file.names.is_builtin(value, "False"))


def _fix(returned: cst.Return, file: File) -> NodeFix | None:
    leave = spelling(file, "sys.exit", returned, by_module=True)
    if leave is None:
        return None
    status = returned.value.value if isinstance(returned.value, cst.Integer) else "1"
    edit = NodeEdit(returned, f"{leave.text}({status})")
    return NodeFix(f"exit with status {status}", (edit, *leave.edits), safe=False)
