"""What a client is set to, in the section `nemoRunLint` of its settings; the project's own settings are not these."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: What the settings are called, wherever a client keeps them.
SECTION = "nemoRunLint"

_RUN = ("onType", "onSave")
_MODES = ("openFilesOnly", "workspace")


@dataclass(frozen=True)
class Preferences:
    """How the server works.

    enable     whether anything is said
    run        `onType`, or `onSave`: as the text was when it was opened or last saved
    mode       `openFilesOnly`, or `workspace`: all files of the workspace's folders
    config     what `nemo-run-lint check` calls `--config`
    isolated   what it calls `--isolated`
    """

    enable: bool = True
    run: str = "onType"
    mode: str = "openFilesOnly"
    config: tuple[str, ...] = ()
    isolated: bool = False


def read(given: Any, before: Preferences) -> tuple[Preferences, list[str]]:
    """The preferences in what a client sent, and what is wrong with it in sentences; what is wrong stays as `before`.

    Keys that are not known belong to the client itself.
    """
    if isinstance(given, Mapping) and isinstance(given.get(SECTION), Mapping):
        given = given[SECTION]
    if not isinstance(given, Mapping):
        return before, []
    problems: list[str] = []

    def one(key: str, fits: bool, wanted: str, otherwise: Any) -> Any:
        if given.get(key) is None:
            return otherwise
        if not fits:
            problems.append(f"`{SECTION}.{key}` must be {wanted}, not {given[key]!r}")
        return given[key] if fits else otherwise

    enable, isolated, config = (given.get(key) for key in ("enable", "isolated", "config"))
    is_list = isinstance(config, list) and all(isinstance(each, str) for each in config)
    found = Preferences(
        one("enable", isinstance(enable, bool), "true or false", before.enable),
        one("run", given.get("run") in _RUN, _listed(_RUN), before.run),
        one("diagnosticMode", given.get("diagnosticMode") in _MODES, _listed(_MODES), before.mode),
        tuple(one("config", is_list, "a list of texts, each as for --config", before.config)),
        one("isolated", isinstance(isolated, bool), "true or false", before.isolated),
    )
    return found, problems


def _listed(words: tuple[str, ...]) -> str:
    return " or ".join(f'"{word}"' for word in words)
