from functools import partial

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.known import is_guarded
from nemo_run_lint.nemo.lack import Lack, has_parameter, lacking
from nemo_run_lint.nemo.nemo_call import NemoCall, VersionedCall
from nemo_run_lint.nemo.versions import meant
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class UnknownField(Rule):
    """An argument that NeMo Run's own classes and functions do not take raises TypeError where it is written.

    Executors, tunnels, packagers and launchers name things in their own way: `gpus_per_node`, not `gpus`;
    `container_image` of SlurmExecutor and DockerExecutor, but `image` of KubeflowExecutor; DGXCloudExecutor's `app_id`
    is `client_id` since 0.10. Some are set by the experiment and cannot be given at all (`job_name` of SlurmExecutor).
    The names are those of every release of nemo_run that the project uses, or of 0.11.1: `TypeError:
    SlurmExecutor.__init__() got an unexpected keyword argument`.

    Looks at calls of nemo_run's classes and functions, at methods of experiments and executors
    (`exp.run(dryrun=True)`), and at run.Config(run.SlurmExecutor, ...). Not reported where the call is in a `try`
    that catches TypeError.

    What a release has renamed is a safe fix if the versions that count are named; a name of other tools, or one that is
    nearly the same, is an unsafe one.

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

    def check(self, call: VersionedCall, file: File) -> Reports:
        newest = call.newest
        if is_guarded(file, newest.node):
            return
        given_by_name = {**newest.spread, **newest.keywords}
        for name, given in given_by_name.items():
            lack = lacking(file, partial(call.refused, name), has_parameter)
            if lack is None or (newest.name == "Experiment" and not lack.change):  # experiment-arguments tells it
                continue
            accepted = call.seen[lack.versions[-1]].accepted
            close = meant(name, sorted(set(accepted) - set(given_by_name)))
            at: cst.CSTNode = (given.keyword or given) if isinstance(given, cst.Arg) else given
            yield self.at(
                at,
                fix=_renamed(newest, lack, at) or _corrected(at, close, call) if at is not given else None,
                owner=newest.shown,
                name=name,
                version=lack.where,
                instead=lack.advice(f"did you mean `{close}`?" if close else f"it takes {_listed(accepted)}"),
            )


def _renamed(call: NemoCall, lack: Lack, keyword: cst.CSTNode) -> NodeFix | None:
    fix = lack.fix(keyword)
    return fix if fix is not None and not {edit.text for edit in fix.edits} & set(call.keywords) else None


def _corrected(keyword: cst.CSTNode, close: str | None, call: VersionedCall) -> NodeFix | None:
    """The name that was meant, if all versions that count take it."""
    if close is None or not all(close in seen.accepted for seen in call.seen.values()):
        return None
    return NodeFix(f"write {close}", (NodeEdit(keyword, close),), safe=False)


def _listed(names: list[str]) -> str:
    shown = ", ".join(f"`{name}`" for name in names[:8])
    return (shown + (", ..." if len(names) > 8 else "")) or "no arguments"
