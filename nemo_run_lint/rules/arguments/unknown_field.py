import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.known import is_guarded
from nemo_run_lint.nemo.nemo_call import NemoCall
from nemo_run_lint.nemo.versions import api, meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class UnknownField(Rule):
    """An argument that NeMo Run's own classes and functions do not take raises TypeError where it is written.

    Executors, tunnels, packagers and launchers name things in their own way: `gpus_per_node`, not `gpus`;
    `container_image` of SlurmExecutor and DockerExecutor, but `image` of KubeflowExecutor; DGXCloudExecutor's `app_id`
    is `client_id` since 0.10. Some are set by the experiment and cannot be given at all (`job_name` of SlurmExecutor).
    The names are those of nemo_run 0.11.1: `TypeError: SlurmExecutor.__init__() got an unexpected keyword argument`.

    Looks at calls of nemo_run's classes and functions, at methods of experiments and executors
    (`exp.run(dryrun=True)`), and at run.Config(run.SlurmExecutor, ...). Not reported where the call is in a `try`
    that catches TypeError.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", gpus=8)

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", gpus_per_node=8)
    """

    code = "NRL801"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "{owner} has no argument `{name}` in nemo_run {version}"
    help = "{instead}"

    def check(self, call: NemoCall, file: File) -> Reports:
        if call.takes_any_keyword or is_guarded(file, call.node) or call.name == "Experiment":
            return
        accepted = [each.name for each in call.parameters if each.kind != "star"]
        free = set(accepted) - set(call.keywords)
        for name, given in call.keywords.items():
            if name in accepted:
                continue
            close = meant(name, sorted(free))
            instead = f"did you mean `{close}`?" if close else f"it takes {_listed(accepted)}"
            fix = (
                NodeFix(f"write {close}", (NodeEdit(given.keyword, close),), safe=False)
                if close and given.keyword
                else None
            )
            at: cst.CSTNode = given.keyword or given
            yield self.at(at, fix=fix, owner=call.shown, name=name, version=api().version, instead=instead)


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:8])
    return (shown + (", ..." if len(names) > 8 else "")) or "no arguments"
