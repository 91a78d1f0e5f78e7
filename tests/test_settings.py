"""Settings: what each key means, and what a wrong key or value is told."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nemo_run_lint._version import __version__
from nemo_run_lint.finding import Severity
from nemo_run_lint.layout import Layout
from nemo_run_lint.rule import Option, Profile, Rule
from nemo_run_lint.rule_files import canonical, own_codes, own_modules
from nemo_run_lint.selection import all_rules, check_options, checked_options
from nemo_run_lint.settings import DEFAULT_EXCLUDE, Settings, SettingsError, forget, load, read


def write(directory: Path, table: str, header: str = "[tool.nemo-run-lint]\n") -> Path:
    directory.mkdir(parents=True, exist_ok=True)
    file = directory / "pyproject.toml"
    file.write_text(header + table, encoding="utf-8")
    return file


def refusal(directory: Path, table: str) -> str:
    """What the user is told of a table that cannot be meant."""
    file = write(directory, table)
    with pytest.raises(SettingsError) as caught:
        read(file)
    message = str(caught.value)
    assert message.startswith(f"{file}: ")
    return message.removeprefix(f"{file}: ")


def test_defaults_without_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert load(tmp_path) == Settings(root=tmp_path)
    assert Settings().profile is Profile.TEAM
    assert Settings().source is None


def test_every_key(tmp_path: Path) -> None:
    file = write(
        tmp_path,
        """\
