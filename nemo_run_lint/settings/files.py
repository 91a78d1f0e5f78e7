"""Which settings count: those of the nearest file upwards, those that it extends, and what `--config` adds.

A pyproject.toml without [tool.nemo-run-lint] does not count, and nothing is inherited that `extend` does not name.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

from nemo_run_lint.releases import NEWEST
from nemo_run_lint.settings.model import Settings, SettingsError
from nemo_run_lint.settings.places import EVERYTHING, moved
from nemo_run_lint.settings.text import NAMES, TABLE, own_table

if TYPE_CHECKING:
    from nemo_run_lint.settings.reading import Layer


def load(path: Path) -> Settings:
    """The settings for a file or directory, which need not exist.

    Raises SettingsError where the nearest file of settings cannot be read, or says what cannot be meant.
    """
    place = os.path.abspath(path)
    return _nearest(place if os.path.isdir(place) else os.path.dirname(place)) or _default(os.getcwd())


def read(file: Path) -> Settings | None:
    """The settings of this file; None if it is a pyproject.toml without [tool.nemo-run-lint]. Raises as `load`."""
    if own_table(file) is None:
        return None
    from nemo_run_lint.settings.reading import layers_of  # most directories have no settings

    return joined(layers_of(file), file.parent, file)


def layers(path: Path) -> list[Layer]:
    """What makes the settings for `path`: the file that counts last, before it those that it extends; maybe none."""
    from nemo_run_lint.settings.reading import layers_of

    source = load(path).source
    return layers_of(source) if source is not None else []


def loader(config: Sequence[str], isolated: bool = False) -> Callable[[Path], Settings]:
    """What gives the settings for a path when `--config` was given: a file, which counts alone, or `key = value`.

    Paths and patterns of `--config` are relative to the working directory, as in ruff. `isolated`: no file is looked
    for. Raises SettingsError.
    """
    if not config and not isolated:
        return load
    here = Path.cwd()
    named, overrides = _given(config, here, isolated)
    if named or isolated:
        alone = joined([*named, *overrides], here, Path(named[-1].source) if named else None)
        if isolated and not alone.nemo_run_version:
            alone = replace(alone, nemo_run_version=(NEWEST,))
        return lambda path: alone

    from nemo_run_lint.settings.reading import layers_of

    @cache
    def changed(source: Path | None) -> Settings:
        return joined([*(layers_of(source) if source else ()), *overrides], source.parent if source else here, source)

    return lambda path: changed(load(path).source)


def layers_given(config: Sequence[str]) -> Callable[[Path], list[Layer]]:
    """The layers behind what `loader` gives. Raises SettingsError."""
    named, overrides = _given(config, Path.cwd(), isolated=False)
    return lambda path: [*(named or layers(path)), *overrides]


def _given(config: Sequence[str], here: Path, isolated: bool) -> tuple[list[Layer], list[Layer]]:
    """What the file says that `--config` names, and what settings it gives itself."""
    from nemo_run_lint.settings.reading import layers_of, override

    files = [each for each in config if "=" not in each or os.path.isfile(each)]
    if len(files) > 1:
        raise SettingsError(f"--config names two files, `{files[0]}` and `{files[1]}`: only one can count")
    if files and isolated:
        raise SettingsError(f"--isolated reads no settings files, and --config names `{files[0]}`")
    named = layers_of(Path(os.path.abspath(files[0])), here) if files else []
    if files and not named:
        raise SettingsError(f"{files[0]} has no [tool.{TABLE}]")
    return named, [override(each, here) for each in config if each not in files]


def forget() -> None:
    """Read every file anew from now on: for a process that outlives an edit."""
    _known.clear()


@cache
def _default(here: str) -> Settings:
    """The settings where no file says any, and this is the working directory."""
    return Settings(Path(here))


#: What directories bring themselves, or one above them.
_known: dict[str, Settings | None] = {}


def _nearest(directory: str) -> Settings | None:
    """The settings that a directory brings itself, or the nearest one above it."""
    found, above, passed = _known.get(directory), directory, []
    while found is None and above not in _known:
        passed.append(above)
        found, above = _own(above), os.path.dirname(above)
        if above == passed[-1]:
            break
    found = found or _known.get(above)
    _known.update(dict.fromkeys(passed, found))
    return found


def _own(directory: str) -> Settings | None:
    """The settings that this directory brings itself."""
    files = (os.path.join(directory, name) for name in NAMES)
    found = (read(Path(file)) for file in files if os.path.isfile(file))
    return next((settings for settings in found if settings is not None), None)


# -- several together -------------------------------------------------------------------------------------------


def joined(layers: Sequence[Layer], root: Path, source: Path | None) -> Settings:
    """The settings that several layers make, the last of which counts most; their patterns start at `root`."""
    defaults = Settings(root, source)
    last = {key: value for layer in layers for key, value in layer.values.items()}

    def one(key: str) -> Any:
        return last.get(key, getattr(defaults, key.replace("-", "_")))

    def added(key: str) -> tuple[Any, ...]:
        return tuple(chain.from_iterable(layer.values.get(key, ()) for layer in layers))

    return Settings(
        root=root,
        source=source,
        profile=one("profile"),
        select=one("select"),
        extend_select=added("extend-select"),
        ignore=one("ignore") + added("extend-ignore"),
        per_file_ignores=_ignores(layers, root),
        severity=tuple(dict(added("severity")).items()),
        exclude=_excludes(layers, root, defaults.exclude),
        respect_gitignore=one("respect-gitignore"),
        force_exclude=one("force-exclude"),
        documents=one("documents"),
        examples_see=one("examples-see"),
        docstring_code=one("docstring-code"),
        shell_scripts=one("shell-scripts"),
        strict_documents=one("strict-documents"),
        output_format=one("output-format"),
        output=one("output"),
        maximum_file_size=one("maximum-file-size"),
        time_limit=one("time-limit"),
        jobs=one("jobs"),
        fix=one("fix"),
        unsafe_fixes=one("unsafe-fixes"),
        fixable=one("fixable"),
        unfixable=one("unfixable"),
        extend_safe_fixes=added("extend-safe-fixes"),
        extend_unsafe_fixes=added("extend-unsafe-fixes"),
        show_suppressed=one("show-suppressed"),
        require_reason=one("require-reason"),
        baseline=one("baseline"),
        baseline_ratchet=one("baseline-ratchet"),
        python=one("python"),
        index=one("index"),
        cache_dir=one("cache-dir"),
        nemo_run_version=one("nemo-run-version"),
        layout=replace(defaults.layout, **dict(added("layout"))),
        review={key: value for layer in layers for key, value in layer.values.get("review", {}).items()},
        rules=_rules(layers),
        said_by={each: layer.source for layer in layers for each in _options(layer)},
    )


def _options(layer: Layer) -> Iterator[tuple[str, str]]:
    """The rules that a layer gives options, each with the keys of these."""
    return ((name, key) for name, options in layer.values.get("rules", {}).items() for key in options)


def _rules(layers: Iterable[Layer]) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for layer in layers:
        for name, options in layer.values.get("rules", {}).items():
            found[name] = {**found.get(name, {}), **options}
    return found


def _ignores(layers: Sequence[Layer], root: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """`per-file-ignores`, where the same pattern replaces, and behind them all of `extend-per-file-ignores`."""
    found = dict(_moved_ignores(layers, "per-file-ignores", root))
    return (*found.items(), *_moved_ignores(layers, "extend-per-file-ignores", root))


def _moved_ignores(layers: Iterable[Layer], key: str, root: Path) -> Iterator[tuple[str, tuple[str, ...]]]:
    for layer in layers:
        for pattern, selectors in layer.values.get(key, ()):
            yield from ((each, selectors) for each in moved(pattern, layer.directory, root))


def _excludes(layers: Sequence[Layer], root: Path, defaults: tuple[str, ...]) -> tuple[str, ...]:
    """`exclude` and `extend-exclude`; who lints a directory wants it linted, whatever another file says of it."""
    chosen = [layer for layer in layers if "exclude" in layer.values][-1:]
    found = list(_moved_globs(chosen, "exclude", root)) if chosen else list(defaults)
    return (*found, *_moved_globs(layers, "extend-exclude", root))


def _moved_globs(layers: Iterable[Layer], key: str, root: Path) -> Iterator[str]:
    for layer in layers:
        for pattern in layer.values.get(key, ()):
            for each in moved(pattern, layer.directory, root):
                if each == pattern or each.removeprefix("!") != EVERYTHING:
                    yield each
