"""[tool.nemo-run-lint] of the nearest pyproject.toml: found upwards, checked to the last key, remembered by directory.

A pyproject.toml without that table does not count, and the nearest one with it counts alone: nothing is inherited.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from nemo_run_lint.releases import in_order, judged_as
from nemo_run_lint.rule import Profile
from nemo_run_lint.rule_files import canonical, did_you_mean, names
from nemo_run_lint.sources.patterns import Patterns

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

TABLE = "nemo-run-lint"

#: What is left out of a walk unless `exclude` says otherwise: ruff's list.
DEFAULT_EXCLUDE = (
    ".bzr .direnv .eggs .git .git-rewrite .hg .ipynb_checkpoints .mypy_cache .nox .pants.d .pyenv .pytest_cache "
    ".pytype .ruff_cache .svn .tox .venv .vscode __pycache__ __pypackages__ _build buck-out build dist node_modules "
    "site-packages venv"
)

DEFAULT_MAXIMUM_FILE_SIZE = 1_000_000


class SettingsError(Exception):
    """Settings that cannot be meant. The message is a sentence for the user: file, key, what is allowed."""


@dataclass(frozen=True)
class Settings:
    """How the linter is set. Change one with `dataclasses.replace`.

    root               the directory that patterns are relative to
    source             the pyproject.toml that was read; None for the defaults
    profile            the set of rules to start from
    select             codes, beginnings of codes, or names of the rules to run, instead of the profile's; empty: those
    extend_select      more of them
    ignore             selectors of the rules not to run; `extend-ignore` of the file is in here
    per_file_ignores   of a pattern of paths, the selectors whose findings are dropped there
    exclude            patterns of paths that a walk leaves out; `extend-exclude` of the file is in here
    respect_gitignore  whether a walk leaves out what git would
    force_exclude      whether files given by name are left out as well
    output_format      a name of `outputs`; empty: the command line's default
    maximum_file_size  in bytes; larger files are named and skipped
    python             the environment of the project: an interpreter, its directory, or site-packages; None: looked for
    index              exported indexes of environments
    cache              whether to remember what was worked out
    cache_dir          where; None: the user's own place for such things
    explain_unresolved whether to tell what the configurations call; not a key of the file
    nemo_run_version   the releases of NeMo Run to judge by, oldest first; empty: what the project requires
    rules              each rule's own options by its name; `selection.check_options` checks them
    """

    root: Path = field(default_factory=Path.cwd)
    source: Path | None = None
    profile: Profile = Profile.TEAM
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    exclude: tuple[str, ...] = tuple(DEFAULT_EXCLUDE.split())
    respect_gitignore: bool = True
    force_exclude: bool = False
    output_format: str = ""
    maximum_file_size: int = DEFAULT_MAXIMUM_FILE_SIZE
    python: Path | None = None
    index: tuple[Path, ...] = ()
    cache: bool = True
    cache_dir: Path | None = None
    explain_unresolved: bool = False
    nemo_run_version: tuple[str, ...] = ()
    rules: dict[str, dict[str, Any]] = field(default_factory=dict, hash=False)

    def ignored_for(self, path: Path) -> tuple[str, ...]:
        """The selectors of `per-file-ignores` whose pattern means `path`."""
        if not self.per_file_ignores:
            return ()
        found = (selectors for pattern, selectors in self.per_file_ignores if _applies(pattern, self.root, path))
        return tuple(selector for selectors in found for selector in selectors)


def _applies(pattern: str, root: Path, path: Path) -> bool:
    """Whether a pattern of per-file-ignores means `path`; `!pattern` means all other files, as in ruff."""
    wanted, plain = not pattern.startswith("!"), pattern.removeprefix("!")
    return bool(_patterns(root, plain).match(str(path))) is wanted


@cache
def _patterns(root: Path, pattern: str) -> Patterns:
    return Patterns(root, (pattern,))


def load(path: Path) -> Settings:
    """The settings for a file or directory, which need not exist.

    Raises SettingsError where the nearest pyproject.toml cannot be read, or says what cannot be meant.
    """
    path = path.absolute()
    directory = path if path.is_dir() else path.parent
    found = map(_own, (directory, *directory.parents))
    return next((settings for settings in found if settings is not None), None) or Settings()


def read(file: Path) -> Settings | None:
    """The settings of this pyproject.toml; None if it has no [tool.nemo-run-lint]. Raises SettingsError as `load`."""
    try:
        text = file.read_bytes().decode()
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise SettingsError(f"{file} is not UTF-8, as TOML must be: byte {error.start} (line {line})") from None
    try:
        tool = tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{file} is not valid TOML: {error}") from None
    except RecursionError:
        raise SettingsError(f"{file} is not valid TOML: it is nested too deeply") from None
    if not isinstance(tool, dict) or TABLE not in tool:
        return None
    try:
        return _settings(file, tool[TABLE])
    except ValueError as error:
        raise SettingsError(f"{file}: {error}") from None


def forget() -> None:
    """Read every pyproject.toml anew from now on: for a process that outlives an edit."""
    _own.cache_clear()


@cache
def _own(directory: Path) -> Settings | None:
    """The settings that this directory brings itself."""
    file = directory / "pyproject.toml"
    return read(file) if file.is_file() else None


def _settings(file: Path, table: Any) -> Settings:
    """Raises ValueError, with a sentence that names the key."""
    if not isinstance(table, dict):
        raise ValueError(f"tool.{TABLE} must be a table")
    for key in table:
        if key not in _KEYS:
            allowed = ", ".join(f"`{known}`" for known in sorted(_KEYS))
            raise ValueError(f"`{key}` is not a setting{did_you_mean(key, _KEYS)} (the settings: {allowed})")
    given = {key: _KEYS[key](key, value) for key, value in table.items()}
    defaults = Settings(file.parent, file)
    return Settings(
        root=file.parent,
        source=file,
        profile=given.get("profile", defaults.profile),
        select=given.get("select", ()),
        extend_select=given.get("extend-select", ()),
        ignore=given.get("ignore", ()) + given.get("extend-ignore", ()),
        per_file_ignores=given.get("per-file-ignores", ()),
        exclude=given.get("exclude", defaults.exclude) + given.get("extend-exclude", ()),
        respect_gitignore=given.get("respect-gitignore", defaults.respect_gitignore),
        force_exclude=given.get("force-exclude", defaults.force_exclude),
        output_format=given.get("output-format", defaults.output_format),
        maximum_file_size=given.get("maximum-file-size", defaults.maximum_file_size),
        python=_below(file, given.get("python")),
        index=tuple(file.parent / each for each in given.get("index", ())),
        cache_dir=_below(file, given.get("cache-dir")),
        nemo_run_version=given.get("nemo-run-version", ()),
        rules=given.get("rules", {}),
    )


def _below(file: Path, path: str | None) -> Path | None:
    """A path that is relative to the directory of the settings."""
    return file.parent / path if path is not None else None


def _profile(key: str, value: Any) -> Profile:
    known = [profile.value for profile in Profile]
    if value not in known:
        near = did_you_mean(value, known) if isinstance(value, str) else ""
        raise ValueError(f"`{key}` must be one of {', '.join(map(repr, known))}, not {value!r}{near}")
    return Profile(value)


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"`{key}` must be true or false, not {value!r}")
    return value


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"`{key}` must be a string, not {value!r}")
    return value


def _path(key: str, value: Any) -> str:
    if not _text(key, value):
        raise ValueError(f"`{key}` must be a path, not empty")
    return str(value)


def _bytes(key: str, value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"`{key}` must be a whole number of bytes, 1 or more, not {value!r}")
    return value


def _strings(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"`{key}` must be a list of strings, not {value!r}")
    return tuple(value)


def _versions(key: str, value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ValueError(f"`{key}` must be a string or a list of strings, not {value!r}")
    try:
        return in_order({judged_as(version.strip()) for text in given for version in text.split(",")})
    except ValueError as error:
        raise ValueError(f"`{key}`: {error}") from None


def _selectors(key: str, value: Any) -> tuple[str, ...]:
    given = _strings(key, value)
    try:
        return tuple(map(canonical, given))
    except ValueError as error:
        raise ValueError(f"`{key}`: {error}") from None


def _globs(key: str, value: Any) -> tuple[str, ...]:
    globs = _strings(key, value)
    for glob in globs:
        _check_glob(key, glob)
    return globs


def _check_glob(key: str, glob: str) -> None:
    try:
        Patterns(Path("/"), (glob,))
    except ValueError as error:
        raise ValueError(f"`{key}`: {error}") from None


def _table(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"`{key}` must be a table, not {value!r}")
    return value


def _per_file_ignores(key: str, value: Any) -> tuple[tuple[str, tuple[str, ...]], ...]:
    for glob in _table(key, value):
        _check_glob(key, glob.removeprefix("!"))
    return tuple((glob, _selectors(f"{key}.{glob}", selectors)) for glob, selectors in value.items())


def _rules(key: str, value: Any) -> dict[str, dict[str, Any]]:
    tables = {}
    for name, table in _table(key, value).items():
        if name not in names():
            raise ValueError(f"`{key}.{name}`: there is no rule of this name{did_you_mean(name, names())}")
        tables[name] = _table(f"{key}.{name}", table)
    return tables


#: Every key of the table, and what makes a value of it or raises ValueError.
_KEYS: Mapping[str, Callable[[str, Any], Any]] = {
    "profile": _profile,
    "select": _selectors,
    "extend-select": _selectors,
    "ignore": _selectors,
    "extend-ignore": _selectors,
    "per-file-ignores": _per_file_ignores,
    "exclude": _globs,
    "extend-exclude": _globs,
    "respect-gitignore": _flag,
    "force-exclude": _flag,
    "output-format": _text,
    "maximum-file-size": _bytes,
    "python": _path,
    "index": _strings,
    "cache-dir": _path,
    "nemo-run-version": _versions,
    "rules": _rules,
}
