"""What `explain` tells of one finding: how its names were resolved, what counted, and why there is none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from nemo_run_lint import explanation_text, settings
from nemo_run_lint.explanation import Absence, Explanation, explained
from nemo_run_lint.nemo import declared
from nemo_run_lint.place import place_of
from nemo_run_lint.releases import NEWEST
from nemo_run_lint.runner import run, source
from nemo_run_lint.selection import all_rules, matches
from nemo_run_lint.settings import SettingsError
from nemo_run_lint.sources.discovery import DiscoveryError

TRAINING = "def train(steps: int, rate: float = 0.1) -> None: ...\n"
LAMBDA = "import nemo_run as run\nfrom training import train\n\ntask = run.Partial(train, rate=lambda: 1)\n"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project of its own, in which the tests stand."""
    for variable in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setenv("NEMO_RUN_LINT_CACHE_DIR", str(tmp_path / "cache"))
    directory = tmp_path / "project"
    (directory / ".git").mkdir(parents=True)
    monkeypatch.chdir(directory)
    write({"training.py": TRAINING, "pyproject.toml": ""})
    yield directory
    declared.forget()
    settings.forget()


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")


def explain(rule: str, place: str, today: date | None = None) -> tuple[Explanation, ...] | Absence:
    settings.forget()
    declared.forget()
    return explained([each for each in all_rules() if matches(rule, each)], place_of(place), today)


def the(rule: str, place: str, today: date | None = None) -> Explanation:
    found = explain(rule, place, today)
    assert not isinstance(found, Absence), found.reason
    (only,) = found
    return only


def none(rule: str, place: str) -> Absence:
    found = explain(rule, place)
    assert isinstance(found, Absence), found
    return found


def told(rule: str, place: str) -> str:
    return "".join(explanation_text.text((the(rule, place),), source))


def names(rule: str, place: str) -> list[str]:
    """The lines about names, as they are printed."""
    _, _, behind = told(rule, place).partition("\nNames\n")
    return [line.strip() for line in behind.partition("\n\n")[0].splitlines()]


# -- names -----------------------------------------------------------------------------------------------------

SITE = ".venv/lib/python3.11/site-packages"


@pytest.mark.parametrize(
    ("files", "place", "lines"),
    [
        pytest.param(
            {"a.py": "from nemo_run import Config as C\nfrom training import train\nC(train, step=1)\n"},
            "a.py:3",
            [
                "`C` is `nemo_run.Config`, imported by `from nemo_run import Config as C` on line 1",
                f"the class `nemo_run.config.Config` of NeMo Run {NEWEST}",
                "takes `Config(fn_or_cls, *args, bind_args=..., **kwargs)`",
                "`train` is `training.train`, imported by `from training import train` on line 2",
                "defined at training.py:1",
                "takes `train(steps, rate=...)`",
            ],
            id="an alias",
        ),
        pytest.param(
            {
                "team/__init__.py": "",
                "team/parts/__init__.py": "from .deep import train\n",
                "team/parts/deep.py": "\n" + TRAINING,
                "team/a.py": "import nemo_run.config\nfrom .parts import train\nnemo_run.config.Config(train, step=1)\n",
            },
            "team/a.py:3",
            [
                "`nemo_run.config.Config` with `nemo_run` imported by `import nemo_run.config` on line 1",
                f"the class `nemo_run.config.Config` of NeMo Run {NEWEST}",
                "takes `Config(fn_or_cls, *args, bind_args=..., **kwargs)`",
                "`train` is `team.parts.deep.train`, imported by `from .parts import train` on line 2",
                "defined at team/parts/deep.py:2",
                "takes `train(steps, rate=...)`",
            ],
            id="a relative import and one that is handed on",
        ),
        pytest.param(
            {
                ".venv/pyvenv.cfg": "version = 3.11.0\n",
                f"{SITE}/lib/__init__.py": "class Model:\n    def __init__(self, size=1): ...\n",
                f"{SITE}/lib-1.2.dist-info/METADATA": "Name: lib\nVersion: 1.2\n",
                f"{SITE}/lib-1.2.dist-info/RECORD": "lib/__init__.py,,\n",
                "a.py": "import nemo_run as run\nimport lib\nModel = lib.Model\nrun.Config(Model, sise=1)\n",
            },
            "a.py:4",
            [
                "`Model` is `lib.Model`, set by `Model = lib.Model` on line 3",
                f"defined at {SITE}/lib/__init__.py:1 (lib 1.2)",
                "takes `Model(size=...)`",
            ],
            id="an installed package",
        ),
        pytest.param(
            {"a.py": "import nemo_run as run\ndef train(x): ...\nkwargs = dict(y=1)\nrun.Partial(train, **kwargs)\n"},
            "a.py:4",
            [
                "`train` is the function of this file on line 2",
                "defined at a.py:2",
                "takes `train(x)`",
                "`kwargs` is set by `kwargs = dict(y=1)` on line 3",
            ],
            id="the file's own",
        ),
        pytest.param(
            {
                "a.py": "import nemo_run as run\nfrom gone import f\ndef g(step):\n    run.Config(f, a=lambda: step)\ng(3)\n"
            },
            "a.py:4",
            [
                "`f` is `gone.f`, imported by `from gone import f` on line 2",
                "not known what it takes: not installed: no module of this name in the project or the environment",
                "`step` is a parameter of `g` on line 3, given `3` on line 5",
            ],
            id="what is not known, and a parameter",
        ),
        pytest.param(
            {"a.py": 'from nemo_run import Experiment\nwith Experiment("abcd") as exp:\n    exp.nothing()\n'},
            "a.py:3",
            [
                '`exp.nothing` with `exp` set by `Experiment("abcd") as exp` on line 2',
                f"nothing: the object `nemo_run.run.experiment.Experiment` of NeMo Run {NEWEST} has no `nothing`",
            ],
            id="what NeMo Run does not have",
        ),
    ],
)
def test_what_a_name_stands_for(project: Path, files: dict[str, str], place: str, lines: list[str]) -> None:
    write(files)
    (code,) = {each.code for each in run([place.partition(":")[0]]).findings if f":{each.span.line}" == place[-2:]}
    found = names(code, place)
    assert [line for line in found if line in lines] == lines, found


