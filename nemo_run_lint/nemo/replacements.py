"""What to write instead of a name that NeMo Run does not have: its real name, its place, or how it is done."""

from __future__ import annotations

from nemo_run_lint.nemo.versions import Api, Missing, meant

_WITH = 'with run.Experiment("title") as exp:'

#: Names that tutorials and generated code invent, and how the same is done (nemo_run 0.11.1).
_INVENTED = {
    "Task": f"write `{_WITH} exp.add(run.Partial(function), name=...)`",
    "submit": "write `run.run(task, executor=executor)`",
    "launch": "write `run.run(task, executor=executor)`",
    "execute": "write `run.run(task, executor=executor)`",
    "get_experiment": "write `run.Experiment.from_id(...)` or `run.Experiment.from_title(...)`",
    "get_logs": "write `run.Experiment.from_title(...)` and then `.logs(job_id)`",
    "get_status": "write `run.Experiment.from_title(...)` and then `.status()`",
    "ExperimentPlugin": "it is exported as `run.Plugin`",
    "entrypoint": "write `run.cli.entrypoint`",
    "factory": "write `run.cli.factory`",
    "build": "write `import fiddle as fdl` and `fdl.build(config)`",
}

#: The same for methods of run.Experiment.
_OF_EXPERIMENT = {
    "add_task": "write `exp.add(task, name=...)`",
    "add_job": "write `exp.add(task, name=...)`",
    "append": "write `exp.add(task, name=...)`",
    "launch": "write `exp.run()`",
    "submit": "write `exp.run()`",
    "start": "write `exp.run()`",
    "execute": "write `exp.run()`",
    "wait": "write `exp.run(detach=False)`: it waits",
    "name": "give the title as `run.Experiment(title)`; `exp._title` holds it",
    "title": "give the title as `run.Experiment(title)`; `exp._title` holds it",
    "get_logs": "write `exp.logs(job_id)`",
    "get_status": "write `exp.status(return_dict=True)`",
}

#: The same for run.Config and run.Partial, whose attributes are the parameters of their target.
OF_CONFIG = {
    "build": "write `import fiddle as fdl` and `fdl.build(config)`",
    "instantiate": "write `import fiddle as fdl` and `fdl.build(config)`",
    "to_dict": "write `config.__arguments__`",
    "to_yaml": "write `nemo_run.core.serialization.yaml.YamlSerializer().serialize(config)`",
    "to_json": "write `ZlibJSONSerializer().serialize(config)` of nemo_run.core.serialization.zlib_json",
    "kwargs": "write `config.__arguments__`",
    "args": "write `config.__arguments__`",
    "fn": "write `config.__fn_or_cls__`",
    "fn_or_cls": "write `config.__fn_or_cls__`",
    "target": "write `config.__fn_or_cls__`",
    "copy": "write `config.clone()`",
    "update": "assign to the parameters: `config.steps = 10`",
    "items": "write `config.__arguments__.items()`",
    "keys": "write `config.__arguments__.keys()`",
    "values": "write `config.__arguments__.values()`",
    "get": "read the parameter: `config.steps`",
    "set": "assign to the parameter: `config.steps = 10`",
    "run": "write `run.run(run.Partial(function))`",
}


def replacement(missing: Missing, version: Api) -> str:
    """What to write instead of what `version` lacks; empty when nothing comes to mind."""
    owner, name = missing.owner, missing.name
    if owner.path.endswith(".Experiment") and name in _OF_EXPERIMENT:
        return _OF_EXPERIMENT[name]
    if owner.kind == "module":
        return _in_module(owner.path, name, version)
    members = version.members(owner.path) if owner.path in version.classes else ()
    candidates = [each for each in members if each[0] != "_"]
    close = meant(name, candidates)
    return f"did you mean `{close}`?" if close else ""


def _in_module(module: str, name: str, version: Api) -> str:
    if name in _INVENTED and module == "nemo_run":
        return _INVENTED[name]
    elsewhere = version.public.get(name)
    if elsewhere is not None:
        place = "nemo_run" if name in version.modules["nemo_run"]["names"] else elsewhere.rpartition(".")[0]
        return f"write `from {place} import {name}`"
    close = meant(name, [each for each in version.modules[module]["names"] if each[0] != "_"])
    return f"did you mean `{close}`?" if close else ""
