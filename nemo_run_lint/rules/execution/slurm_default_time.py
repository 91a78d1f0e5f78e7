from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.bindings import dotted


class SlurmDefaultTime(Rule):
    """A SlurmExecutor without `time=` asks Slurm for ten minutes, after which the job is killed.

    The default of nemo_run 0.11.1 is `time="00:10:00"`. Training that takes longer is cut off after its time in the
    queue.

    Not reported where the time is set later (`executor.time = ...`, also on what a function of the file returns), and
    where arguments come from `**`. Medium confidence: what is returned may get its time in another file.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", nodes=2, packager=run.Packager())

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", nodes=2, packager=run.Packager(), time="04:00:00")

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()
    """

    code = "NRL654"
    severity = Severity.INFO
    confidence = Confidence.MEDIUM
    fails = Phase.SILENT
    message = "`time=` is not set: SlurmExecutor stops the job after 10 minutes"
    help = 'add `time="04:00:00"`, or what the job needs'

    def check(self, executor: Settings, file: File) -> Reports:
        if executor.kind != "SlurmExecutor" or executor.has_star or executor.sets("time"):
            return
        additional = executor.get("additional_parameters")
        if additional is None and (dotted(executor.node.func) or "").rpartition(".")[2] != "Config":
            yield self.at(executor.node.func)