def test_a_chain_of_factories_is_told_by_the_notes(project: Path) -> None:
    write(
        {
            "recipes.py": "import nemo_run as run\nfrom training import train\n\n\ndef recipe(key):\n"
            "    return run.Partial(train, **{key: 1})\n\n\ndef outer(key):\n    return recipe(key)\n",
            "a.py": 'import nemo_run as run\nfrom recipes import outer\n\ntask = outer("step")\n',
        }
    )
    text = told("NRL804", "a.py:4")
    assert "which calls `recipe(key)`" in text
    assert "--> recipes.py:10" in text
    assert "this is where it fails" in text
    assert "`outer` is `recipes.outer`, imported by `from recipes import outer` on line 2" in text
    assert "defined at recipes.py:9" in text


# -- the version -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({"requirements.txt": "torch\nnemo_run==0.9.0\n"}, "0.9.0: requirements.txt:2 says `nemo_run==0.9.0`"),
        ({"requirements/a.in": "nemo_run==0.9.0 # x\n"}, "0.9.0: requirements/a.in:1 says `nemo_run==0.9.0`"),
        ({"uv.lock": '\n[[package]]\nname = "nemo-run"\nversion = "0.9.0"\n'}, "0.9.0: uv.lock:4 says `0.9.0`"),
        (
            {"Pipfile.lock": '{"default": {\n"nemo-run": {"version": "==0.9.0"}}}'},
            "0.9.0: Pipfile.lock:2 says `0.9.0`",
        ),
        (
            {"environment.yml": "dependencies:\n  - nemo-run=0.9.0\n"},
            "0.9.0: environment.yml:2 says `nemo-run==0.9.0.*`",
        ),
        (
            {"pyproject.toml": '[project]\ndependencies = [\n  "torch",\n  "nemo-run>=0.10,<0.11.1",\n]\n'},
            "0.10.0, 0.11.0: pyproject.toml:4 says `nemo-run>=0.10,<0.11.1`",
        ),
        (
            {"pyproject.toml": '[tool.poetry.dependencies]\ntorch = "*"\nnemo-run = "^0.9"\n'},
            "0.9.0: pyproject.toml:3 says `nemo-run~=0.9.0`",
        ),
        (
            {f"{SITE}/nemo_run-0.9.0.dist-info/METADATA": "Name: nemo_run\nVersion: 0.9.0\n", ".venv/pyvenv.cfg": ""},
            f"0.9.0: 0.9.0 is installed in {SITE}",
        ),
        (
            {"nemo-run-lint.toml": 'nemo-run-version = "0.9"\n', "requirements.txt": "nemo_run==0.3.0\n"},
            "0.9.0: `nemo-run-version` in nemo-run-lint.toml",
        ),
        ({}, f"{NEWEST}: the newest, as no file of the project names a version and none is installed"),
    ],
    ids=lambda value: next(iter(value), "nothing") if isinstance(value, dict) else "",
)
def test_which_version_counted_and_why(project: Path, files: dict[str, str], line: str) -> None:
    write({"a.py": LAMBDA, **files})
    (project / ".venv").mkdir(exist_ok=True)  # not the environment that runs the tests
    assert f"\nNeMo Run\n  {line}\n" in told("NRL401", "a.py:4")


