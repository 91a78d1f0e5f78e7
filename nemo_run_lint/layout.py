"""Where a team keeps the parts of an experiment: its code, its configuration, its tests, its page of documentation."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath

#: What stands for the experiment's name in a path.
NAME = "{name}"


@dataclass(frozen=True)
class Layout:
    """Paths relative to the repository, `{name}` standing for the experiment's; the defaults are the guide's."""

    experiment: str = "experiments/{name}.py"
    config: str = "configs/{name}_config.py"
    test: str = "tests/test_{name}.py"
    documentation: str = "docs/experiments/{name}.md"

    def of(self, name: str) -> Layout:
        """The paths of the experiment of that name."""
        places = (self.experiment, self.config, self.test, self.documentation)
        return Layout(*(place.replace(NAME, name) for place in places))


def module_name(path: str) -> str:
    """The name by which a file is imported from the repository, or from its `src`."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "src" else parts)
