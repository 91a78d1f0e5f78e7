"""Where a team keeps the parts of an experiment: its code, its configuration, its tests, its page of documentation."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import PurePosixPath

#: What stands for the experiment's name in a path.
NAME = "{name}"

#: A path that a layout may have: below the repository, the name somewhere in it. JSON schemas hold it too.
PATTERN = r"^(?![\s\S]*[\u0000-\u001f])(?!/)(?!.*(^|/)\.\.?(/|$))(?!.*//)(?!.*/$)[^\\{}]*(\{name\}[^\\{}]*)+$"


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

    def name_of(self, path: str) -> str | None:
        """The name of the experiment whose code a path, relative to the repository, may hold; None if it cannot be.

        Tests, and modules whose name begins with an underscore, are no experiments.
        """
        found = _experiment(self.experiment).fullmatch(path)
        if found is None or found["name"].startswith(("_", "test_")) or found["name"] == "conftest":
            return None
        return found["name"]


#: The places of a layout: the keys of the settings.
PLACES = tuple(asdict(Layout()))


def problem(place: str, pattern: str) -> str | None:
    """What is wrong with a pattern for one of the places, in words that follow "`place`"; None if nothing."""
    if not re.match(PATTERN, pattern):
        return f"must be a path below the repository, with slashes and `{NAME}` in it, not {pattern!r}"
    if place == "experiment" and not pattern.endswith(".py"):
        return f"must end with `.py`, not {pattern!r}"
    return None


@cache
def _experiment(pattern: str) -> re.Pattern[str]:
    """A regular expression for the paths that a pattern means; the name is the same wherever it stands."""
    first, *others = map(re.escape, pattern.split(NAME))
    return re.compile(f"{first}(?P<name>[^/]+){'(?P=name)'.join(others)}")


def module_name(path: str) -> str:
    """The name by which a file is imported from the repository, or from its `src`."""
    parts = PurePosixPath(path).with_suffix("").parts
    return ".".join(parts[1:] if parts[0] == "src" else parts)