def test_two_places_that_count_are_both_told(project: Path) -> None:
    write({"a.py": LAMBDA, "requirements.txt": "nemo_run==0.3.0\n", "requirements-new.txt": "nemo_run==0.9.0\n"})
    text = told("NRL401", "a.py:4")
    assert "0.9.0: requirements-new.txt:1" in text
    assert "0.3.0: requirements.txt:1" in text


# -- the rule --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({}, "is on: the profile `team`, the default, holds it"),
        ({"nemo-run-lint.toml": 'profile = "strict"\n'}, "is on: the profile `strict` in nemo-run-lint.toml holds it"),
        (
            {"pyproject.toml": '[tool.nemo-run-lint]\nselect = ["NRL4"]\n'},
            "`select` in pyproject.toml names it, by `NRL4`",
        ),
        (
            {
                "nemo-run-lint.toml": 'extend = "base/up.toml"\n',
                "base/up.toml": 'extend-select = ["lambda-in-config"]\n',
            },
            "`extend-select` in base/up.toml names it, by `lambda-in-config`",
        ),
    ],
)
def test_which_setting_of_which_file_switched_it_on(project: Path, files: dict[str, str], line: str) -> None:
    write({"a.py": LAMBDA, **files})
    assert line in told("NRL401", "a.py:4")


def test_severity_options_phase_confidence_and_silencing(project: Path) -> None:
    options = 'rules.placeholder-name.placeholders = ["x"]\nseverity.NRL304 = "error"\n'
    write(
        {
            "nemo-run-lint.toml": options,
            "a.py": f'{LAMBDA}with run.Experiment("abcd") as exp:\n    exp.add(task, name="x")\n',
        }
    )
    text = told("placeholder-name", "a.py:6:24")
    assert text.startswith("error[NRL304]")
    assert 'option placeholders = ["x"]\n' in text
    assert "# noqa: NRL304                                    at the end of line 6" in text
    text = told("NRL401", "a.py:4")
    assert "error: it fails at exp.add" in text
    assert "high confidence: certain from the text" in text


def test_an_assumption_is_told_in_the_words_of_the_page(project: Path) -> None:
    code = "import nemo_run as run\n\n\ndef job():\n    try:\n        train()\n    except Exception:\n        pass\n\n\ntask = run.Partial(job)\n"
    write({"a.py": code})
    (finding,) = [each for each in run(["a.py"]).findings if each.name == "swallowed-exception"]
    assert "medium confidence:" in (text := told("swallowed-exception", f"a.py:{finding.span.line}"))
    assert "The assumption is" in " ".join(text.split())


def test_a_fix_is_a_patch(project: Path) -> None:
    write({"a.py": "import nemo_run as run\nfrom training import train\nrun.Partial(train, stepz=1)\n"})
    found = the("NRL804", "a.py:3")
    assert found.diff.splitlines()[3:] == [
        " from training import train",
        "-run.Partial(train, stepz=1)",
        "+run.Partial(train, steps=1)",
    ]
    assert "a safe fix: write `steps`" in told("NRL804", "a.py:3")


# -- found, and not reported -----------------------------------------------------------------------------------

IN_TEST = (
    "import pytest\nimport nemo_run as run\nfrom training import train\n\n\ndef test_it():\n"
    '    with run.Experiment("abcd") as exp:\n        exp.add(run.Config(train, steps=1), name="abcd")\n'
)


