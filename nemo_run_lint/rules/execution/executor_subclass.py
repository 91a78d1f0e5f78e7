import libcst as cst

from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.api import EXECUTORS, public
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class ExecutorSubclass(Rule):
    """A class derived from an executor cannot run tasks: NeMo Run looks for the scheduler by the exact class.

    exp.run of nemo_run 0.11.1 stops with `KeyError: <class '__main__.MyExecutor'>` (`EXECUTOR_MAPPING` in
    `run/torchx_backend/schedulers/api.py`). A function that returns a configured executor does what most subclasses
    are for.

    Not reported where the file puts the class into `EXECUTOR_MAPPING`. Medium confidence: another file may do so.

    Bad:

        import nemo_run as run

        class Workstation(run.LocalExecutor):
            pass

        executor = Workstation()

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()

    Good:

        import nemo_run as run

        def workstation() -> run.LocalExecutor:
            return run.LocalExecutor(env_vars={"OMP_NUM_THREADS": "8"})

        executor = workstation()

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()
    """

    code = "NRL667"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    fails = Phase.LAUNCHED
    message = "`{name}` is derived from {executor}: exp.run raises KeyError, as NeMo Run knows no scheduler for it"
    help = "write a function that returns a configured run.{executor}"

    def check(self, definition: cst.ClassDef, file: File) -> Reports:
        if "EXECUTOR_MAPPING" in file.text:
            return
        for base in definition.bases:
            executor = public(file.names.qualified(base.value))
            if executor in EXECUTORS - {"KubeRayExecutor"}:
                yield self.at(base.value, name=definition.name.value, executor=executor)
