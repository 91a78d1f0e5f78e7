from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.known import is_guarded
from nemo_run_lint.nemo.nemo_call import NemoCall
from nemo_run_lint.nemo.versions import api, meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class MissingField(Rule):
    """A call of NeMo Run's own classes and functions without a required argument raises TypeError.

    Required in nemo_run 0.11.1 are, for one, `account` of SlurmExecutor, `job_dir` of both tunnels (`""` for
    LocalTunnel means NeMo Run's own directory), and seven arguments of DGXCloudExecutor.

    Not reported where arguments come from `*` or `**`, where `...` stands for them, in a `try` that catches TypeError,
    and in run.Config(run.SlurmExecutor), which may be completed later.

    Bad:

        import nemo_run as run

        tunnel = run.LocalTunnel()

    Good:

        import nemo_run as run

        tunnel = run.LocalTunnel(job_dir="")
    """

    code = "NRL802"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "{owner} needs {names} (nemo_run {version})"
    help = "add {names}"

    def check(self, call: NemoCall, file: File) -> Reports:
        if (
            call.is_config
            or call.has_star
            or call.has_ellipsis
            or call.name == "Experiment"
            or is_guarded(file, call.node)
        ):
            return
        if call.unplaced:
            return
        accepted = {each.name for each in call.parameters}
        unknown = [name for name in call.keywords if name not in accepted]
        if unknown and call.callee.kind != "class":
            return  # `exp.add(partial=task)`: one mistake, and unknown-field tells it
        misspelt = {meant(name, accepted) for name in unknown}
        missing = [f"`{each.name}`" for each in call.missing if each.name not in misspelt]
        if missing:
            yield self.at(call.node.func, owner=call.shown, names=", ".join(missing), version=api().version)
