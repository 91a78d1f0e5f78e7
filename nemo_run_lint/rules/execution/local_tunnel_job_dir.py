import libcst as cst

from nemo_run_lint.finding import Confidence
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class LocalTunnelJobDir(Rule):
    """LocalTunnel copies nothing: with a `job_dir` of its own, Slurm does not find the script of the job.

    nemo_run 0.11.1 writes everything below `<NEMORUN_HOME>/experiments`, and then submits from `job_dir`: exp.run stops
    with `UnexpectedExit`, and `sbatch: error: Unable to open file` (issue NVIDIA-NeMo/Run#299). `job_dir=""` stands for
    NeMo Run's own directory.

    Reported for literals that do not end in `/experiments`, and for paths made of literals. Medium confidence: the
    directory may be a link to NeMo Run's own, and so the fix is unsafe.

    Bad:

        import nemo_run as run

        tunnel = run.LocalTunnel(job_dir="scratch/jobs")
        executor = run.SlurmExecutor(account="team", packager=run.Packager(), tunnel=tunnel)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()

    Good:

        import nemo_run as run

        tunnel = run.LocalTunnel(job_dir="")
        executor = run.SlurmExecutor(account="team", packager=run.Packager(), tunnel=tunnel)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()
    """

    code = "NRL669"
    confidence = Confidence.MEDIUM
    fails = Phase.LAUNCHED
    message = "LocalTunnel copies nothing to `job_dir`: Slurm will not find the script of the job there"
    help = 'write `job_dir=""`, which is NeMo Run\'s own directory'

    def check(self, settings: Settings, file: File) -> Reports:
        if settings.kind != "LocalTunnel":
            return
        for setting in settings.given:
            if setting.name == "job_dir" and _is_elsewhere(file, setting.value):
                fix = NodeFix('write ""', (NodeEdit(setting.value, '""'),), safe=False)
                yield self.at(setting.value, fix=fix)


def _is_elsewhere(file: File, node: cst.CSTNode) -> bool:
    value = file.values.value(node)
    if isinstance(value, cst.Call):
        path = file.names.qualified(value.func)
        if path not in ("os.path.abspath", "os.path.expanduser", "os.path.realpath") or not value.args:
            return path == "os.getcwd"
        value = file.values.value(value.args[0].value)
    written = (text(value) or "").rstrip("/")
    return bool(written) and not written.startswith("<") and not written.endswith(("/experiments", "..."))
