"""What the linter goes by: the NeMo Run of the project, its environment, rules of other packages, what it remembers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from nemo_run_lint.doctor.told import Level, Place, Told
from nemo_run_lint.nemo.declared import Mention, mentions
from nemo_run_lint.rule_files import own_modules, plugins
from nemo_run_lint.settings import TABLE, SettingsError
from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.surroundings import cache_directory


def examine(place: Place) -> Iterator[Told]:
    """Tells what was found, and what of it does not go together."""
    try:
        environment = place.environment
    except SettingsError:
        return  # told with the settings
    installed = environment.installed("nemo-run")
    yield _environment(environment, installed)
    yield from _version(place, environment, installed)
    yield from _plugins()
    yield _cache(place)


def _environment(environment: Environment, installed: str | None) -> Told:
    site = ", ".join(map(str, environment.site)) or "no site-packages"
    python = ".".join(map(str, environment.version))
    holds = f"with NeMo Run {installed}" if installed else "without NeMo Run"
    return Told(Level.OK, f"the environment is {site}, of Python {python}, {holds}")


def _version(place: Place, environment: Environment, installed: str | None) -> Iterator[Told]:
    """Which NeMo Run the linter judges by, and whether the environment has it."""
    given = place.settings.nemo_run_version
    if given:
        yield Told(Level.OK, f"`nemo-run-version` says NeMo Run {', '.join(given)}", place.settings.source)
        releases = set(given)
    else:
        found = mentions(place.directory, environment)
        if not found:
            message = "nothing tells which NeMo Run is used, so that rules about versions say nothing"
            write = (f"[tool.{TABLE}]", 'nemo-run-version = "0.11"')
            yield Told(Level.ADVICE, message, place.root / "pyproject.toml", write)
            return
        yield from (Told(Level.OK, _mentioned(each)) for each in found)
        releases = {release for each in found for release in each.releases}
    if installed is not None and not any(_is_same(installed, release) for release in releases):
        message = f"NeMo Run {installed} is installed, and the project is judged by {', '.join(sorted(releases))}"
        yield Told(Level.ADVICE, message, environment.site[0] if environment.site else None)


def _mentioned(mention: Mention) -> str:
    where = f"{mention.file}:{mention.line}" if mention.line else str(mention.file)
    return f"`{mention.written}` in {where} means NeMo Run {', '.join(mention.releases)}"


def _is_same(version: str, release: str) -> bool:
    return f"{version}.".startswith(f"{release}.")


def _plugins() -> Iterator[Told]:
    for name, entry in sorted(plugins().items()):
        package = entry.dist.name if entry.dist is not None else entry.value
        if name in own_modules():
            yield Told(
                Level.PROBLEM, f"`{package}` brings a rule `{name}`, which is the name of one of the linter's own"
            )
        else:
            yield Told(Level.OK, f"`{package}` brings the rule `{name}`; where such rules are, nothing is remembered")


def _cache(place: Place) -> Told:
    directory = cache_directory(place.settings)
    if not place.settings.cache:
        return Told(Level.OK, "nothing is remembered")
    existing = next((each for each in (directory, *directory.parents) if os.path.lexists(each)), directory)
    if not os.path.isdir(existing) or not os.access(existing, os.W_OK | os.X_OK):
        message = f"nothing can be remembered in {directory}: {existing} cannot be written to; every run starts anew"
        return Told(Level.ADVICE, message, write=("export NEMO_RUN_LINT_CACHE_DIR=<a directory that can be>",))
    return Told(Level.OK, f"what was worked out is remembered in {directory} ({_size(directory)})")


def _size(directory: Path) -> str:
    try:
        count = sum(entry.stat().st_size for entry in os.scandir(directory) if entry.is_file())
    except OSError:
        count = 0
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1_000:.1f} kB"
