"""A call of one of NeMo Run's own classes, functions or methods, beside what that takes in the versions that count."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.known import apis, known
from nemo_run_lint.nemo.versions import Api, Known, Missing, Parameter
from nemo_run_lint.project import File


@dataclass(eq=False)
class NemoCall:
    """A call whose callee is known, as one version of NeMo Run sees it.

    callee      the class, function or method that is called, or that run.Config will call
    arguments   what is given to it
    is_config   whether it is a run.Config or run.Partial of it, which may be completed later
    """

    file: File
    version: Api
    node: cst.Call
    callee: Known
    parameters: list[Parameter]
    arguments: Sequence[cst.Arg]
    is_config: bool = False

    @classmethod
    def find(cls, file: File) -> Iterable[NemoCall]:
        """Every call, or config, of what nemo_run defines itself, once for each version that knows the callee."""
        for version in apis(file):
            for call in file.tree.nodes(cst.Call):
                callee = known(file, call.func, version)
                parameters = version.parameters(callee) if isinstance(callee, Known) else None
                if isinstance(callee, Known) and parameters is not None and callee.name not in ("Config", "Partial"):
                    yield cls(file, version, call, callee, parameters, call.args)
            for config in file.all(Buildable):
                callee = known(file, config.target, version) if config.target is not None else None
                parameters = version.parameters(callee) if isinstance(callee, Known) else None
                if isinstance(callee, Known) and parameters is not None:
                    yield cls(file, version, config.node, callee, parameters, config.node.args[1:], is_config=True)

    @property
    def name(self) -> str:
        """The callee's name."""
        return self.callee.name

    @property
    def shown(self) -> str:
        """How to speak of the callee: "SlurmExecutor", "exp.add" as `Experiment.add`."""
        if self.callee.kind == "method":
            owner, _, method = self.callee.path.rpartition(".")
            return f"{owner.rpartition('.')[2]}.{method}"
        return f"run.{self.name}" if self.name in self.version.modules["nemo_run"]["names"] else self.name

    @property
    def accepted(self) -> list[str]:
        """The names of the parameters that may be given by keyword, and of `**kwargs`."""
        return [each.name for each in self.parameters if each.kind != "star"]

    def takes(self, keyword: str) -> bool:
        """Whether it has a parameter of this name, or `**kwargs`."""
        return keyword in self.accepted or any(each.kind == "stars" for each in self.parameters)

    @cached_property
    def keywords(self) -> dict[str, cst.Arg]:
        """The arguments by keyword."""
        return {given.keyword.value: given for given in self.arguments if given.keyword is not None}

    @property
    def has_star(self) -> bool:
        """Whether arguments come from where they cannot be seen, by `*` or `**`."""
        return any(given.star and self.file.values.items(given.value) is None for given in self.arguments)

    @cached_property
    def spread(self) -> dict[str, cst.BaseExpression]:
        """The values of the arguments that a dict brings, which can be seen: `run.Script(**options)`."""
        dicts = (self.file.values.items(given.value) for given in self.arguments if given.star == "**")
        return {name: value for items in dicts for name, value in (items or {}).items()}

    @property
    def has_ellipsis(self) -> bool:
        """Whether `...` stands for the arguments, as in documentation."""
        return any(isinstance(given.value, cst.Ellipsis) for given in self.arguments)

    @cached_property
    def _placed(self) -> list[cst.Arg]:
        return [given for given in self.arguments if given.keyword is None and not given.star]

    @property
    def unplaced(self) -> list[cst.Arg]:
        """The positional arguments that there is no place for."""
        if any(each.kind == "star" for each in self.parameters):
            return []
        return self._placed[sum(each.kind in ("positional", "place") for each in self.parameters) :]

    @property
    def missing(self) -> list[Parameter]:
        """The required parameters that are not given."""
        places = [each for each in self.parameters if each.kind in ("positional", "place")]
        filled = {each.name for each in places[: len(self._placed)]} | {*self.keywords, *self.spread}
        return [each for each in self.parameters if each.required and each.name not in filled]


@dataclass(eq=False)
class VersionedCall:
    """A call of NeMo Run's own, as each version that counts and knows the callee sees it; the oldest first."""

    seen: dict[str, NemoCall]

    @classmethod
    def find(cls, file: File) -> Iterable[VersionedCall]:
        """Every one in `file`."""
        seen: dict[cst.Call, dict[str, NemoCall]] = {}
        for call in file.all(NemoCall):
            seen.setdefault(call.node, {})[call.version.version] = call
        return map(cls, seen.values())

    @property
    def newest(self) -> NemoCall:
        """As the newest of the versions sees it."""
        return list(self.seen.values())[-1]

    def refused(self, keyword: str, version: Api) -> Missing | None:
        """The argument of this name, where `version` knows the callee but does not take it."""
        seen = self.seen.get(version.version)
        return Missing(seen.callee, keyword) if seen is not None and not seen.takes(keyword) else None
