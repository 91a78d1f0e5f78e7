"""The API of NeMo Run as data, by release: made by `.ci/api_data.py` from the wheels, read when asked for.

Modules and attributes are not the same: `from nemo_run.run.experiment import Experiment` works, and the attribute
`nemo_run.run` is a function that has no `experiment`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache, cached_property
from importlib.resources import files
from typing import Any, Literal

from nemo_run_lint.releases import NEWEST, RELEASES


@dataclass(frozen=True)
class Known:
    """A module, class or function of nemo_run, an object of one of its classes, or a method of such an object."""

    kind: Literal["module", "class", "function", "object", "method"]
    path: str

    @property
    def name(self) -> str:
        """The last part of its path: `SlurmExecutor`."""
        return self.path.rpartition(".")[2]


@dataclass(frozen=True)
class Missing:
    """A name that `owner` does not have."""

    owner: Known
    name: str


@dataclass(frozen=True)
class Parameter:
    """What a callable of nemo_run takes: `kind` is positional, keyword, place, star or stars; its default is text."""

    name: str
    kind: str
    annotation: str
    default: str | None = None

    @property
    def required(self) -> bool:
        """Whether a call must give it."""
        return self.default is None and self.kind not in ("star", "stars")


class Api:
    """One release of NeMo Run."""

    def __init__(self, version: str, data: dict[str, Any]) -> None:
        self.version = version
        self.modules: dict[str, Any] = data["modules"]
        self.classes: dict[str, Any] = data["classes"]
        self.functions: dict[str, Any] = data["functions"]

    @property
    def key(self) -> int:
        """Equal for releases that have the same API."""
        return id(self.modules)

    def at(self, path: str) -> Known | None:
        """The module, class or function that is defined under this path."""
        if path in self.modules:
            return Known("module", path)
        if path in self.classes:
            return Known("class", path)
        return Known("function", path) if path in self.functions else None

    def imported(self, module: str, name: str) -> Known | Missing | None:
        """What `from module import name` gives; None for what is there but not nemo_run's, or cannot be told."""
        package, _, last = module.rpartition(".")
        if module not in self.modules:
            above = self.imported(package, last) if package else None
            return above if isinstance(above, Missing) else None
        found = self._of_module(module, name)
        submodule = f"{module}.{name}"
        return Known("module", submodule) if isinstance(found, Missing) and submodule in self.modules else found

    def module(self, path: str) -> Known | Missing | None:
        """What `import path` finds; Missing names the first module on the way that is not there."""
        if path in self.modules:
            return Known("module", path)
        above, _, name = path.rpartition(".")
        if not above:
            return None
        found = self.module(above)
        return Missing(found, name) if isinstance(found, Known) else found

    def attribute(self, owner: Known, name: str) -> Known | Missing | None:
        """What `owner.name` gives; None for what exists but is nothing of nemo_run's, or cannot be told."""
        if name.startswith("__"):
            return None
        if owner.kind == "module":
            found = self._of_module(owner.path, name)
            submodule = f"{owner.path}.{name}"
            return Known("module", submodule) if isinstance(found, Missing) and submodule in self.modules else found
        if owner.kind in ("function", "method"):
            return None if self.functions.get(owner.path, {}).get("decorated") else Missing(owner, name)
        if self.is_open(owner.path) or name in self.members(owner.path):
            is_method = owner.kind == "object" and self.method(owner.path, name) is not None
            return Known("method", f"{owner.path}.{name}") if is_method else None
        return Missing(owner, name)

    def _of_module(self, module: str, name: str) -> Known | Missing | None:
        names = self.modules[module]["names"]
        if name in names:
            return self.at(names[name])
        return None if self.modules[module].get("open") else Missing(Known("module", module), name)

    def is_open(self, path: str) -> bool:
        """Whether a class may have members that are not recorded: a base is not nemo_run's."""
        data = self.classes[path]
        return bool(data.get("open")) or any(self.is_open(base) for base in data.get("bases", ()))

    def members(self, path: str) -> frozenset[str]:
        """The attributes and methods of a class and of its bases."""
        data = self.classes[path]
        inherited = (self.members(base) for base in data.get("bases", ()))
        return frozenset(data.get("members", ())).union(*inherited)

    def method(self, path: str, name: str) -> list[Parameter] | None:
        """What a method takes when it is called on an object; None when that is not known."""
        data = self.classes[path]
        if name in data.get("methods", {}):
            return [Parameter(*each) for each in data["methods"][name]]
        if name in data.get("members", ()):
            return None
        return next((found for base in data.get("bases", ()) if (found := self.method(base, name)) is not None), None)

    def parameters(self, known: Known) -> list[Parameter] | None:
        """What a call of a class, function or method takes; None when that is not known."""
        if known.kind == "method":
            owner, _, name = known.path.rpartition(".")
            return self.method(owner, name)
        data = {"class": self.classes, "function": self.functions}.get(known.kind, {}).get(known.path, {})
        return [Parameter(*each) for each in data["parameters"]] if "parameters" in data else None

    def fields(self, name: str) -> dict[str, Parameter]:
        """The parameters of a class by its public name: `SlurmExecutor`."""
        path = self.public.get(name)
        known = self.at(path) if path else None
        return {each.name: each for each in self.parameters(known) or ()} if known is not None else {}

    @cached_property
    def public(self) -> dict[str, str]:
        """Public names and the paths behind them: what `nemo_run` exports, and every other class and function."""
        defined = {path.rpartition(".")[2]: path for path in (*self.functions, *self.classes)}
        exported = self.modules["nemo_run"]["names"]
        return {name: path for name, path in (defined | exported).items() if path and not name.startswith("_")}

    def is_subclass(self, path: str, base: str) -> bool:
        """Whether the class at `path` is, or descends from, the one at `base`."""
        return path == base or any(self.is_subclass(each, base) for each in self.classes[path].get("bases", ()))