profile = "strict"
select = ["nrl4", "Lambda-In-Config"]
extend-select = ["all"]
ignore = ["NRL001"]
extend-ignore = ["NRL401"]
exclude = ["old"]
extend-exclude = ["generated/*"]
respect-gitignore = false
force-exclude = true
output-format = "concise"
output = ["json=out/findings.json"]
fix = true
unsafe-fixes = true
fixable = ["NRL2"]
unfixable = ["NRL203"]
extend-safe-fixes = ["NRL3"]
extend-unsafe-fixes = ["NRL4"]
show-suppressed = true
require-reason = true
baseline = "known.json"
baseline-ratchet = true
python = ".venv"
index = ["env.idx"]
cache-dir = "cache"
required-version = ">=0.1"
maximum-file-size = 2_000
nemo-run-version = ["0.9", "0.8.0,0.12"]
[tool.nemo-run-lint.per-file-ignores]
"tests/*" = ["ALL"]
[tool.nemo-run-lint.extend-per-file-ignores]
"docs/*" = ["NRL1"]
[tool.nemo-run-lint.severity]
nrl1 = "info"
[tool.nemo-run-lint.layout]
test = "checks/{name}_test.py"
[tool.nemo-run-lint.rules.lambda-in-config]
""",
    )
    assert load(tmp_path / "sub" / "missing.py") == Settings(
        root=tmp_path,
        source=file,
        profile=Profile.STRICT,
        select=("NRL4", "lambda-in-config"),
        extend_select=("ALL",),
        ignore=("NRL001", "NRL401"),
        exclude=("old", "generated/*"),
        respect_gitignore=False,
        force_exclude=True,
        output_format="concise",
        output=(f"json={tmp_path / 'out' / 'findings.json'}",),
        fix=True,
        unsafe_fixes=True,
        fixable=("NRL2",),
        unfixable=("NRL203",),
        extend_safe_fixes=("NRL3",),
        extend_unsafe_fixes=("NRL4",),
        show_suppressed=True,
        require_reason=True,
        baseline=tmp_path / "known.json",
        baseline_ratchet=True,
        python=tmp_path / ".venv",
        index=(tmp_path / "env.idx",),
        cache_dir=tmp_path / "cache",
        maximum_file_size=2000,
        nemo_run_version=("0.8.0", "0.9.0", "0.11.1"),
        per_file_ignores=(("tests/*", ("ALL",)), ("docs/*", ("NRL1",))),
        severity=(("NRL1", Severity.INFO),),
        layout=Layout(test="checks/{name}_test.py"),
        rules={"lambda-in-config": {}},
    )


def test_extend_exclude_keeps_the_defaults(tmp_path: Path) -> None:
    write(tmp_path, 'extend-exclude = ["generated"]\n')
    assert load(tmp_path).exclude == (*DEFAULT_EXCLUDE.split(), "generated")


def test_the_nearest_counts_alone(tmp_path: Path) -> None:
    write(tmp_path, 'profile = "strict"\nignore = ["NRL4"]\n')
    write(tmp_path / "inner", 'profile = "correctness"\n')
    write(tmp_path / "inner" / "other", "line-length = 100\n", "[tool.ruff]\n")
    (tmp_path / "inner" / "other" / "deep").mkdir()
    assert load(tmp_path / "train.py").profile is Profile.STRICT
    for path in (tmp_path / "inner", tmp_path / "inner" / "other", tmp_path / "inner" / "other" / "deep" / "a.py"):
        settings = load(path)
        assert (settings.profile, settings.ignore, settings.root) == (Profile.CORRECTNESS, (), tmp_path / "inner")


def test_one_file_is_read_once(tmp_path: Path) -> None:
    file = write(tmp_path, 'profile = "strict"\n')
    (tmp_path / "sub").mkdir()
    assert load(tmp_path) is load(tmp_path / "sub" / "a.py")
    file.write_text('[tool.nemo-run-lint]\nprofile = "team"\n')
    assert load(tmp_path).profile is Profile.STRICT
    forget()
    assert load(tmp_path).profile is Profile.TEAM


def test_an_unknown_key_is_refused_with_the_nearest(tmp_path: Path) -> None:
    message = refusal(tmp_path, "ignroe = []\n")
    assert message.startswith("`ignroe` is not a setting; did you mean `ignore`? (the settings: `baseline`, ")


@pytest.mark.parametrize(
    ("table", "message"),
    [
        (
            "profile = 'tem'",
            "`profile` must be one of 'correctness', 'team', 'strict', not 'tem'; did you mean `team`?",
        ),
        ("profile = 3", "`profile` must be one of 'correctness', 'team', 'strict', not 3"),
        ("profile = []", "`profile` must be one of 'correctness', 'team', 'strict', not []"),
        ("select = 'NRL4'", "`select` must be a list of strings, not 'NRL4'"),
        ("ignore = [4]", "`ignore` must be a list of strings, not [4]"),
        ("select = ['E501']", "`select`: `E501` is neither a code (NRL401, NRL4) nor a rule"),
        ("select = ['']", "`select`: `` is neither a code (NRL401, NRL4) nor a rule"),
        ("ignore = ['lamda-in-config']", "nor a rule; did you mean `lambda-in-config`?"),
        ("ignore = ['NRL499']", "`ignore`: `NRL499`: no rule has this code; did you mean `NRL4"),
        ("ignore = ['NRL49']", "`ignore`: `NRL49`: no rule's code begins so"),
        ("respect-gitignore = 1", "`respect-gitignore` must be true or false, not 1"),
        ("force-exclude = 'yes'", "`force-exclude` must be true or false, not 'yes'"),
        ("output-format = 1", "`output-format` must be one of 'full', 'concise', "),
        ("output-format = 'fulll'", ", not 'fulll'; did you mean `full`?"),
        ("output = ['json']", "`output` must be a list of FORMAT=FILE (`sarif=findings.sarif`), not 'json'"),
        ("output = ['json=']", "must be a list of FORMAT=FILE"),
        ("output = ['jsn=a']", "`output`: there is no format `jsn`; did you mean `json`?"),
        ("fix = 'yes'", "`fix` must be true or false, not 'yes'"),
        ("fixable = ['NRL499']", "`fixable`: `NRL499`: no rule has this code"),
        ("baseline = ''", "`baseline` must be a path, not empty"),
        ('python = "a\\u0000b"', "`python`: 'a\\x00b' is not a path"),
        ("cache-dir = 1", "`cache-dir` must be a string, not 1"),
        ("index = ['']", "`index` must be a path, not empty"),
        ("severity = 'error'", "`severity` must be a table, not 'error'"),
        ("severity = {NRL1 = 'fatal'}", "`severity.NRL1` must be one of 'error', 'warning', 'info', not 'fatal'"),
        ("severity = {NRL9x = 'info'}", "`severity`: `NRL9x` is neither a code"),
        ("extend = 1", "`extend` must be a string, not 1"),
        ("extend = ''", "`extend` must be a path, not empty"),
        ("required-version = 1", "`required-version` must be a string, not 1"),
        (
            "required-version = 'new'",
            "`required-version` must be a version or a range of versions (`>=0.1`), not 'new'",
        ),
        ("required-version = ''", "`required-version` must be a version or a range of versions (`>=0.1`), not ''"),
        (
            "required-version = '0.0.1'",
            f"`required-version`: nemo-run-lint ==0.0.1 is asked for, and this is {__version__}",
        ),
        ("required-version = '>=99'\nnew-key = 1", "nemo-run-lint >=99 is asked for"),
        ("maximum-file-size = true", "`maximum-file-size` must be a whole number of bytes, 1 or more, not True"),
        ("maximum-file-size = 0", "`maximum-file-size` must be a whole number of bytes, 1 or more, not 0"),
        ("maximum-file-size = '1 MB'", "`maximum-file-size` must be a whole number of bytes, 1 or more, not '1 MB'"),
        ("nemo-run-version = 0.9", "`nemo-run-version` must be a string or a list of strings, not 0.9"),
        ("nemo-run-version = ['0.9', '0.2']", "`nemo-run-version`: `0.2` is no release of NeMo Run (known are 0.3.0, "),
        ("nemo-run-version = ''", "`nemo-run-version`: `` is no release of NeMo Run (known are 0.3.0, "),
        ("exclude = ['a[z-a]']", "`exclude`: `a[z-a]` is not a pattern of paths"),
        ("per-file-ignores = ['a']", "`per-file-ignores` must be a table, not ['a']"),
        ("per-file-ignores = {'a' = 'NRL4'}", "`per-file-ignores.a` must be a list of strings, not 'NRL4'"),
        ("per-file-ignores = {'a' = ['NRL9x']}", "`per-file-ignores.a`: `NRL9x` is neither a code"),
        ("layout = 'src'", "`layout` must be a table, not 'src'"),
        ("layout = {tests = 'a/{name}'}", "`layout.tests`: a layout has no such place; did you mean `test`?"),
        ("layout = {test = 1}", "`layout.test` must be a string, not 1"),
        ("layout = {test = 'tests/all.py'}", "must be a path below the repository, with slashes and `{name}` in it"),
        ("layout = {test = '/tests/{name}.py'}", "`layout.test` must be a path below the repository"),
        ("layout = {test = 'a/../../{name}.py'}", "`layout.test` must be a path below the repository"),
        ("layout = {experiment = '{name}.yaml'}", "`layout.experiment` must end with `.py`, not '{name}.yaml'"),
        ("rules = 1", "`rules` must be a table, not 1"),
        ("rules = {lambda-in-config = 1}", "`rules.lambda-in-config` must be a table, not 1"),
        ("rules = {lambda-in-confg = {}}", "there is no rule of this name; did you mean `lambda-in-config`?"),
    ],
)
def test_a_wrong_value_is_refused(tmp_path: Path, table: str, message: str) -> None:
    assert message in refusal(tmp_path, table)


def test_the_table_must_be_a_table(tmp_path: Path) -> None:
    file = write(tmp_path, "nemo-run-lint = 1\n", "[tool]\n")
    with pytest.raises(SettingsError, match=r"pyproject\.toml: tool\.nemo-run-lint must be a table"):
        read(file)


def test_the_longest_selector_decides_the_severity() -> None:
    settings = Settings(
        severity=(("ALL", Severity.INFO), ("NRL4", Severity.WARNING), ("lambda-in-config", Severity.ERROR))
    )
    assert settings.severity_of("NRL401", "lambda-in-config") is Severity.ERROR
    assert settings.severity_of("NRL402", "other") is Severity.WARNING
    assert settings.severity_of("NRL101", "other") is Severity.INFO
    assert Settings(severity=settings.severity[1:]).severity_of("NRL101", "other") is None


@pytest.mark.parametrize("content", [b"", b"tool = 1\n", b"[tool.ruff]\n"])
def test_a_file_without_the_table_does_not_count(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    assert read(tmp_path / "pyproject.toml") is None


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"[tool.nemo-run-lint\n", "is not valid TOML: .*line 1"),
        (b"[tool]\n# caf\xe9\n", r"is not UTF-8, as TOML must be: byte 12 \(line 2\)"),
        (b"a = " + b"[" * 100_000, "is not valid TOML"),
    ],
)
def test_a_file_that_is_no_toml(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "pyproject.toml").write_bytes(content)
    with pytest.raises(SettingsError, match=message):
        load(tmp_path / "train.py")


@pytest.mark.parametrize(
    ("pattern", "path", "means"),
    [
        ("tests/*", "tests/a.py", True),
        ("tests/*", "tests/deep/a.py", True),
        ("tests/*", "src/tests/a.py", False),
        ("*.py", "src/a.py", True),
        ("__init__.py", "src/pkg/__init__.py", True),
        ("src/**/gen_*.py", "src/a/b/gen_x.py", True),
        ("!tests/*", "tests/a.py", False),
        ("!tests/*", "src/a.py", True),
        ("*.py", "../outside.py", False),
    ],
)
def test_per_file_ignores(tmp_path: Path, pattern: str, path: str, means: bool) -> None:
    settings = Settings(root=tmp_path / "root", per_file_ignores=((pattern, ("NRL4", "NRL1")),))
    file = (tmp_path / "root" / path).resolve()
    assert settings.ignored_for(file) == (("NRL4", "NRL1") if means else ())


def test_selectors_of_rules_are_known_without_importing_rules() -> None:
    code = """
