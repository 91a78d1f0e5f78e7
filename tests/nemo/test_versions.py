"""The recorded APIs are those of the released wheels, and tell when things came, went and changed their names."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from itertools import pairwise
from pathlib import Path
from types import ModuleType

import pytest

from nemo_run_lint.nemo import versions
from nemo_run_lint.nemo.lack import RENAMED
from nemo_run_lint.nemo.versions import Api, Known, Missing, api
from nemo_run_lint.releases import NEWEST, RELEASES

ROOT = Path(__file__).parents[2]

#: What each release brought: a public name, or `Name(parameter)`; from its notes and its wheel.
BROUGHT = {
    "0.4.0": "SlurmRay SlurmTemplate SlurmExecutor(het_group_indices) SlurmExecutor(segment)",
    "0.5.0": "LeptonExecutor Experiment(clean_mode) Script(metadata) LocalExecutor(nodes) SlurmExecutor(network) "
    "DGXCloudExecutor(pvc_nemo_run_dir) DGXCloudExecutor(launched_from_cluster)",
    "0.6.0": "Experiment(enable_goodbye_message) Experiment(threadpool_workers) Experiment(skip_status_at_exit) "
    "Experiment(serialize_metadata_for_scripts) SlurmExecutor(container_env) SkypilotExecutor(infra) "
    "SkypilotExecutor(network_tier) LeptonExecutor(pre_launch_commands)",
    "0.7.0": "SkypilotJobsExecutor SkypilotExecutor(retry_until_up) SkypilotExecutor(storage_mounts) "
    "LeptonExecutor(image_pull_secrets) LeptonExecutor(node_reservation)",
    "0.8.0": "SSHTunnel(port) SlurmExecutor(ray_template) DGXCloudExecutor(kube_apiserver_url) "
    "LeptonExecutor(secret_vars) LeptonExecutor(ray_version) LeptonExecutor(head_resource_shape)",
    "0.9.0": "KubeflowExecutor SlurmExecutor(poll_estimated_start_time)",
    "0.10.0": "DGXCloudExecutor(client_id) DGXCloudExecutor(client_secret) KubeflowExecutor(pod_annotations) "
    "KubeflowExecutor(pod_labels) KubeflowExecutor(train_job_basename) LeptonExecutor(can_preempt)",
}

#: What each release took away.
TOOK = {
    "0.5.0": "nemo_run.lazy nemo_run.core.execution.dgxcloud.DGXCloudExecutor.create_distributed_job",
    "0.8.0": "nemo_run.core.execution.dgxcloud.DGXCloudExecutor.logs",
    "0.10.0": "nemo_run.core.execution.dgxcloud.DGXCloudExecutor.app_id",
}


def script() -> ModuleType:
    """The script that makes the data."""
    spec = importlib.util.spec_from_file_location("api_data", ROOT / ".ci" / "api_data.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("release", ["0.3.0", "0.8.0", NEWEST])
def test_the_data_is_what_the_wheel_says(release: str) -> None:
    """The oldest is read through the differences of all others."""
    data = script()
    data.WHEELS.mkdir(parents=True, exist_ok=True)
    try:
        wheel = data.wheel_of(release, data.WHEELS)
    except subprocess.CalledProcessError:
        if "CI" in os.environ:
            raise
        pytest.skip("the wheel cannot be downloaded")
    recorded = api(release)
    assert data.api(wheel) == {
        "modules": recorded.modules,
        "classes": recorded.classes,
        "functions": recorded.functions,
    }


def test_every_release_is_recorded() -> None:
    assert {path.stem for path in (ROOT / "nemo_run_lint" / "nemo" / "releases").iterdir()} == {*RELEASES}


def test_judging_by_the_newest_reads_no_other_release() -> None:
    versions.api.cache_clear()
    versions._data.cache_clear()
    api().fields("SlurmExecutor")
    assert versions._data.cache_info().currsize == 1


def public(release: Api, written: str) -> bool:
    """Whether a release exports a name, and the class behind it takes the parameter in brackets."""
    name, _, parameter = written.rstrip(")").partition("(")
    exported = name in release.modules["nemo_run"]["names"]
    return exported and (not parameter or parameter in release.fields(name))


@pytest.mark.parametrize("since", BROUGHT)
def test_things_are_there_since_the_release_that_brought_them(since: str) -> None:
    for written in BROUGHT[since].split():
        having = [release for release in RELEASES if public(api(release), written)]
        assert having == list(RELEASES[RELEASES.index(since) :]), written


def has(release: Api, path: str) -> bool:
    owner, _, name = path.rpartition(".")
    if owner in release.classes:
        return name in release.members(owner)
    return path in release.modules or name in release.modules.get(owner, {}).get("names", {})


@pytest.mark.parametrize("since", TOOK)
def test_things_are_gone_since_the_release_that_took_them(since: str) -> None:
    for path in TOOK[since].split():
        having = [has(api(release), path) for release in RELEASES]
        assert having.index(False) == RELEASES.index(since)
        assert not any(having[RELEASES.index(since) :])


@pytest.mark.parametrize(("old", "new"), RENAMED.items())
def test_a_renamed_thing_has_its_new_name_when_it_loses_the_old_one(old: str, new: str) -> None:
    steps = [later for earlier, later in pairwise(RELEASES) if has(api(earlier), old) and not has(api(later), old)]
    assert len(steps) == 1
    assert [has(api(release), new) for release in RELEASES] == [not has(api(release), old) for release in RELEASES]


def test_what_is_required_and_what_is_the_default() -> None:
    fields = api().fields("SlurmExecutor")
    assert fields["account"].required
    assert fields["account"].default is None
    assert (fields["nodes"].required, fields["nodes"].default) == (False, "1")
    assert fields["tunnel"].default == "LocalTunnel(job_dir='')"
    assert fields["env_vars"].default == "dict()"
    assert not api().fields("Script")["args"].required
    assert not any(each.required for each in api().fields("Config").values() if each.kind in ("star", "stars"))


def callables(release: Api) -> dict[str, dict[str, str | None]]:
    """The defaults of every class, function and method by its path."""
    found = {path: each.get("parameters", []) for path, each in (release.classes | release.functions).items()}
    for path, each in release.classes.items():
        found |= {f"{path}.{name}": parameters for name, parameters in each.get("methods", {}).items()}
    return {
        path: {parameter.name: parameter.default for parameter in (versions.Parameter(*each) for each in parameters)}
        for path, parameters in found.items()
    }


def test_no_release_has_changed_a_default() -> None:
    """One that does needs a rule: a call that leaves the argument out means another thing after the step."""
    for earlier, later in pairwise(RELEASES):
        old, new = callables(api(earlier)), callables(api(later))
        for path in old.keys() & new.keys():
            changed = {name for name in old[path].keys() & new[path].keys() if old[path][name] != new[path][name]}
            assert not changed, f"{path} in {later}"


def test_a_name_that_no_release_has_is_missing_in_all() -> None:
    for release in RELEASES:
        missing = api(release).attribute(Known("module", "nemo_run"), "Task")
        assert missing == Missing(Known("module", "nemo_run"), "Task")
