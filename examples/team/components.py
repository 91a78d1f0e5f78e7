"""Reusable components: named steps that any experiment of the team can add."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nemo_run as run


@dataclass
class Component:
    """One step of an experiment.

    Attributes:
        name: The task's name.
        function: What it does; a function at the top of a module, so that the job can import it.
        parameters: What the function is called with.
    """

    name: str
    function: Callable[..., None]
    parameters: dict[str, Any] = field(default_factory=dict)

    def add_to(self, experiment: run.Experiment, after: list[str]) -> str:
        """Add the step to `experiment`, to run after the tasks with the ids in `after`; returns its own id."""
        task = run.Partial(self.function, **self.parameters)
        return experiment.add(task, name=self.name, dependencies=after)