@pytest.mark.parametrize(
    ("files", "rule", "place", "reason"),
    [
        pytest.param(
            {"a.py": LAMBDA.replace("1)\n", "1)  # noqa: NRL4\n")},
            *("NRL401", "a.py:4", "a comment on line 4 silences it: `# noqa: NRL4`"),
            id="noqa",
        ),
        pytest.param(
            {"a.py": f"# nemo-run-lint: file-ignore[NRL4] -- old\n{LAMBDA}"},
            *("NRL401", "a.py:5", "a comment on line 1 silences it: `# nemo-run-lint: file-ignore[NRL4] -- old`"),
            id="our comment",
        ),
        pytest.param(
            {"a.py": LAMBDA, "nemo-run-lint.toml": 'ignore = ["NRL40"]\n'},
            *("NRL401", "a.py:4", "the rule is off: `ignore` in nemo-run-lint.toml names it, by `NRL40`"),
            id="ignore",
        ),
        pytest.param(
            {"a.py": LAMBDA, "nemo-run-lint.toml": 'select = ["NRL8"]\n'},
            *("NRL401", "a.py:4", "the rule is off: `select` in nemo-run-lint.toml does not name it"),
            id="select",
        ),
        pytest.param(
            {"a.py": "import nemo_run as run\n\n\ndef job(): print(1)\n\n\nrun.Partial(job)\n"},
            *("print-in-task", "a.py:4", "the rule is off: the profile `team`, the default, lacks it"),
            id="the profile",
        ),
        pytest.param(
            {"a.py": LAMBDA, "nemo-run-lint.toml": 'per-file-ignores."a*" = ["NRL8", "NRL4"]\n'},
            *("NRL401", "a.py:4", "`per-file-ignores` drops `NRL4` for `a*` in nemo-run-lint.toml"),
            id="per-file-ignores",
        ),
        pytest.param(
            {
                "a.py": "import nemo_run as run\nclass T:\n    def __init__(self, callbacks=None): ...\n\n"
                "p = run.Config(T)\np.callbacks.append(1)\n"
            },
            *("attribute-of-no-config", "a.py:6", "`default-appended` (NRL418) says more of the same mistake on line 6"),
            id="a rule that says more",
        ),
        pytest.param({"a.py": IN_TEST}, "NRL411", "a.py:8", "it stands in a test, which makes things without launching them", id="a test"),
        pytest.param(
            {
                "a.py": f"import pytest\n{LAMBDA}exp = run.Experiment('abcd')\nwith pytest.raises(TypeError):\n"
                "    exp.add(run.Partial(train, rate=lambda: 1))\n"
            },
            *("NRL401", "a.py:8", "it stands under `pytest.raises` or `assertRaises`, where failing is right"),
            id="pytest.raises",
        ),
    ],
)  # fmt: skip
def test_why_a_finding_is_not_reported(
    project: Path, files: dict[str, str], rule: str, place: str, reason: str
) -> None:
    write(files)
    found = the(rule, place)
    assert found.unreported == reason
    line = int(place.partition(":")[2])
    assert not [each for each in run(["a.py"]).findings if each.code == found.finding.code and each.span.line == line]
    assert f"\nNot reported\n  {reason}\n" in told(rule, place)


def test_the_correctness_profile_leaves_out_what_is_no_error(project: Path) -> None:
    code = (
        "import nemo_run as run\n\n\n@run.cli.entrypoint\ndef train(steps: int = None): ...\n\n\n"
        "def other(x: int = None): ...\n"
    )
    write({"a.py": code, "nemo-run-lint.toml": 'profile = "correctness"\n'})
    reported = {(each.code, each.span.line) for each in run(["a.py"]).findings}
    every = [told for number in range(1, 9) for told in _all(f"a.py:{number}")]
    left_out = [each for each in every if "`correctness` tells errors only" in each.unreported]
    assert {(each.finding.code, each.finding.span.line) for each in every if not each.unreported} == reported
    assert all(each.finding.severity.value != "error" for each in left_out)


def _all(place: str) -> tuple[Explanation, ...]:
    found = explain("ALL", place)
    return () if isinstance(found, Absence) else found


