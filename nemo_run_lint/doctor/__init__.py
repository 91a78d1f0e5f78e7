"""What hinders the linter in a project, or hides its findings: a module a kind of trouble, each with an `examine`."""

from __future__ import annotations

from collections.abc import Iterator

from nemo_run_lint.doctor import environments, flake8, pre_commit, ruff, settings_files, sources
from nemo_run_lint.doctor.told import Level, Place, Told

__all__ = ("Level", "Place", "Told", "examine")

_EXAMINING = (settings_files, environments, sources, ruff, flake8, pre_commit)


def examine(place: Place) -> Iterator[Told]:
    """All that there is to tell of a place. Files are read as text, nothing is changed and nothing run."""
    for module in _EXAMINING:
        yield from module.examine(place)
