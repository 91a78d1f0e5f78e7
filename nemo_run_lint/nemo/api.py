"""NeMo Run's names: from wherever a thing is imported to the one name that users know it by."""

from __future__ import annotations

#: Modules that only hold what `nemo_run` itself exports (nemo_run 0.11.1, `nemo_run/__init__.py`).
_MODULES = frozenset(
    "api cli config core devspace execution experiment help lazy package_info packaging plugin run tunnel base client "
    "launcher local slurm docker dgxcloud kubeflow kuberay lepton skypilot skypilot_jobs git hybrid pattern task "
    "job".split()
)

#: Executors by their public name (nemo_run 0.11.1).
EXECUTORS = frozenset(
    "LocalExecutor SlurmExecutor DockerExecutor SkypilotExecutor SkypilotJobsExecutor DGXCloudExecutor "
    "LeptonExecutor KubeflowExecutor KubeRayExecutor".split()
)


def public(path: str | None) -> str | None:
    """The public name behind an import path, without `nemo_run.`: `Partial`, `cli.entrypoint`, `SlurmExecutor`.

    `nemo_run.config.Partial` and `nemo_run.Partial` are the same `Partial`. None for what is not NeMo Run's;
    the empty string for the package itself.
    """
    if path is None:
        return None
    package, *parts = path.split(".")
    if package != "nemo_run":
        return None
    in_cli = parts[:1] == ["cli"] and len(parts) > 1
    while len(parts) > 1 and parts[0] in _MODULES:
        parts = parts[1:]
    return "cli." + ".".join(parts) if in_cli else ".".join(parts)