def test_a_baseline_knows_it(project: Path) -> None:
    from nemo_run_lint import baseline

    write({"a.py": LAMBDA, "nemo-run-lint.toml": 'baseline = "known.json"\n'})
    with pytest.raises(SettingsError, match="known"):
        explain("NRL401", "a.py:4")
    baseline.write(str(project / "known.json"), run(["a.py"]), source)
    assert the("NRL401", "a.py:4").unreported == f"the baseline `{project / 'known.json'}` knows it"


def test_a_comment_that_is_over_silences_nothing(project: Path) -> None:
    comment = "# nemo-run-lint: ignore[NRL401] until=2030-01-31 -- later"
    write({"a.py": LAMBDA.replace("1)\n", f"1)  {comment}\n")})
    assert the("NRL401", "a.py:4", date(2030, 1, 31)).unreported == f"a comment on line 4 silences it: `{comment}`"
    assert the("NRL401", "a.py:4", date(2030, 2, 1)).unreported == ""


# -- nothing there ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "rule", "line", "reason", "near"),
    [
        (LAMBDA, "NRL401", 1, "the rule finds nothing on this line", [4]),
        (LAMBDA, "NRL402", 4, "the rule finds nothing in this file", []),
        (LAMBDA, "ALL", 2, "no rule that is on finds anything on this line", [4]),
        ("import os\n", "NRL401", 1, "this file does not import nemo_run, so no rule looks at it", []),
        ("# nemo_run\nimport nemo_runspec\n", "NRL401", 1, "this file does not import nemo_run, so no rule looks", []),
        ("import nemo_run\nx = (\n", "NRL401", 1, "no rule could look at this file: this file cannot be parsed", []),
        (
            "import nemo_run\n",
            *("missing-example", 1, "the rule is off: the profile `team`, the default, lacks it; and if it were on", []),
        ),
        (
            "import pytest\nimport nemo_run as run\nfrom training import train\nwith pytest.raises(TypeError):\n    run.Partial(train, x=1)\n",
            *("NRL804", 5, "the rule finds nothing in this file, where failing is right (`pytest.raises`)", []),
        ),
    ],
)  # fmt: skip
def test_why_there_is_nothing(project: Path, text: str, rule: str, line: int, reason: str, near: list[int]) -> None:
    write({"a.py": text})
    found = none(rule, f"a.py:{line}")
    shown = "".join(explanation_text.absent(found))
    if "cannot be parsed" in reason:
        assert shown.startswith(f"No finding at a.py:{line}: no rule could look at this file: ")
        assert "(line 2)" in shown
    else:
        assert shown.startswith(f"No finding at a.py:{line}: {reason}")
    assert [each.span.line for each in found.nearest] == near


def test_the_nearest_come_first_and_are_three(project: Path) -> None:
    write(
        {
            "a.py": LAMBDA
            + "".join(f"t{number} = run.Partial(train, rate=lambda: 1)\n" for number in range(9))
            + "x = 1\n"
        }
    )
    assert [each.span.line for each in none("NRL401", "a.py:14").nearest] == [13, 12, 11]


def test_a_column_is_exact(project: Path) -> None:
    write(
        {"a.py": "import nemo_run as run\nfrom training import train\nrun.Partial(train, x=lambda: 1, y=lambda: 2)\n"}
    )
    assert the("NRL401", "a.py:3:22").finding.span.column == 22
    assert the("NRL401", "a.py:3:35").finding.span.column == 35
    assert len(_all("a.py:3:22")) < len(_all("a.py:3"))
    assert none("NRL401", "a.py:3:31").nearest


def test_what_the_linter_says_of_itself_is_explained_as_well(project: Path) -> None:
    write({"a.py": "import nemo_run as run\nx = (\n"})
    (finding,) = run(["a.py"]).findings
    found = the("syntax-error", f"a.py:{finding.span.line}")
    assert (found.unreported, found.names) == ("", ())