import sys
from nemo_run_lint.rule_files import canonical
assert canonical("nrl401") == "NRL401" and canonical("LAMBDA-in-config") == "lambda-in-config"
assert not [name for name in sys.modules if name.startswith("libcst") or ".rules." in name]
"""
    subprocess.run([sys.executable, "-c", code], check=True)


def test_what_the_files_say_is_what_the_rules_say() -> None:
    own = [rule for rule in all_rules() if rule.__module__ in own_modules().values()]
    assert {rule.name() for rule in own} == set(own_modules())
    assert {rule.code for rule in own} == own_codes()
    assert all(canonical(rule.code) == rule.code for rule in own)


class Optioned(Rule):
    """A rule with one option of every kind."""

    code = "NRL999"
    message = ""

    minimum_length = Option(3, "shortest")
    share = Option(0.5, "part")
    loud = Option(False, "loud")
    style = Option("any", "style", choices=("any", "snake", "kebab"))
    patterns = Option(("train*",), "functions")


def test_options_are_checked_against_the_rule() -> None:
    table = {"minimum-length": 4, "share": 1, "loud": True, "style": "snake", "patterns": ["a", "b"]}
    assert checked_options(Optioned, table) == {**table, "patterns": ("a", "b")}
    rule = Optioned(checked_options(Optioned, table))
    assert (rule.minimum_length, rule.loud, rule.patterns) == (4, True, ("a", "b"))


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"minimum-lenght": 4}, "`minimum-lenght` is not an option of this rule; did you mean `minimum-length`?"),
        ({"minimum-length": "4"}, "`minimum-length` must be a whole number, not '4'"),
        ({"minimum-length": True}, "`minimum-length` must be a whole number, not True"),
        ({"share": "x"}, "`share` must be a number, not 'x'"),
        ({"loud": 1}, "`loud` must be true or false, not 1"),
        ({"style": "camel"}, "`style` must be one of 'any', 'snake', 'kebab', not 'camel'"),
        ({"patterns": "a"}, "`patterns` must be a list of strings, not 'a'"),
        ({"patterns": [1]}, "`patterns` must be a list of strings, not [1]"),
    ],
)
def test_a_wrong_option_is_refused(table: dict[str, object], message: str) -> None:
    with pytest.raises(SettingsError) as caught:
        checked_options(Optioned, table)
    assert str(caught.value).startswith("rules.optioned: ")
    assert message in str(caught.value)


def test_a_wrong_option_names_the_file(tmp_path: Path) -> None:
    file = write(tmp_path, "rules.lambda-in-config.colour = 1\n")
    with pytest.raises(SettingsError) as caught:
        check_options(load(tmp_path))
    assert str(caught.value).startswith(f"{file}: rules.lambda-in-config: `colour` is not an option of this rule")


def test_a_wrong_option_of_an_extended_file_names_that_one(tmp_path: Path) -> None:
    write(tmp_path / "sub", "extend = '../pyproject.toml'\nrules.lambda-in-config = {}\n")
    file = write(tmp_path, "rules.short-name.minimum-length = 'x'\n")
    with pytest.raises(SettingsError) as caught:
        check_options(load(tmp_path / "sub"))
    assert str(caught.value) == f"{file}: rules.short-name: `minimum-length` must be a whole number, not 'x'"
