import os.path
from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import added_argument, literal
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class IncompleteMount(Rule):
    """LeptonExecutor and DGXCloudExecutor refuse mounts without the paths they need.

    In nemo_run 0.11.1 every mount of LeptonExecutor has a `path` and a `mount_path` (`RuntimeError: Must specify a
    'path' and 'mount_path' for all mounts`, at exp.run), and one of DGXCloudExecutor's `pvcs` has a `path` that holds
    `pvc_nemo_run_dir` (`AssertionError: Need to specify at least one PVC containing ...`, at exp.add).

    Only literal lists and dicts are judged. The fix, where no `pvcs` are given, is unsafe: they may want a name too.

    Bad:

        import nemo_run as run

        executor = run.DGXCloudExecutor(
            base_url="https://team.run.ai",
            kube_apiserver_url="https://team.run.ai:6443",
            client_id="team",
            client_secret="",
            project_name="llama",
            container_image="nvcr.io/nvidia/nemo:25.09",
            pvc_nemo_run_dir="/workspace/runs",
            pvcs=[{"name": "workspace", "path": "/data"}],
        )

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")

    Good:

        import nemo_run as run

        executor = run.DGXCloudExecutor(
            base_url="https://team.run.ai",
            kube_apiserver_url="https://team.run.ai:6443",
            client_id="team",
            client_secret="",
            project_name="llama",
            container_image="nvcr.io/nvidia/nemo:25.09",
            pvc_nemo_run_dir="/workspace/runs",
            pvcs=[{"name": "workspace", "path": "/workspace"}],
        )

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
    """

    code = "NRL661"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "{kind}: {problem}"
    help = "{instead}"

    def check(self, settings: Settings, file: File) -> Reports:
        if settings.kind == "LeptonExecutor":
            for mount in _dicts(file, settings.get("mounts")) or ():
                missing = [f"`{key}`" for key in ("path", "mount_path") if key not in _texts(mount)]
                if missing and all(isinstance(each, cst.DictElement) for each in mount.elements):
                    problem = f"this mount has no {' and no '.join(missing)}"
                    yield self.at(mount, kind=settings.kind, problem=problem, instead=f"add {' and '.join(missing)}")
        elif settings.kind == "DGXCloudExecutor" and not settings.has_star:
            yield from self._volumes(settings, file)

    def _volumes(self, settings: Settings, file: File) -> Reports:
        directory = settings.get("pvc_nemo_run_dir")
        needed = text(file.values.value(directory)) if directory is not None else None
        given = settings.get("pvcs")
        volumes = _dicts(file, given) if given is not None else None if settings.sets("pvcs") else []
        if directory is None or needed is None or volumes is None:
            return
        paths = [_texts(volume).get("path") for volume in volumes]
        if None not in paths and not any(_holds(str(path), needed) for path in paths):
            problem = f"none of its `pvcs` holds `{needed}`, its `pvc_nemo_run_dir`: exp.add raises AssertionError"
            instead = f'add `pvcs=[{{"path": "{needed}"}}]`'
            written = f'pvcs=[{{"path": {literal(needed)}}}]'
            edit = added_argument(settings.node, written) if not settings.sets("pvcs") else None
            fix = NodeFix("add pvcs", (edit,), safe=False) if edit is not None else None
            yield self.at(given or directory, fix=fix, kind=settings.kind, problem=problem, instead=instead)


def _dicts(file: File, node: cst.CSTNode | None) -> list[cst.Dict] | None:
    """The literal dicts of a literal list, or None when anything in it is something else."""
    value = file.values.value(node) if node is not None else None
    if not isinstance(value, cst.List):
        return None
    found = [each for each in _values(file, value) if isinstance(each, cst.Dict)]
    return found if len(found) == len(value.elements) else None


def _values(file: File, listed: cst.List) -> Iterator[cst.CSTNode]:
    for element in listed.elements:
        yield file.values.value(element.value)


def _texts(mount: cst.Dict) -> dict[str, str | None]:
    pairs = [each for each in mount.elements if isinstance(each, cst.DictElement)]
    return {str(text(each.key)): text(each.value) for each in pairs}


def _holds(path: str, directory: str) -> bool:
    return os.path.isabs(path) == os.path.isabs(directory) and os.path.commonpath(
        [path, directory]
    ) == os.path.normpath(path)
