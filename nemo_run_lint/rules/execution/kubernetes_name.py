import re
from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.known import known, object_class
from nemo_run_lint.nemo.versions import Known
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.values import text

_VALID = re.compile(r"[a-z0-9]([-.]*[a-z0-9])+")


class KubernetesName(Rule):
    """Names of KubeRay clusters, jobs and worker groups are made of small letters, digits, `-` and `.`.

    nemo_run 0.11.1 asserts it when the cluster is described (`is_valid_name` in `core/execution/kuberay.py`):
    `AssertionError: Invalid cluster name: My_Cluster`. A name has 2 to 63 characters and begins and ends with a letter
    or digit.

    Looks at `group_name=` of KubeRayWorkerGroup, `get_cluster_body(...)`, and at the name of RayCluster and RayJob
    whose executor is a KubeRayExecutor. Only literals are judged. The fix is unsafe: others may go by the name.

    Bad:

        from nemo_run.core.execution.kuberay import KubeRayExecutor

        KubeRayExecutor().get_cluster_body("My_Cluster")

    Good:

        from nemo_run.core.execution.kuberay import KubeRayExecutor

        KubeRayExecutor().get_cluster_body("my-cluster")
    """

    code = "NRL663"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{name}` is no name for {what}: KubeRay takes 2 to 63 small letters, digits, `-` and `.`"
    help = "write `{instead}`"

    def check(self, call: cst.Call, file: File) -> Reports:
        for what, node in _names(file, call):
            name = text(file.values.value(node))
            if name is not None and (len(name) > 63 or not _VALID.fullmatch(name)):
                instead = re.sub(r"[^a-z0-9.-]+", "-", name.lower()).strip("-.")[:63]
                fix = _fix(node, instead)
                yield self.at(node, fix=fix, name=name, what=what, instead=instead)


def _names(file: File, call: cst.Call) -> Iterator[tuple[str, cst.BaseExpression]]:
    callee = known(file, call.func)
    if not isinstance(callee, Known):
        return
    if callee.kind == "class" and callee.name == "KubeRayWorkerGroup":
        given, what = keyword(call, "group_name"), "a worker group"
    elif callee.kind == "method" and callee.path.endswith(".KubeRayExecutor.get_cluster_body"):
        given, what = keyword(call, "name") or positional(call, 0), "a cluster"
    elif callee.kind == "class" and callee.name in ("RayCluster", "RayJob"):
        executor = keyword(call, "executor") or positional(call, 1)
        if executor is None or not (object_class(file, executor) or "").endswith(".KubeRayExecutor"):
            return
        given, what = keyword(call, "name") or positional(call, 0), f"a {callee.name}"
    else:
        return
    if given is not None:
        yield what, given


def _fix(node: cst.BaseExpression, instead: str) -> NodeFix | None:
    if not isinstance(node, cst.SimpleString) or not _VALID.fullmatch(instead):
        return None
    return NodeFix(f"write {instead}", (NodeEdit(node, literal(instead, node)),), safe=False)