# -- bad input -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ("a.py", "is no place in a file; write it as FILE:LINE"),
        ("a.py:", "is no place in a file"),
        (":3", "is no place in a file"),
        ("", "is no place in a file"),
        ("a.py:x", "is no place in a file"),
        ("a.py:-1", "is no place in a file"),
        ("a.py:٣", "is no place in a file"),
        (f"a.py:{'9' * 5000}", "is no place in a file"),
        ("a.py:0", "has no line 0: its lines are 1 to 5"),
        ("a.py:6", "has no line 6"),
        ("a.py:1:24", "line 1 of `a.py` has no column 24: it has 22 characters"),
        ("b.py:1", "`b.py` does not exist"),
        ("directory:1", "`directory` is a directory"),
        ("pipe.py:1", "is a named pipe"),
        ("nowhere.py:1", "cannot be read"),
        ("a\0.py:1", "a"),
    ],
)
def test_a_place_that_is_none(project: Path, place: str, words: str) -> None:
    write({"a.py": LAMBDA})
    (project / "directory").mkdir()
    os.mkfifo(project / "pipe.py")
    (project / "nowhere.py").symlink_to("gone")
    with pytest.raises(DiscoveryError) as error:
        explain("NRL401", place)
    assert words in str(error.value)


def test_odd_names_and_texts(project: Path) -> None:
    write({"a:1:2.py": LAMBDA.replace("\n", "\r\n"), "b\x1b.py": LAMBDA, "c.py": LAMBDA})
    assert the("NRL401", "a:1:2.py:4").finding.path == "a:1:2.py"
    assert "\x1b" not in told("NRL401", "b\x1b.py:4")
    (project / "c.py").write_bytes(b"\xef\xbb\xbf" + LAMBDA.encode())
    assert the("NRL401", "c.py:4:35").unreported == ""
    (project / "c.py").write_bytes(b"import nemo_run\n\xff\n")
    assert "no rule could look at this file" in none("NRL401", "c.py:1").reason


# -- the command -----------------------------------------------------------------------------------------------


def command(directory: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = [sys.executable, "-m", "nemo_run_lint", "explain", *arguments]
    return subprocess.run(program, cwd=directory, capture_output=True, text=True)


def test_the_command(project: Path) -> None:
    write({"a.py": LAMBDA, "b.py": LAMBDA.replace("1)\n", "1)  # noqa\n")})
    by_code, by_name = command(project, "NRL401", "a.py:4"), command(project, "lambda-in-config", "a.py:4:35")
    assert (by_code.returncode, by_code.stderr) == (0, "")
    assert by_code.stdout == by_name.stdout
    assert by_code.stdout.startswith("error[NRL401] lambda-in-config: ")
    assert command(project, "a.py:4").returncode == 0
    silenced = command(project, "NRL401", "b.py:4")
    assert (silenced.returncode, "Not reported" in silenced.stdout) == (1, True)
    absent = command(project, "NRL401", "a.py:1")
    assert (absent.returncode, absent.stdout.splitlines()[0]) == (
        1,
        "No finding at a.py:1: the rule finds nothing on this line.",
    )
    wrong = command(project, "NRL401", "c.py:1")
    assert (wrong.returncode, wrong.stdout, wrong.stderr) == (2, "", "nemo-run-lint: `c.py` does not exist\n")


def test_the_command_as_json(project: Path) -> None:
    write({"a.py": LAMBDA})
    found = json.loads(command(project, "NRL401", "a.py:4", "--output-format", "json").stdout)
    (one,) = found["findings"]
    assert (one["finding"]["code"], one["reported"], one["rule"]["key"]) == ("NRL401", True, "profile")
    assert [each["written"] for each in one["names"]] == ["run.Partial", "train"]
    assert one["names"][1]["definitions"] == [{"path": "training.py", "line": 1, "distribution": None}]
    assert found["absent"] is None
    nothing = command(project, "NRL401", "a.py:1", "--output-format", "json")
    assert nothing.returncode == 1
    assert json.loads(nothing.stdout)["absent"]["nearest"][0]["line"] == 4


def test_a_shell_script_is_explained_by_what_is_found_in_it(project: Path) -> None:
    script = "import nemo_run as run\n\n\n@run.cli.entrypoint\ndef train(rate: float = 0.1):\n    print(rate)\n\n\n"
    write({"train.py": f'{script}if __name__ == "__main__":\n    run.cli.main(train)\n'})
    write({"launch.sh": "python train.py rat=3\npython train.py rate=0.2\n"})
    assert the("NRL8", "launch.sh:1").finding.name == "unknown-override"
    absence = explain("NRL8", "launch.sh:2")
    assert isinstance(absence, Absence)
    assert absence.reason == "no rule that is on finds anything on this line"
