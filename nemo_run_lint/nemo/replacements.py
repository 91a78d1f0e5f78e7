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

#: Of these names, those that stand for another one as it is, and are called alike.
_SAME = {
    "nemo_run": {"ExperimentPlugin": "Plugin", "entrypoint": "cli.entrypoint", "factory": "cli.factory"},
    "Experiment": {
        **dict.fromkeys(("add_task", "add_job", "append"), "add"),
        **dict.fromkeys(("launch", "submit", "start", "execute"), "run"),
        "get_logs": "logs",
        "get_status": "status",
    },
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


def same_under(missing: Missing, version: Api) -> str | None:
    """The name by which `version` has what it lacks under this one, or one nearly the same; None for neither."""
    owner, name = missing.owner, missing.name
    short = owner.path.rpartition(".")[2]
    if short in _SAME and name in _SAME[short]:
        return _SAME[short][name]
    if owner.kind == "module":
        if name in _INVENTED or name in version.public or owner.path not in version.modules:
            return None
        names = list(version.modules[owner.path]["names"])
    else:
        names = list(version.members(owner.path)) if owner.path in version.classes else []
        if owner.path.endswith(".Experiment") and name in _OF_EXPERIMENT:
            return None
    return meant(name, [each for each in names if each[0] != "_"])


def importable_from(name: str, version: Api) -> str | None:
    """The module that a public name can be imported from."""
    path = version.public.get(name)
    if path is None:
        return None
    return "nemo_run" if name in version.modules["nemo_run"]["names"] else path.rpartition(".")[0]


def _in_module(module: str, name: str, version: Api) -> str:
    if name in _INVENTED and module == "nemo_run":
        return _INVENTED[name]
    place = importable_from(name, version)
    if place is not None:
        return f"write `from {place} import {name}`"
    close = meant(name, [each for each in version.modules[module]["names"] if each[0] != "_"])
    return f"did you mean `{close}`?" if close else ""
