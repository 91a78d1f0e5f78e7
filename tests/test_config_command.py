"""`config`: the keys, the settings that count and where they come from, and the JSON schema beside the reader."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from nemo_run_lint.rule import Option, Rule
from nemo_run_lint.schema import FILE, own_rules, schema
from nemo_run_lint.selection import check_options, checked_options
from nemo_run_lint.settings import Settings, SettingsError
from nemo_run_lint.settings.files import joined
from nemo_run_lint.settings.keys import KEYS
from nemo_run_lint.settings.reading import layers_of, problems

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib


def config(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nemo_run_lint", "config", *arguments]
    return subprocess.run(command, cwd=directory, capture_output=True, text=True)


def told(directory: Path, *arguments: str) -> Any:
    result = config(directory, *arguments, "--output-format", "json")
    assert (result.returncode, result.stderr) == (0, "")
    return json.loads(result.stdout)


# -- what can be set -----------------------------------------------------------------------------------------------


def test_every_key_is_listed(tmp_path: Path) -> None:
    lines = config(tmp_path).stdout.splitlines()
    assert [line.split()[0] for line in lines] == sorted(KEYS)
    assert sorted(told(tmp_path)) == sorted(KEYS)


def test_a_key_in_full(tmp_path: Path) -> None:
    result = config(tmp_path, "profile").stdout
    assert 'default: "team"' in result
    assert '[tool.nemo-run-lint]\nprofile = "strict"\n' in result
    assert "default: the active environment" in config(tmp_path, "python").stdout


def test_an_option_of_a_rule(tmp_path: Path) -> None:
    result = config(tmp_path, "rules.name-characters.style").stdout
    assert 'default: "any"' in result
    assert 'one of: "any", "snake", "kebab"' in result


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["profil"], "`profil` is not a setting; did you mean `profile`?"),
        (["rules.short-nam.x"], "there is no rule `short-nam`; did you mean `short-name`?"),
        (["rules.short-name"], "`short-name` is a rule; its options: `minimum-length`"),
        (["rules.short-name.minimum"], "`short-name` has no option `minimum`"),
        (["rules.lambda-in-config.x"], "`lambda-in-config` has no option `x` (it has none)"),
        (["--show", "missing"], "`missing` does not exist"),
        (["--show", "--schema"], "--schema prints the whole schema"),
        (["--config", "fix = true"], "--config goes with --show"),
    ],
)
def test_what_cannot_be_asked(tmp_path: Path, arguments: list[str], message: str) -> None:
    result = config(tmp_path, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr


@pytest.mark.parametrize("name", [name for name in KEYS if KEYS[name].example])
def test_every_example_can_be_written(name: str) -> None:
    assert list(problems(None, tomllib.loads(f"{name} = {KEYS[name].example}"))) == []


def test_every_key_has_an_example_and_a_default() -> None:
    assert all(key.example and (key.default is None) is bool(key.absent) for key in KEYS.values())


def test_every_default_is_what_holds_without_the_key(tmp_path: Path) -> None:
    """Writing all defaults changes nothing but where the settings come from."""
    file = tmp_path / "nemo-run-lint.toml"
    file.write_text(config(tmp_path, "--show").stdout, encoding="utf-8")
    plain = joined([], tmp_path, file)
    all_written = joined(layers_of(file), tmp_path, file)
    assert all_written.output_format == "full"
    assert {**vars(all_written), "output_format": ""} == vars(plain)


# -- what is set ------------------------------------------------------------------------------------------------------


def test_each_setting_and_where_it_comes_from(tmp_path: Path) -> None:
    base, own = tmp_path / "base.toml", tmp_path / "sub" / "pyproject.toml"
    base.write_text('profile = "strict"\nextend-select = ["NRL1"]\n\n[rules]\nshort-name.minimum-length = 4\n')
    own.parent.mkdir()
    own.write_text(
        '[project]\nname = "x"\n[tool.nemo-run-lint]\nextend = "../base.toml"\nextend-select = ["nrl4"]\n'
        'severity = { NRL1 = "info" }\nnemo-run-version = "0.9"\n[tool.nemo-run-lint.rules.hard-coded-path]\nroots = []\n'
    )
    found = told(tmp_path, "--show", "sub")
    assert found["files"] == [str(own), str(base)]
    settings = found["settings"]
    assert settings["profile"] == {"value": "strict", "absent": "", "from": [{"file": str(base), "line": 1}]}
    assert settings["extend-select"]["value"] == ["NRL1", "NRL4"]
    assert [(each["file"], each["line"]) for each in settings["extend-select"]["from"]] == [
        (str(base), 2),
        (str(own), 5),
    ]
    assert settings["rules"]["value"] == {"short-name": {"minimum-length": 4}, "hard-coded-path": {"roots": []}}
    assert [each["line"] for each in settings["rules"]["from"]] == [4, 8]
    assert settings["severity"]["value"] == {"NRL1": "info"}
    assert settings["nemo-run-version"]["value"] == ["0.9.0"]
    assert settings["force-exclude"] == {"value": False, "absent": "", "from": []}
    assert settings["select"] == {"value": None, "absent": "the rules of the profile", "from": []}

    text = config(tmp_path, "--show", "sub").stdout
    assert f'profile = "strict"  # {base}:1\n' in text
    assert "# select: the rules of the profile\n" in text


def test_what_is_shown_can_be_read_again(tmp_path: Path) -> None:
    """The text is TOML, and means the same settings, paths made absolute."""
    (tmp_path / "nemo-run-lint.toml").write_text(
        'profile = "strict"\npython = "env"\nper-file-ignores = { "té\\"st/*" = ["NRL1"] }\nindex = ["a b"]\n'
    )
    shown = tomllib.loads(config(tmp_path, "--show").stdout)
    assert shown["profile"] == "strict"
    assert shown["python"] == str(tmp_path / "env")
    assert shown["per-file-ignores"] == {'té"st/*': ["NRL1"]}
    assert list(problems(None, shown)) == []


def test_what_config_changes_is_shown(tmp_path: Path) -> None:
    given = ["--config", "profile = 'strict'"]
    shown = told(tmp_path, "--show", *given)["settings"]["profile"]
    assert shown["value"] == "strict"
    assert shown["from"] == [{"file": "--config 'profile = 'strict''", "line": None}]


def test_settings_that_cannot_be_meant_are_2(tmp_path: Path) -> None:
    (tmp_path / "nemo-run-lint.toml").write_text("profil = 1\n")
    result = config(tmp_path, "--show")
    assert (result.returncode, result.stdout) == (2, "")
    assert "`profil` is not a setting" in result.stderr


# -- the schema ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def whole() -> dict[str, Any]:
    return schema(own_rules())


def test_the_file_is_what_the_command_prints(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    printed = config(tmp_path, "--schema").stdout
    if request.config.getoption("--update"):
        FILE.write_text(printed, encoding="utf-8")
    assert FILE.read_text(encoding="utf-8") == printed, "nemo-run-lint config --schema, or pytest --update"


def test_the_schema_is_one(whole: dict[str, Any]) -> None:
    jsonschema.Draft7Validator.check_schema(whole)
    assert sorted(whole["properties"]) == sorted(KEYS)
    assert all(each["description"].strip() for each in whole["properties"].values())


def test_defaults_and_examples_fit_the_schema(whole: dict[str, Any]) -> None:
    for name, key in KEYS.items():
        validator = jsonschema.Draft7Validator({**whole["properties"][name], "definitions": whole["definitions"]})
        assert validator.is_valid(tomllib.loads(f"x = {key.example}")["x"]), name
        assert key.default is None or validator.is_valid(key.default), name


#: Values of every type, and values that fit some key or nearly do.
VALUES: list[Any] = [
    True,
    0,
    1,
    -1,
    0.5,
    "",
    "a",
    "a\0b",
    [],
    [1],
    [""],
    ["a"],
    [["a"]],
    {},
    {"a": 1},
    {"a": []},
    {"a": ["NRL4"]},
    {"a": ["NRL499"]},
    {"NRL4": "error"},
    {"NRL4": "fatal"},
    {"NRL499": "error"},
    *({"test": path} for path in ("a", "{name}", "a/{name}/{name}.md", "{nam}", "../{name}", "/{name}", "{name}/")),
    *({"test": path} for path in ("a/./{name}", "a//{name}", "a\\{name}", "{name}\n", "a.b/..{name}", "a{name}}")),
    *({"experiment": path} for path in ("{name}", "{name}.py", "{name}.py\n", "x/{name}_a.py", "{name}.pyi")),
    {"lambda-in-config": {}},
    {"lambda-in-config": {"x": 1}},
    {"lambda-in-config": 1},
    {"no-such-rule": {}},
    "auto",
    "team",
    "tem",
    "full",
    "imports",
    "import",
    "json=a",
    ["json=a"],
    ["json="],
    ["jsn=a"],
    ["=a"],
    ["json=a=b"],
    ["json=a\0"],
    ["NRL"],
    ["NRL4"],
    ["NRL49"],
    ["NRL401"],
    ["NRL4011"],
    ["ALL"],
    ["lambda-in-config"],
    ["lambda-in-confi"],
    ["NRL4", 1],
    [" NRL4"],
    *["0", "0.9", "0.9.0", "0.9.", ".9", "0.2", "0.11", "0.11.0", "0.11.1", "0.11.2", "0.11.1.0", "0.11.01", "0.12"],
    *["0.011.2", "0.20", "0.100.0", "1", "1.0.0", "10", "00", "v1", "1.0a1", "0.8,0.9", "0.8, 0.9 ", "0.8,", "0.8,0.2"],
    *["0.10.9", "0.09", "0.11.10", "0.11.1.5", "latest", "0.9 0.8", "0.7.1", "2.x"],
    ["0.9", "0.8,0.7"],
    ["0.9", "0.2"],
    ["0.9", 1],
]


def _reads(name: str, value: Any) -> bool:
    table = {name: value}
    try:
        found = list(problems(None, table))
        if not found and name == "rules":
            check_options(Settings(rules=value))
    except SettingsError:
        return False
    return not found


@pytest.mark.parametrize("name", sorted(KEYS.keys() - {"required-version"}))
def test_the_schema_accepts_what_the_reader_accepts(whole: dict[str, Any], name: str) -> None:
    """`required-version` apart, which is a language of its own, and selectors in another case than the usual one."""
    validator = jsonschema.Draft7Validator(whole)
    accepted = [value for value in VALUES if _reads(name, value)]
    assert accepted, "a value of every key is among them"
    assert [value for value in VALUES if validator.is_valid({name: value})] == accepted


def test_neither_accepts_another_key(whole: dict[str, Any]) -> None:
    assert not jsonschema.Draft7Validator(whole).is_valid({"profil": "team"})
    assert list(problems(None, {"profil": "team"}))


class Optioned(Rule):
    """A rule with one option of every kind."""

    code = "NRL999"
    message = ""

    length = Option(3, "shortest")
    share = Option(0.5, "part")
    loud = Option(False, "loud")
    word = Option("x", "word")
    style = Option("any", "style", choices=("any", "snake"))
    patterns = Option(("train*",), "functions")
    families = Option(["a"], "some of them", choices=("a", "b"))


@pytest.mark.parametrize("key", sorted(Optioned.options()))
def test_options_in_the_schema_are_those_of_the_rule(key: str) -> None:
    of_rule = schema([Optioned])
    jsonschema.Draft7Validator.check_schema(of_rule)
    validator = jsonschema.Draft7Validator(of_rule)
    values: list[Any] = [True, 1, 0.5, "x", "any", "camel", [], ["a"], ["c"], [1], {}]
    for value in values:
        try:
            checked_options(Optioned, {key: value})
            reads = True
        except SettingsError:
            reads = False
        assert validator.is_valid({"rules": {"optioned": {key: value}}}) is reads, value
