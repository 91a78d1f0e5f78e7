"""A call of one of NeMo Run's own classes, functions or methods, beside what that takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.known import known
from nemo_run_lint.nemo.versions import Known, Parameter, api
from nemo_run_lint.project import File


@dataclass(eq=False)
class NemoCall:
    """A call whose callee is known.

    callee      the class, function or method that is called, or that run.Config will call
    arguments   what is given to it
    is_config   whether it is a run.Config or run.Partial of it, which may be completed later
    """

    file: File
    node: cst.Call
    callee: Known
    parameters: list[Parameter]
    arguments: Sequence[cst.Arg]
    is_config: bool = False

    @classmethod
    def find(cls, file: File) -> Iterable[NemoCall]:
        """Every call of what nemo_run defines itself, and every config of it."""
        for call in file.tree.nodes(cst.Call):
            callee = known(file, call.func)
            parameters = api().parameters(callee) if isinstance(callee, Known) else None
            if isinstance(callee, Known) and parameters is not None and callee.name not in ("Config", "Partial"):
                yield cls(file, call, callee, parameters, call.args)
        for config in file.all(Buildable):
            callee = known(file, config.target) if config.target is not None else None
            parameters = api().parameters(callee) if isinstance(callee, Known) else None
            if isinstance(callee, Known) and parameters is not None:
                yield cls(file, config.node, callee, parameters, config.node.args[1:], is_config=True)

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
        return f"run.{self.name}" if self.name in api().modules["nemo_run"]["names"] else self.name

    @property
    def takes_any_keyword(self) -> bool:
        """Whether it has `**kwargs`."""
        return any(each.kind == "stars" for each in self.parameters)

    @cached_property
    def keywords(self) -> dict[str, cst.Arg]:
        """The arguments by keyword."""
        return {given.keyword.value: given for given in self.arguments if given.keyword is not None}

    @property
    def has_star(self) -> bool:
        """Whether arguments come from `*` or `**`."""
        return any(given.star for given in self.arguments)

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
        filled = {each.name for each in places[: len(self._placed)]} | set(self.keywords)
        return [each for each in self.parameters if each.required and each.name not in filled]
