from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import added_argument
from nemo_run_lint.nemo.known import is_guarded
from nemo_run_lint.nemo.lack import among, other_name
from nemo_run_lint.nemo.nemo_call import NemoCall, VersionedCall
from nemo_run_lint.nemo.versions import meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule


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
    message = "{owner} needs {needs}"
    help = "add {names}"

    def check(self, call: VersionedCall, file: File) -> Reports:
        newest = call.newest
        if newest.is_config or newest.name == "Experiment" or is_guarded(file, newest.node):
            return
        asking: dict[str, list[str]] = {}  # from what is missing to the versions in which it is
        for version, seen in call.seen.items():
            if missing := _missing(seen):
                asking.setdefault(missing, []).append(version)
        if asking:
            needs = [f"{names} (nemo_run {among(versions, file.versions)})" for names, versions in asking.items()]
            names = list(asking)[-1]
            edit = added_argument(newest.node, 'job_dir=""') if newest.name == "LocalTunnel" else None
            fix = NodeFix("add job_dir", (edit,)) if edit is not None and names == "`job_dir`" else None
            yield self.at(newest.node.func, fix=fix, owner=newest.shown, needs=", and ".join(needs), names=names)


def _missing(call: NemoCall) -> str:
    """The required arguments that are certainly not given, as a list for the reader."""
    if call.has_star or call.has_ellipsis or call.unplaced:
        return ""
    accepted = set(call.accepted)
    unknown = [name for name in call.keywords if name not in accepted]
    if unknown and call.callee.kind != "class":
        return ""  # `exp.add(partial=task)`: one mistake, and unknown-field tells it
    misspelt = {meant(name, accepted) for name in unknown} | {other_name(call.callee, name) for name in unknown}
    return ", ".join(f"`{each.name}`" for each in call.missing if each.name not in misspelt)
