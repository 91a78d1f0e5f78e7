"""pre-commit: an old pin of the hook, and flake8 in an environment of its own without the plugin.

The configuration is YAML, of which only the usual form is read, line by line; of any other nothing is said.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from nemo_run_lint._version import __version__
from nemo_run_lint.doctor.told import Level, Place, Told, lines

_NAMES = (".pre-commit-config.yaml", ".pre-commit-config.yml")

_HOOKS = frozenset({"nemo-run-lint", "nemo-run-lint-fix"})

_ENTRY = re.compile(r"^(?P<indent>[ ]*)(?P<dash>-[ ]+)?(?P<key>[a-z_]+)[ ]*:(?:[ ]+(?P<value>.*))?$")

_PIN = re.compile(r"v?(\d+)\.(\d+)\.(\d+)")


@dataclass(frozen=True)
class Hook:
    """A hook of the configuration.

    repo   where it comes from, or `local`
    rev    the revision of that
    keys   what is said of the hook itself
    line   where it stands
    """

    repo: str
    rev: str
    keys: dict[str, str]
    line: int

    @property
    def id(self) -> str:
        """What the hook is called."""
        return self.keys.get("id", "")


def examine(place: Place) -> Iterator[Told]:
    """Tells if a hook is pinned to an older version, or cannot work as it is written."""
    files = (directory / name for directory in place.upwards for name in _NAMES)
    file = next((file for file in files if os.path.isfile(file)), None)
    if file is None:
        return
    hooks = list(hooks_in(lines(file)))
    own = [hook for hook in hooks if hook.id in _HOOKS or "nemo-run-lint" in hook.keys.get("entry", "")]
    for hook in own:
        yield from _of_local(file, hook) if hook.repo == "local" else _of_pin(file, hook)
    if not own:
        yield from (_of_flake8(file, hook) for hook in hooks if hook.id == "flake8" and not _brings_plugin(hook))


def _of_pin(file: Path, hook: Hook) -> Iterator[Told]:
    pinned, own = _PIN.fullmatch(hook.rev), _PIN.match(__version__)
    if pinned is None or own is None:
        return
    if tuple(map(int, pinned.groups())) < tuple(map(int, own.groups())):
        message = f"line {hook.line}: the hook `{hook.id}` is pinned to {hook.rev}, and this is {__version__}"
        yield Told(Level.ADVICE, message, file, (f"rev: v{__version__}",))
    else:
        yield Told(Level.OK, f"pre-commit runs `{hook.id}` of {hook.rev}", file)


def _of_local(file: Path, hook: Hook) -> Iterator[Told]:
    where = f"line {hook.line}: the hook `{hook.id}`"
    language = hook.keys.get("language", "")
    if language == "python" and not _brings_plugin(hook):
        write = (f'additional_dependencies: ["nemo-run-lint=={__version__}"]',)
        yield Told(Level.PROBLEM, f"{where} has an environment of its own, and nemo-run-lint is not in it", file, write)
    if hook.keys.get("pass_filenames") != "false" and not hook.keys.keys() & {"types", "types_or", "files"}:
        message = f"{where} is given files of every kind"
        yield Told(Level.PROBLEM, message, file, ("types_or: [python, pyi]",))
    if hook.keys.get("pass_filenames") != "false" and hook.keys.get("require_serial") != "true":
        message = f"{where} may be started several times at once, each time with a part of the files"
        yield Told(Level.ADVICE, message, file, ("require_serial: true",))


def _of_flake8(file: Path, hook: Hook) -> Told:
    message = f"line {hook.line}: pre-commit runs flake8 in an environment of its own, which has no nemo-run-lint"
    return Told(Level.ADVICE, message, file, (f'additional_dependencies: ["nemo-run-lint=={__version__}"]',))


def _brings_plugin(hook: Hook) -> bool:
    return "nemo-run-lint" in hook.keys.get("additional_dependencies", "")


def hooks_in(text: Sequence[str]) -> Iterator[Hook]:
    """The hooks of a configuration in block style, a list below `repos:` with a list below each `hooks:`."""
    repo = rev = ""
    hook: Hook | None = None
    last, depth = "", 0
    for number, line in enumerate(text, 1):
        found = _ENTRY.match(_without_comment(line))
        if found is None:
            if hook is not None and last and line.strip():
                hook.keys[last] += f" {line.strip()}"  # the rest of a list, or of a text
            continue
        key, value, is_item = found["key"], _unquoted(found["value"] or ""), bool(found["dash"])
        column = len(found["indent"]) + len(found["dash"] or "")
        if key == "repo" and is_item:
            if hook is not None:
                yield hook
            repo, rev, hook, last = value, "", None, ""
        elif key == "id" and is_item:
            if hook is not None:
                yield hook
            hook, last, depth = Hook(repo, rev, {"id": value}, number), key, column
        elif hook is not None and not is_item and column == depth:
            hook.keys[key], last = value, key
        elif key == "rev" and hook is None:
            rev = value
        elif hook is not None and last and column > depth:
            hook.keys[last] += f" {line.strip()}"
    if hook is not None:
        yield hook


def _without_comment(line: str) -> str:
    return re.sub(r"(?:^|[ ])#.*$", "", line).rstrip()


def _unquoted(value: str) -> str:
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'" else value
