"""The real pre-commit, in a repository that has this one as the source of a hook."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IDENTITY = ("-c", "user.name=nobody", "-c", "user.email=nobody@example.com", "-c", "commit.gpgsign=false")

CLEAN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, 1)\n"
BROKEN = "import nemo_run as run\nfrom training import train\n\nrun.Partial(train, x=lambda: 1)\n"


def run(*command: str | Path, cwd: Path, home: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Run it without what git sets for a hook that runs the tests; `home` is where pre-commit keeps what it builds."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    if home is not None:
        environment["PRE_COMMIT_HOME"] = str(home)
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)


def git(*arguments: str, cwd: Path) -> str:
    result = run("git", *IDENTITY, *arguments, cwd=cwd)
    assert result.returncode == 0, result.stderr
    return result.stdout


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The hook's repository - the working tree as it is, committed - and the revision."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git repository: pre-commit could not clone it")
    repository = tmp_path_factory.mktemp("hook") / "nemo-run-lint"
    git("init", "--quiet", str(repository), cwd=ROOT)
    for name in git("ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=ROOT).split("\0"):
        if name and (ROOT / name).is_file():
            target = repository / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes((ROOT / name).read_bytes())
    git("add", "--all", cwd=repository)
    git("commit", "--quiet", "--no-verify", "--message", "The working tree", cwd=repository)
    return repository, git("rev-parse", "HEAD", cwd=repository).strip()


class Repository:
    """A user's repository that has the hook."""

    def __init__(self, path: Path, home: Path, source: tuple[Path, str]) -> None:
        self.path, self.home = path, home
        git("init", "--quiet", ".", cwd=path)
        repo, revision = source
        config = f"repos:\n  - repo: {repo.as_uri()}\n    rev: {revision}\n    hooks:\n      - id: nemo-run-lint\n"
        self.write(".pre-commit-config.yaml", config)

    def write(self, name: str, text: str) -> None:
        path = self.path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def hook(self) -> subprocess.CompletedProcess[str]:
        git("add", "--all", cwd=self.path)
        command = (sys.executable, "-m", "pre_commit", "run", "--color", "never", "--all-files")
        return run(*command, cwd=self.path, home=self.home)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("pre-commit")


@pytest.fixture
def repository(tmp_path: Path, home: Path, source: tuple[Path, str]) -> Repository:
    return Repository(tmp_path, home, source)


def test_the_hook_stops_what_is_broken_and_lets_pass_what_is_clean(repository: Repository) -> None:
    repository.write("clean.py", CLEAN)
    repository.write("notes.md", f"```python\n{BROKEN}```\n")
    result = repository.hook()
    assert result.returncode == 0, result.stdout + result.stderr
    assert "Passed" in result.stdout

    repository.write("broken.py", BROKEN)
    result = repository.hook()
    assert result.returncode == 1
    assert "broken.py:4:22" in result.stdout
    assert "lambda-in-config" in result.stdout
    assert "clean.py" not in result.stdout


def test_what_the_settings_exclude_stays_excluded_although_pre_commit_names_it(repository: Repository) -> None:
    repository.write("pyproject.toml", '[tool.nemo-run-lint]\nexclude = ["legacy"]\n')
    repository.write("legacy/broken.py", BROKEN)
    result = repository.hook()
    assert result.returncode == 0, result.stdout + result.stderr


def test_bad_settings_are_told(repository: Repository) -> None:
    repository.write("clean.py", CLEAN)
    repository.write("pyproject.toml", "[tool.nemo-run-lint]\nprofil = 3\n")
    result = repository.hook()
    assert result.returncode == 1
    assert "exit code: 2" in result.stdout
    assert "profil" in result.stdout


def test_commit_messages(repository: Repository) -> None:
    config = (repository.path / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    repository.write(".pre-commit-config.yaml", config.replace("id: nemo-run-lint", "id: nemo-run-lint-commit-message"))
    installing = (sys.executable, "-m", "pre_commit", "install", "--hook-type", "commit-msg")
    assert run(*installing, cwd=repository.path, home=repository.home).returncode == 0
    git("add", "--all", cwd=repository.path)
    committing = ("git", *IDENTITY, "commit", "--message")
    refused = run(*committing, "new model", cwd=repository.path, home=repository.home)
    assert refused.returncode == 1
    assert "`new model` does not say what kind of change it is" in refused.stderr + refused.stdout
    accepted = run(*committing, "feat: new model\n\n- add it", cwd=repository.path, home=repository.home)
    assert accepted.returncode == 0, accepted.stderr


def test_the_hook_that_fixes(repository: Repository) -> None:
    config = (repository.path / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    repository.write(".pre-commit-config.yaml", config.replace("id: nemo-run-lint", "id: nemo-run-lint-fix"))
    repository.write("pyproject.toml", '[tool.nemo-run-lint]\nselect = ["env-value-not-str"]\n')
    repository.write("launch.py", 'import nemo_run as run\n\nrun.LocalExecutor(env_vars={"STEPS": 1})\n')
    result = repository.hook()
    assert result.returncode == 1
    assert "files were modified by this hook" in result.stdout
    assert (repository.path / "launch.py").read_text(encoding="utf-8").endswith('{"STEPS": "1"})\n')
    assert repository.hook().returncode == 0
