"""The GitHub Action, its steps run as a runner runs them: by bash, with the variables that it sets."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
ACTION: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS: dict[str, dict[str, Any]] = {step["id"]: step for step in ACTION["runs"]["steps"]}
EXPRESSION = re.compile(r"\$\{\{ (\w+)\.([\w-]+)(?:\.outputs\.([\w-]+))? \}\}")

CLEAN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, 1)\n"
BROKEN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, x=lambda: 1)\n"


@dataclass(frozen=True)
class Step:
    """What a step left behind."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str


class Job:
    """A job whose workspace is a repository; `outputs` are those of the steps so far."""

    def __init__(self, directory: Path) -> None:
        self.workspace, self.temp = directory / "work space", directory / "temp"
        for each in (self.workspace, self.temp):
            each.mkdir()
        subprocess.run(["git", "init", "--quiet", str(self.workspace)], check=True)
        self.outputs: dict[str, dict[str, str]] = {}

    def write(self, name: str, text: str) -> None:
        path = self.workspace / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def run(self, name: str, **inputs: str) -> Step:
        """Run a step of the action, whose inputs are their defaults or `inputs`, with `_` for `-`."""
        step = STEPS[name]
        given = {key: str(told["default"]) for key, told in ACTION["inputs"].items()}
        given |= {key.replace("_", "-"): value for key, value in inputs.items()}
        assert given.keys() == ACTION["inputs"].keys()

        def value(found: re.Match[str]) -> str:
            return given[found[2]] if found[1] == "inputs" else self.outputs[found[2]][found[3]]

        script, output, summary = self.temp / "step.sh", self.temp / "output", self.temp / "summary"
        script.write_text(step["run"], encoding="utf-8", newline="\n")
        output.write_text("")
        summary.write_text("before\n")
        kept = ("GITHUB_", "GIT_", "VIRTUAL_ENV", "PYTHON", "FORCE_COLOR", "NO_COLOR")
        environment = {
            **{key: each for key, each in os.environ.items() if not key.startswith(kept)},
            **{key: EXPRESSION.sub(value, text) for key, text in step["env"].items()},
            "CI": "true",
            "GITHUB_ACTIONS": "true",
            "GITHUB_ACTION_PATH": str(ROOT),
            "GITHUB_OUTPUT": str(output),
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_WORKSPACE": str(self.workspace),
            "RUNNER_TEMP": str(self.temp),
        }
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)],
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.outputs[name] = dict(line.split("=", 1) for line in output.read_text().splitlines())
        return Step(done.returncode, done.stdout, self.outputs[name], summary.read_text())


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A job whose first step has installed the linter: it is the one of this checkout."""
    job = Job(tmp_path)
    job.outputs["install"] = {"bin": str(Path(sys.executable).parent)}
    return job


def test_scripts_hold_no_input() -> None:
    """What an expression becomes is part of the script: an input would be run."""
    for step in STEPS.values():
        assert "${{" not in step["run"]
        for text in step["env"].values():
            assert EXPRESSION.fullmatch(text)


def test_every_output_comes_from_a_step(job: Job) -> None:
    job.write("clean.py", CLEAN)
    told = job.run("lint").outputs
    wanted = {name: EXPRESSION.fullmatch(output["value"]) for name, output in ACTION["outputs"].items()}
    assert {name: found[3] for name, found in wanted.items() if found and found[2] == "lint"} == {
        key: key for key in told
    }


def test_nothing_found(job: Job) -> None:
    job.write("clean.py", CLEAN)
    step = job.run("lint")
    assert (step.status, step.log) == (0, "All checks passed!\n")
    sarif = step.outputs.pop("sarif-file")
    assert step.outputs == {"findings": "0", "exit-status": "0"}
    assert json.loads(Path(sarif).read_text())["runs"][0]["results"] == []
    assert job.workspace not in Path(sarif).parents
    assert step.summary.startswith("before\n")
    assert "All checks passed" in step.summary


def test_findings_are_annotated_summed_up_and_written_down(job: Job) -> None:
    job.write("recipes/my run.py", BROKEN)
    step = job.run("lint", sarif_file="found.sarif")
    assert step.status == 1
    assert (
        "::error file=recipes/my run.py,line=4,endLine=4,col=22,endColumn=31,title=NRL401 lambda-in-config::"
        in step.log
    )
    assert step.outputs == {"sarif-file": "found.sarif", "findings": "1", "exit-status": "1"}
    (found,) = json.loads((job.workspace / "found.sarif").read_text())["runs"][0]["results"]
    assert found["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "recipes/my%20run.py"
    assert "lambda-in-config" in step.summary


def test_findings_need_not_fail_the_job(job: Job) -> None:
    job.write("broken.py", BROKEN)
    step = job.run("lint", fail_on_findings="false")
    assert step.status == 0
    assert (step.outputs["findings"], step.outputs["exit-status"]) == ("1", "1")


def test_what_is_silenced_is_not_counted(job: Job) -> None:
    job.write("broken.py", BROKEN.replace(": 1)", ": 1)  # nemo-run-lint: ignore[lambda-in-config] -- a test"))
    step = job.run("lint", args="--show-suppressed")
    assert (step.status, step.outputs["findings"]) == (0, "0")


def test_paths_and_arguments_are_split_as_a_shell_would(job: Job) -> None:
    for name in ("my run.py", "it's.py", "other.py"):
        job.write(name, BROKEN)
    step = job.run("lint", paths="'my run.py'\n\"it's.py\"\n", args="--extend-select 'missing-example, NRL4' -q")
    assert step.status == 1
    assert [line.partition(",")[0] for line in step.log.splitlines()] == [
        "::error file=it's.py",
        "::error file=my run.py",
    ]


def test_no_paths_mean_the_repository(job: Job) -> None:
    job.write("below/broken.py", BROKEN)
    assert job.run("lint", paths="").outputs["findings"] == "1"


@pytest.mark.parametrize("name", ["paths", "args", "since", "sarif_file", "fail_on_findings"])
@pytest.mark.parametrize(
    "text", ["$(touch evil)", "`touch evil`", "'; touch evil; '", '"; touch evil; "', "a\nfindings=7"]
)
def test_nothing_of_an_input_is_run(job: Job, name: str, text: str) -> None:
    job.write("clean.py", CLEAN)
    step = job.run("lint", **{name: text})
    assert not list(job.workspace.rglob("evil"))
    assert step.outputs.get("findings") in (None, "", "0")
    assert "Traceback" not in step.log


@pytest.mark.parametrize(
    ("inputs", "sentence"),
    [
        ({"fail_on_findings": "yes"}, "the input `fail-on-findings` is either true or false"),
        ({"paths": "it's"}, "the input `paths` has a quotation mark or a backslash too many"),
        ({"args": '"'}, "the input `args` has a quotation mark or a backslash too many"),
        ({"sarif_file": "a\nb"}, "the input `sarif-file` has more than one line"),
    ],
)
def test_a_bad_input_is_told_in_a_sentence(job: Job, inputs: dict[str, str], sentence: str) -> None:
    step = job.run("lint", **inputs)
    assert (step.status, step.log) == (2, f"::error title=nemo-run-lint::{sentence}\n")
    assert step.outputs == {}


@pytest.mark.parametrize(
    "inputs", [{"paths": "*.py"}, {"args": "--profile none"}, {"sarif_file": "none/a.sarif"}, {"since": "none"}]
)
def test_what_cannot_be_linted_fails_whatever_is_asked(job: Job, inputs: dict[str, str]) -> None:
    job.write("broken.py", BROKEN)
    step = job.run("lint", fail_on_findings="false", **inputs)
    assert step.status == 2
    assert step.outputs == {"sarif-file": "", "findings": "", "exit-status": "2"}


def test_only_what_changed(job: Job) -> None:
    def git(*arguments: str) -> None:
        identity = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false")
        subprocess.run(["git", *identity, *arguments], cwd=job.workspace, check=True, capture_output=True)

    job.write("old.py", BROKEN)
    git("add", ".")
    git("commit", "--message", "Old")
    job.write("new.py", BROKEN)
    git("add", ".")
    git("commit", "--message", "New")
    step = job.run("lint", since="HEAD~1", args="-q")
    assert [line.partition(",")[0] for line in step.log.splitlines()] == ["::error file=new.py"]


HIJACK = "open('evil', 'w')\n"


def test_it_installs_itself_and_imports_nothing_of_the_repository(tmp_path: Path) -> None:
    job = Job(tmp_path)
    for name in ("venv", "pip", "shlex", "json", "os", "nemo_run_lint"):
        job.write(f"{name}.py", HIJACK)
    installed = job.run("install")
    assert installed.status == 0, installed.log
    job.write("broken.py", BROKEN)
    step = job.run("lint")
    assert (step.status, step.outputs["findings"]) == (1, "1"), step.log
    assert not list(job.workspace.rglob("evil"))


def test_a_version_that_is_none_installs_nothing(tmp_path: Path) -> None:
    job = Job(tmp_path)
    step = job.run("install", version="not a version; touch evil")
    assert step.status != 0
    assert "bin" not in step.outputs
    assert not list(job.workspace.rglob("evil"))


def test_without_python_it_tells_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    job = Job(tmp_path)
    places = tmp_path / "places"
    places.mkdir()
    (places / "bash").symlink_to(str(shutil.which("bash")))
    monkeypatch.setenv("PATH", str(places))
    step = job.run("install")
    assert (step.status, step.log) == (
        2,
        "::error title=nemo-run-lint::Python 3.10 or newer is needed: run actions/setup-python before this action\n",
    )
