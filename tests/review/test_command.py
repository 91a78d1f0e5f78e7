"""`nemo-run-lint review` as a user types it: what is reviewed, how it ends, where it is written."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from review.repositories import COMPLETE, EXPERIMENT, write

from nemo_run_lint.review.pages import FORMATS

ROOT = Path(__file__).parents[2]
SCHEMA = json.loads((ROOT / "nemo_run_lint" / "review" / "review.schema.json").read_text(encoding="utf-8"))

OPEN = {**COMPLETE, "tests/test_training.py": ""}


def run(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "nemo_run_lint", *arguments],
        cwd=directory,
        capture_output=True,
        text=True,
        env={**os.environ, **environment},
    )


def review(directory: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return run(directory, "review", *arguments, **environment)


def told(directory: Path, *arguments: str) -> dict[str, object]:
    """What `--output-format json` prints, which its schema accepts."""
    printed = json.loads(review(directory, "--output-format", "json", *arguments).stdout)
    jsonschema.Draft7Validator(SCHEMA).validate(printed)
    return printed  # type: ignore[no-any-return]


def test_approved_is_0_and_not_approved_is_1(tmp_path: Path) -> None:
    good = review(write(tmp_path / "good", COMPLETE))
    assert (good.returncode, good.stderr) == (0, "")
    assert good.stdout.endswith("\nApproved. 13 pass, 0 missing, 2 need a person; 1 experiment in 1 file.\n")
    bad = review(write(tmp_path / "bad", OPEN))
    assert (bad.returncode, bad.stderr) == (1, "")
    assert "    MISSING Unit tests written (required)\n" in bad.stdout
    assert "experiments/training.py:24: no test uses `train_model`\n" in bad.stdout
    assert "Not approved: 1 required item is open. " in bad.stdout
    assert review(tmp_path / "bad", "--exit-zero").returncode == 0


def test_the_object(tmp_path: Path) -> None:
    found = told(write(tmp_path, OPEN), "--reviewer", "Ada", "--reviewer", "Bo")
    assert (found["approved"], found["missing"], found["reviewers"]) == (False, ["unit_tests_written"], ["Ada", "Bo"])
    assert found["checklist"]["unit_tests_written"] == "missing"  # type: ignore[index]
    assert found["comments"] == ["experiments/training.py:24: Unit tests written: missing: no test uses `train_model`"]
    (experiment,) = found["experiments"]  # type: ignore[misc]
    assert experiment["title"] == "model-training"
    assert experiment["tasks"] == [
        {"name": "train-model", "function": "train_model", "line": 50, "executor": "SlurmExecutor", "after": []}
    ]
    assert found["reviewed"] == ["experiments/training.py"]


def test_what_new_writes_is_approved(tmp_path: Path) -> None:
    write(tmp_path, {"pyproject.toml": ""})
    assert run(tmp_path, "new", "New Model Training", "--author", "ML Team").returncode == 0
    result = review(tmp_path)
    assert result.returncode == 0, result.stdout
    assert "MISSING" not in result.stdout


def test_the_examples_get_a_sensible_review() -> None:
    good = told(ROOT, "examples")
    assert [each["title"] for each in good["experiments"]] == ["perceptron-diagonal"]  # type: ignore[attr-defined]
    assert good["checklist"]["configuration_validated"] == "passes"  # type: ignore[index]
    bad = told(ROOT, "examples/experiments/broken.py")
    assert len(bad["missing"]) == 6  # type: ignore[arg-type]
    assert any("is a lambda" in each for each in bad["comments"])  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", FORMATS)
def test_nothing_to_review_is_said_and_no_mistake(tmp_path: Path, name: str) -> None:
    result = review(write(tmp_path, {"a.py": "import os\n"}), "--output-format", name)
    assert (result.returncode, result.stderr) == (0, "")
    if name == "json":
        assert json.loads(result.stdout)["experiments"] == []
    else:
        assert "Nothing to review" in result.stdout


def test_nothing_is_executed(tmp_path: Path) -> None:
    trap = "open('executed', 'w').close()\n"
    files = {name: text if name.endswith(".toml") else f"{trap}{text}" for name, text in COMPLETE.items()}
    review(write(tmp_path, {**files, "tests/conftest.py": trap, "experiments/__init__.py": trap}))
    assert not (tmp_path / "executed").exists()


def test_files_are_written_as_well(tmp_path: Path) -> None:
    outputs = [each for name in FORMATS for each in ("--output", f"{name}=out.{name}")]
    printed = review(write(tmp_path, COMPLETE), *outputs).stdout
    assert (tmp_path / "out.text").read_text() == printed
    assert json.loads((tmp_path / "out.json").read_text())["approved"] is True
    assert (tmp_path / "out.markdown").read_text().startswith("## ✅ Approved\n")
    assert 'href="./experiments/training.py#L49"' in (tmp_path / "out.html").read_text(encoding="utf-8")


def test_links_lead_to_the_files_from_wherever_the_page_lies(tmp_path: Path) -> None:
    write(tmp_path, {**COMPLETE, "site/.keep": "", "javascript:alert(1) #?.py": EXPERIMENT})
    review(tmp_path, "--output", "html=site/review.html")
    page = (tmp_path / "site" / "review.html").read_text(encoding="utf-8")
    assert 'href="../experiments/training.py#L49"' in page
    assert 'href="../javascript%3Aalert%281%29%20%23%3F.py#L49"' in page
    printed = review(tmp_path, "--output-format", "html").stdout
    assert 'href="./javascript%3Aalert%281%29%20%23%3F.py#L49"' in printed


def test_links_to_the_web(tmp_path: Path) -> None:
    (write(tmp_path, COMPLETE) / ".git").mkdir()
    address = "https://host.example/blob/v1/{path}#L{line}"
    for name in ("html", "markdown"):
        result = review(tmp_path / "experiments", "--source-url", address, "--output-format", name)
        assert "https://host.example/blob/v1/experiments/training.py#L49" in result.stdout


@pytest.mark.parametrize(
    "url",
    ["javascript:alert({path})", "https://host/", "ftp://host/{path}", "https://host/{path}/{x}", "https://host/{path", '"{path}', "https://h/{path}\" onclick=\"x"],
)  # fmt: skip
def test_addresses_that_cannot_be_meant(tmp_path: Path, url: str) -> None:
    result = review(write(tmp_path, COMPLETE), "--source-url", url)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["missing"], "`missing` does not exist"),
        (["--output", "html=no/x"], "there is no directory"),
        (["--output", "xml=x"], "there is no format `xml`; there are text, json, markdown, html"),
        (["--output", "markdwn=x"], "did you mean `markdown`?"),
        (["--output", "json=x", "--output", "html=x"], "write to the same file"),
        (["--output-format", "sarif"], "'sarif' is not one of"),
        (["--confirm", "memory_use_optimized"], "there is no item `memory_use_optimized`; did you mean `memory_usage"),
        (["--since", "v9"], "no git repository"),
        (["--config", "review.required = ['nothing']"], "`review.required`: there is no item `nothing`"),
    ],
)
def test_bad_usage_is_2_and_writes_nothing(tmp_path: Path, arguments: list[str], words: str) -> None:
    before = {*write(tmp_path, COMPLETE).rglob("*")}
    result = review(tmp_path, *arguments)
    assert (result.returncode, result.stdout) == (2, "")
    assert words in result.stderr
    assert {*tmp_path.rglob("*")} == before


def test_a_person_answers_what_nothing_else_does(tmp_path: Path) -> None:
    write(tmp_path, {**COMPLETE, "nemo-run-lint.toml": 'review.required = ["memory_usage_optimized"]'})
    assert review(tmp_path).returncode == 1
    found = told(tmp_path, "--confirm", "memory_usage_optimized", "--reviewer", "Ada")
    assert (found["approved"], found["checklist"]["memory_usage_optimized"]) == (True, "passes")  # type: ignore[index]
    assert found["evidence"]["memory_usage_optimized"][0]["text"] == "confirmed by Ada"  # type: ignore[index]
    write(tmp_path, {"nemo-run-lint.toml": 'review.required = ["unit_tests_written"]', **OPEN})
    assert review(tmp_path, "--confirm", "unit_tests_written").returncode == 1, "what is missing stays missing"


# -- only what has changed -------------------------------------------------------------------------------------------


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    other = EXPERIMENT.replace("train_model", "rate_model").replace("model-training", "model-rating")
    shared = EXPERIMENT.replace(
        "import nemo_run as run", "import nemo_run as run\n\nfrom configs.sizes import SIZES, size"
    )
    files = {
        **COMPLETE,
        "experiments/rating.py": other.replace("launch_training", "launch_rating"),
        "experiments/shared.py": shared.replace("model-training", "sharing").replace(
            "    slurm =", "    size(SIZES)\n    slurm ="
        ),
        "configs/sizes.py": "SIZES = [1]\n\ndef size(x):\n    return x\n",
    }
    write(tmp_path, files)
    git(tmp_path, "init", "-q", "-b", "main")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "all")
    return tmp_path


def git(directory: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", *identity, *arguments], cwd=directory, check=True)


@pytest.mark.parametrize(
    ("changed", "titles"),
    [
        (None, []),
        ("experiments/rating.py", ["model-rating"]),
        ("configs/sizes.py", ["sharing"]),
        ("tests/test_training.py", ["model-training"]),
        ("README.md", []),
    ],
)
def test_experiments_of_which_anything_has_changed(repository: Path, changed: str | None, titles: list[str]) -> None:
    if changed is not None:
        with (repository / changed).open("a") as opened:
            opened.write("\n# changed\n")
    found = told(repository, "--since", "HEAD")
    assert [each["title"] for each in found["experiments"]] == titles  # type: ignore[attr-defined]
    assert review(repository, "--since", "HEAD").returncode == (0 if titles in ([], ["model-training"]) else 1)


def test_a_new_file_that_does_not_parse_is_under_review(repository: Path) -> None:
    write(repository, {"experiments/new.py": "import nemo_run\ndef f(:\n"})
    result = review(repository, "--since", "HEAD")
    assert result.returncode == 1
    assert "experiments/new.py:2: invalid syntax" in result.stdout
    git(repository, "add", ".")
    git(repository, "commit", "-q", "-m", "new")
    assert review(repository, "--since", "HEAD").returncode == 0


def test_an_unknown_revision(repository: Path) -> None:
    result = review(repository, "--since", "v9")
    assert (result.returncode, result.stdout) == (2, "")
    assert "`v9` is no commit" in result.stderr
