"""The kinds of values that settings have: what makes a value of what a file says, and how a JSON schema tells that.

Each reader takes the key, for its sentences, and the value, and raises ValueError with a sentence for the user.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nemo_run_lint.finding import Severity
from nemo_run_lint.formats import FORMATS
from nemo_run_lint.layout import NAME, PATTERN, PLACES, problem
from nemo_run_lint.releases import NEWEST, RELEASES, in_order, judged_as
from nemo_run_lint.rule import Profile
from nemo_run_lint.rule_files import canonical, did_you_mean, names
from nemo_run_lint.sources.kinds import EXAMPLES
from nemo_run_lint.sources.patterns import Patterns

#: Of `per-file-ignores` and the like: a pattern or selector, and what stands beside it.
Pairs = tuple[tuple[str, Any], ...]


#: What `jobs` is for as many processes as there are cores.
AUTO = "auto"


@dataclass(frozen=True)
class Kind:
    """What a value must be.

    read    makes a value of what a file says
    schema  the same as a JSON schema
    placed  of a value that names files: the same in the directory of the settings
    """

    read: Callable[[str, Any], Any]
    schema: Callable[[], dict[str, Any]]
    placed: Callable[[Any, Path], Any] | None = None


def _flag(key: str, value: Any) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"`{key}` must be true or false, not {value!r}")
    return value


def _one_of(known: tuple[str, ...]) -> Callable[[str, Any], str]:
    def read(key: str, value: Any) -> str:
        if not isinstance(value, str) or value not in known:
            near = did_you_mean(value, known) if isinstance(value, str) else ""
            raise ValueError(f"`{key}` must be one of {', '.join(map(repr, known))}, not {value!r}{near}")
        return value

    return read


def _path(key: str, value: Any) -> str:
    if not isinstance(value, str):
        raise ValueError(f"`{key}` must be a string, not {value!r}")
    if not value:
        raise ValueError(f"`{key}` must be a path, not empty")
    return _without_nul(key, value)


def _without_nul(key: str, path: str) -> str:
    if "\0" in path:
        raise ValueError(f"`{key}`: {path!r} is not a path, which holds no NUL")
    return path


def _bytes(key: str, value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"`{key}` must be a whole number of bytes, 1 or more, not {value!r}")
    return value


def _seconds(key: str, value: Any) -> int:
    if type(value) is not int or value < 1:
        raise ValueError(f"`{key}` must be a whole number of seconds, 1 or more, not {value!r}")
    return value


def _jobs(key: str, value: Any) -> int:
    """The number of processes; 0 for "auto"."""
    if value == AUTO:
        return 0
    if type(value) is not int or value < 1:
        raise ValueError(f'`{key}` must be a whole number, 1 or more, or "{AUTO}", not {value!r}')
    return value


def _strings(key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise ValueError(f"`{key}` must be a list of strings, not {value!r}")
    return tuple(value)


def _paths(key: str, value: Any) -> tuple[str, ...]:
    return tuple(_path(key, each) for each in _strings(key, value))


def _outputs(key: str, value: Any) -> tuple[str, ...]:
    for each in _strings(key, value):
        name, equals, file = each.partition("=")
        if not (equals and file):
            raise ValueError(f"`{key}` must be a list of FORMAT=FILE (`sarif=findings.sarif`), not {each!r}")
        if name not in FORMATS:
            raise ValueError(f"`{key}`: there is no format `{name}`{did_you_mean(name, FORMATS)}")
        _without_nul(key, file)
    return tuple(value)


def _output_in(output: str, directory: Path) -> str:
    name, _, file = output.partition("=")
    return f"{name}={directory / file}"


def _versions(key: str, value: Any) -> tuple[str, ...]:
    given = [value] if isinstance(value, str) else value
    if not isinstance(given, list) or not all(isinstance(each, str) for each in given):
        raise ValueError(f"`{key}` must be a string or a list of strings, not {value!r}")
    try:
        return in_order({judged_as(version.strip()) for text in given for version in text.split(",")})
    except ValueError as error:
        raise ValueError(f"`{key}`: {error}") from None


def _selectors(key: str, value: Any) -> tuple[str, ...]:
    return tuple(_selector(key, each) for each in _strings(key, value))


def _selector(key: str, written: str) -> str:
    try:
        return canonical(written)
    except ValueError as error:
        raise ValueError(f"`{key}`: {error}") from None


def _globs(key: str, value: Any) -> tuple[str, ...]:
    return tuple(_glob(key, each) for each in _strings(key, value))


def _glob(key: str, glob: str) -> str:
    try:
        Patterns(Path("/"), (glob.removeprefix("!"),))
    except ValueError as error:
        raise ValueError(f"`{key}`: {error}") from None
    return glob


def _table(key: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ValueError(f"`{key}` must be a table, not {value!r}")
    return value


def _ignores(key: str, value: Any) -> Pairs:
    table = _table(key, value)
    return tuple((_glob(key, glob), _selectors(f"{key}.{glob}", each)) for glob, each in table.items())


def _severities(key: str, value: Any) -> Pairs:
    read = _one_of(_SEVERITIES)
    table = _table(key, value)
    return tuple((_selector(key, each), Severity(read(f"{key}.{each}", said))) for each, said in table.items())


def _layout(key: str, value: Any) -> Pairs:
    for place, pattern in _table(key, value).items():
        if place not in PLACES:
            raise ValueError(f"`{key}.{place}`: a layout has no such place{did_you_mean(place, PLACES)}")
        if not isinstance(pattern, str):
            raise ValueError(f"`{key}.{place}` must be a string, not {pattern!r}")
        if wrong := problem(place, pattern):
            raise ValueError(f"`{key}.{place}` {wrong}")
    return tuple(value.items())


def _rules(key: str, value: Any) -> dict[str, dict[str, Any]]:
    tables = {}
    for name, table in _table(key, value).items():
        if name not in names():
            raise ValueError(f"`{key}.{name}`: there is no rule of this name{did_you_mean(name, names())}")
        tables[name] = _table(f"{key}.{name}", table)
    return tables


def _requirement(key: str, value: Any) -> str:
    """A version, which must be exactly this one, or a range of versions, as in ruff."""
    if not isinstance(value, str):
        raise ValueError(f"`{key}` must be a string, not {value!r}")
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    written = value.strip()
    exact = written[:1].isdigit()
    try:
        SpecifierSet(f"=={written}" if exact else written)
    except InvalidSpecifier:
        written = ""
    if not written:
        raise ValueError(f"`{key}` must be a version or a range of versions (`>=0.1`), not {value!r}")
    return f"=={written}" if exact else written


def _review(key: str, value: Any) -> dict[str, Any]:
    from nemo_run_lint.settings import review  # only for settings that have the table

    return review.read(key, value)


# -- as JSON schemas -----------------------------------------------------------------------------------------------

_SEVERITIES = tuple(severity.value for severity in Severity)

_PROFILES = tuple(profile.value for profile in Profile)


#: Defined where the whole schema is put together, which knows the rules.
SELECTOR = {"$ref": "#/definitions/selector"}


def _list_of(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _version_pattern() -> str:
    """What `judged_as` takes: a release, the beginning of one, or a version that is newer than all."""
    known = sorted({".".join(each.split(".")[:length]) for each in RELEASES for length in (1, 2, 3)})
    newest = NEWEST.split(".")
    newer = [rf"{''.join(f'0*{each}[.]' for each in newest[:at])}{_above(newest[at])}([.][0-9]+)*" for at in range(3)]
    newer.append("[.]".join(f"0*{each}" for each in newest) + "([.][0-9]+)+")
    one = "|".join((*(each.replace(".", "[.]") for each in known), *newer))
    return rf"^\s*({one})\s*(,\s*({one})\s*)*$"


def _above(number: str) -> str:
    """A regular expression for the whole numbers that are larger."""
    places = [(number[:at], int(digit) + 1, len(number) - at - 1) for at, digit in enumerate(number) if digit != "9"]
    larger = [f"{before}[{digit}-9][0-9]{{{after}}}" for before, digit, after in places]
    return f"0*({'|'.join((*larger, f'[1-9][0-9]{{{len(number)},}}'))})"


def _versions_schema() -> dict[str, Any]:
    version = {"type": "string", "pattern": _version_pattern()}
    return {"anyOf": [version, _list_of(version)]}


def _outputs_schema() -> dict[str, Any]:
    return _list_of({"type": "string", "pattern": rf"^({'|'.join(map(str, FORMATS))})=[^\u0000]+$"})


def _layout_schema() -> dict[str, Any]:
    path = {"type": "string", "pattern": PATTERN}
    places: dict[str, Any] = {
        place: {**path, "description": f"The path of the {place}, `{NAME}` in it."} for place in PLACES
    }
    places["experiment"] |= {"allOf": [{"pattern": r"\.py$"}]}
    return {"type": "object", "properties": places, "additionalProperties": False}


def _review_schema() -> dict[str, Any]:
    from nemo_run_lint.settings import review

    return review.schema()


_PATH_SCHEMA = {"type": "string", "minLength": 1, "pattern": r"^[^\u0000]*$"}

FLAG = Kind(_flag, lambda: {"type": "boolean"})
PROFILE = Kind(lambda key, value: Profile(_one_of(_PROFILES)(key, value)), lambda: {"enum": [*_PROFILES]})
FORMAT = Kind(lambda key, value: _one_of(FORMATS)(key, value), lambda: {"enum": [*FORMATS]})
EXAMPLE = Kind(lambda key, value: _one_of(EXAMPLES)(key, value), lambda: {"enum": [*EXAMPLES]})
OUTPUTS = Kind(_outputs, _outputs_schema, lambda given, place: tuple(_output_in(each, place) for each in given))
BYTES = Kind(_bytes, lambda: {"type": "integer", "minimum": 1})
SECONDS = Kind(_seconds, lambda: {"type": "integer", "minimum": 1})
JOBS = Kind(_jobs, lambda: {"anyOf": [{"const": AUTO}, {"type": "integer", "minimum": 1}]})
PATH = Kind(_path, lambda: {**_PATH_SCHEMA}, lambda given, place: place / given)
PATHS = Kind(_paths, lambda: _list_of({**_PATH_SCHEMA}), lambda given, place: tuple(place / each for each in given))
FILE = Kind(_path, lambda: {**_PATH_SCHEMA})
VERSIONS = Kind(_versions, _versions_schema)
SELECTORS = Kind(_selectors, lambda: _list_of({**SELECTOR}))
GLOBS = Kind(_globs, lambda: _list_of({"type": "string"}))
IGNORES = Kind(_ignores, lambda: {"type": "object", "additionalProperties": _list_of({**SELECTOR})})
SEVERITIES = Kind(
    _severities,
    lambda: {
        "type": "object",
        "propertyNames": {**SELECTOR},
        "additionalProperties": {"enum": [*_SEVERITIES]},
    },
)
LAYOUT = Kind(_layout, _layout_schema)
REVIEW = Kind(_review, _review_schema)
RULES = Kind(_rules, lambda: {"type": "object"})
REQUIREMENT = Kind(_requirement, lambda: {"type": "string", "minLength": 1})