@cache
def api(version: str = NEWEST) -> Api:
    """The API of one release."""
    return Api(version, _data(version))


@cache
def _data(version: str) -> dict[str, Any]:
    """What is recorded of a release; an older one is recorded as what differs from the next newer one."""
    recorded = files(__package__) / "releases" / f"{version}.json"
    read: dict[str, Any] = json.loads(recorded.read_text(encoding="utf-8"))
    return read if version == NEWEST else _changed(_data(RELEASES[RELEASES.index(version) + 1]), read)


def _changed(data: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """`data` with the values of `changes` in it, and without those that are None there; itself if nothing changes."""
    if not changes:
        return data
    result = {**data}
    for key, value in changes.items():
        if value is None:
            del result[key]
        elif isinstance(value, dict) and key in data:
            result[key] = _changed(data[key], value)
        else:
            result[key] = value
    return result


#: What other tools and older releases call a thing, and what NeMo Run 0.11.1 calls it: the first that fits is meant.
_SYNONYMS = {
    "app_id": "client_id",
    "app_secret": "client_secret",
    "cmd": "inline",
    "command": "inline",
    "container": "container_image image",
    "devices": "gpus_per_node num_gpus ntasks_per_node",
    "docker_image": "container_image image",
    "env": "env_vars",
    "environment": "env_vars env",
    "env_vars": "env",
    "gpus": "gpus_per_node num_gpus",
    "hostname": "host",
    "image": "container_image",
    "job_name": "job_name_prefix",
    "key_filename": "identity",
    "key_path": "identity",
    "memory": "mem",
    "mounts": "container_mounts volumes",
    "nnodes": "nodes",
    "nproc_per_node": "ntasks_per_node",
    "ntasks": "ntasks_per_node",
    "num_gpus": "gpus_per_node",
    "num_gpus_per_node": "gpus_per_node",
    "num_nodes": "nodes",
    "private_key": "identity",
    "script": "inline",
    "ssh_key": "identity",
    "time_limit": "time",
    "timeout": "time",
    "username": "user",
    "walltime": "time",
}


def meant(name: str, candidates: Iterable[str]) -> str | None:
    """The candidate that was probably meant: what NeMo Run calls it, or alike but for a few letters."""
    candidates = tuple(candidates)
    known_as = (each for each in _SYNONYMS.get(name, "").split() if each in candidates)
    return next(known_as, None) or _closest(name, candidates)


def _closest(name: str, candidates: tuple[str, ...]) -> str | None:
    plain = {candidate.lower().replace("_", ""): candidate for candidate in sorted(candidates, reverse=True)}
    found = get_close_matches(name.lower().replace("_", ""), plain, 1, 0.8)
    return plain[found[0]] if found else None
