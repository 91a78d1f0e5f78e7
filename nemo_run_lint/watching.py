"""`--watch`: lints again whenever a file changes that may matter, and forgets before each round what files said.

What is watched: the paths that were named and the project around them; settings files further up are looked at in
between, since all that lies beside them need not be watched.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from nemo_run_lint import repository, settings
from nemo_run_lint.nemo import declared
from nemo_run_lint.settings import DEFAULT_EXCLUDE, SettingsError
from nemo_run_lint.settings.files import layers
from nemo_run_lint.settings.text import NAMES
from nemo_run_lint.sources.discovery import DiscoveryError
from nemo_run_lint.surroundings import project_of

#: Sources, settings, what says which NeMo Run is used, what git ignores, and baselines.
_MATTERS = re.compile(
    r"(?:.+\.(?:pyi?|ipynb|pth|toml|lock|ya?ml)|setup\.cfg|Pipfile\.lock|requirements.*\.(?:txt|in)"
    r"|\.gitignore|\.git|exclude|METADATA|pyvenv\.cfg|.*baseline.*\.json)",
    re.IGNORECASE,
)

_SKIPPED = frozenset(DEFAULT_EXCLUDE.split())

#: In milliseconds: how long to wait for a change before the settings files further up are looked at.
_PAUSE = 200

#: What watchfiles calls a change that neither makes nor removes.
_MODIFIED = 2


def watch(once: Callable[[], object], paths: Sequence[str], also: Sequence[str] = ()) -> NoReturn:
    """Call `once`, which lints `paths` and may end with SystemExit, now and after each change, until Ctrl-C.

    `also` are more files that matter. What is wrong with the settings, or with a path that is gone, is told, and
    watching goes on. Raises DiscoveryError where a path is not there from the start, and click's UsageError without
    watchfiles.
    """
    try:
        import watchfiles
    except ImportError:
        raise click.UsageError("--watch needs watchfiles: pip install 'nemo-run-lint[watch]'") from None
    missing = next((path for path in paths if not os.path.exists(path)), None)
    if missing is not None:
        raise DiscoveryError(f"`{missing}` does not exist")
    places = _outermost(_watched(paths))
    changes = watchfiles.watch(*places, watch_filter=matters, rust_timeout=_PAUSE, yield_on_timeout=True, step=50)
    before: list[object] | None = None
    further_up: list[Path] = []
    while True:
        try:
            changed = next(changes)  # at first nothing, at once: what changes during a round is not missed
        except (OSError, RuntimeError) as error:  # more directories than the system watches, or one is gone
            raise click.ClickException(f"--watch cannot watch {', '.join(map(str, places))}: {error}") from None
        if before is None or changed or _states(further_up) != before:
            _round(once)
            further_up = [*_further_up(paths, places), *map(Path, also)]
            before = _states(further_up)
            click.echo("Watching for changes; Ctrl-C ends it.", err=True)


def matters(change: int, path: str) -> bool:
    """Whether a change of what is at `path` may change what is found: of a file, or the name of a directory."""
    if not _SKIPPED.isdisjoint(_below_here(path).split(os.sep)):
        return False
    name = os.path.basename(path)
    return _MATTERS.fullmatch(name) is not None or (change != _MODIFIED and "." not in name)


def _below_here(path: str) -> str:
    """A path without what lies above the working directory: that somebody works below `build/` excludes nothing."""
    here = os.getcwd()
    return os.path.relpath(path, here) if path.startswith(here) else ""


def _round(once: Callable[[], object]) -> None:
    """Clear the screen, forget what files said, and run."""
    if sys.stdout.isatty():
        click.clear()
    settings.forget()
    declared.forget()
    repository.forget()
    try:
        once()
    except SystemExit:
        pass
    except click.ClickException as error:
        error.show()
    except (SettingsError, DiscoveryError) as error:
        click.echo(f"nemo-run-lint: {error}", err=True)
    sys.stdout.flush()


def _watched(paths: Iterable[str]) -> set[Path]:
    """The directories of the paths, and of the projects around them, in which the modules lie that they use."""
    found = set()
    for path in paths:
        place = Path(os.path.abspath(path))
        directory = place if os.path.isdir(place) else place.parent
        found |= {directory, project_of(directory) or directory}
    return found


def _outermost(directories: Iterable[Path]) -> list[Path]:
    """Without those that lie in another one."""
    found: list[Path] = []
    for directory in sorted(directories):
        if not any(directory.is_relative_to(each) for each in found):
            found.append(directory)
    return found


def _further_up(paths: Iterable[str], places: Sequence[Path]) -> list[Path]:
    """The files of settings, there or not, that count for the paths and lie in no watched place."""
    above = {up / name for place in places for up in place.parents for name in NAMES}
    for path in paths:
        with suppress(SettingsError):
            above |= {Path(layer.source) for layer in layers(Path(path))}
    return sorted(file for file in above if not any(file.is_relative_to(place) for place in places))


def _states(files: Iterable[Path]) -> list[object]:
    """What tells that one of the files was changed, made or removed."""
    return [_state(file) for file in files]


def _state(file: Path) -> tuple[int, int, int] | None:
    try:
        status = os.stat(file)
    except OSError:
        return None
    return status.st_mtime_ns, status.st_size, status.st_ino
