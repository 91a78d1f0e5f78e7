"""Nothing that is linted runs, is imported or written to, and nothing is sent: Python itself tells what was done."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest
from audit.events import BIN, HOOK, PROGRAM, events, wrong
from audit.hostile import MODULES, Hostile

from nemo_run_lint.formats import FORMATS

MODULE_FILES = frozenset(f"{name}.py" for name in MODULES)
COMMAND = (str(BIN / "nemo-run-lint"),)


def worded(value: object) -> str:
    """A command as the name of a test."""
    return " ".join(map(str, value)) if isinstance(value, list) else ""


@pytest.fixture
def hostile(tmp_path: Path) -> Hostile:
    return Hostile(tmp_path)


def environment(hostile: Hostile, log: Path) -> dict[str, str]:
    dropped = ("VIRTUAL_ENV", "CONDA_PREFIX", "GITHUB_ACTIONS", "CI")
    kept = {name: value for name, value in os.environ.items() if name not in dropped and not name.startswith("GIT_")}
    kept |= {"NEMO_RUN_LINT_CACHE_DIR": str(hostile.cache), "PYTHONDONTWRITEBYTECODE": "1"}
    # a PATH with the working directory in it, in which lies a `git`
    return kept | {"AUDIT_LOG": str(log), "PYTHONPATH": str(HOOK.parent), "PATH": f".:{os.environ['PATH']}:"}


def audited(
    hostile: Hostile,
    *arguments: str,
    command: Sequence[str] = COMMAND,
    writes: Sequence[Path] = (),
    runs_git: bool = False,
    stdin: str = "",
) -> subprocess.CompletedProcess[str]:
    """What a command printed; all that it did is checked to be harmless."""
    log = hostile.directory / "audit.log"
    given = [each.format(out=hostile.out) for each in arguments]
    process = subprocess.run(
        [*command, *given],
        cwd=hostile.project,
        env=environment(hostile, log),
        capture_output=True,
        text=True,
        input=stdin,
        timeout=120,
    )
    assert "Traceback" not in process.stderr, process.stderr
    assert "this file was skipped" not in process.stdout, process.stdout
    judge(hostile, log, writes, runs_git)
    return process


def judge(hostile: Hostile, log: Path, writes: Sequence[Path] = (), runs_git: bool = False) -> None:
    told = events(log)
    assert any(event.name == "exec" and event.arguments[0].startswith(PROGRAM) for event in told)
    assert list(wrong(told, [hostile.cache, *writes], runs_git)) == []
    assert hostile.traces() == ""
    log.unlink()


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["check", "."], 1),
        (["check", "--no-cache", "--explain-unresolved", "scripts", "helper.py"], 1),
        (["check", "--select", "ALL", "notebook.ipynb", "page.md", "page.rst"], 1),
        (["check", "--diff", "--unsafe-fixes", "."], 1),
        (["check", "--statistics", "--python", ".venv/bin/python", "."], 1),
        (["explain", "ALL", "scripts/training.py:10"], 1),
        (["explain", "lambda-in-config"], 0),
        (["review", "."], 1),
        (["docs", "--check", "."], 1),
        (["docs", "--stdout", "experiments/train.py"], 0),
        (["new", "--dry-run", "another experiment"], 0),
        (["migrate", "--from", "0.9.0", "--to", "0.11.0", "--diff", "."], 0),
        (["config", "--show"], 0),
        (["config", "--schema"], 0),
        (["rules"], 0),
        (["doctor"], 0),
        (["workflow", "check-branch"], 0),
        (["workflow", "check-commit-message", "helper.py"], 1),
        (["completion", "bash"], 0),
        (["clean"], 0),
    ],
    ids=worded,
)
def test_what_only_reads_changes_nothing(hostile: Hostile, arguments: list[str], status: int) -> None:
    before = hostile.state()
    for _ in range(2 if arguments == ["check", "."] else 1):  # the second time, it is remembered
        process = audited(hostile, *arguments)
        assert process.returncode == status, process.stdout + process.stderr
    assert hostile.state() == before


def test_standard_input(hostile: Hostile) -> None:
    before = hostile.state()
    text = (hostile.project / "scripts" / "training.py").read_text()
    assert audited(hostile, "check", "-", "--stdin-filename", "scripts/new.py", stdin=text).returncode == 1
    assert hostile.state() == before


@pytest.mark.parametrize("arguments", [["check", "."], ["review", "."]], ids=" ".join)
def test_git_is_asked_and_runs_nothing(hostile: Hostile, arguments: list[str]) -> None:
    before = hostile.state()
    assert audited(hostile, *arguments, "--since", "HEAD~1", runs_git=True).returncode == 1
    assert hostile.state() == before


def test_what_a_partial_clone_lacks_is_not_fetched(hostile: Hostile) -> None:
    hostile.lose_an_object()
    before = hostile.state()
    process = audited(hostile, "check", "--since", "HEAD~1", ".", runs_git=True)
    assert (process.returncode, "this clone does not have" in process.stderr) == (2, True), process.stderr
    assert hostile.state() == before


def test_every_format_writes_its_file_alone(hostile: Hostile) -> None:
    before = hostile.state()
    outputs = [word for each in FORMATS for word in ("--output", f"{each}={{out}}/{each}.txt")]
    assert audited(hostile, "check", *outputs, ".", writes=[hostile.out]).returncode == 1
    assert {path.stem for path in hostile.out.iterdir()} == set(FORMATS)
    assert hostile.state() == before


def test_exporting_an_environment_runs_nothing_of_it(hostile: Hostile) -> None:
    (hostile.project / "nemo_run").rename(hostile.site / "nemo_run")
    before = hostile.state()
    exported = hostile.out / "env.idx"
    assert audited(hostile, "index", "build", "installed", "-o", "{out}/env.idx", writes=[exported]).returncode == 0
    assert audited(hostile, "index", "show", "{out}/env.idx").returncode == 0
    assert audited(hostile, "check", "--index", "{out}/env.idx", ".").returncode == 1
    assert hostile.state() == before


@pytest.mark.parametrize(
    ("arguments", "changed"),
    [
        (["check", "--fix", "--unsafe-fixes", "."], {"experiments/train.py", "scripts/training.py"}),
        (["check", "--add-suppressions", "a reason", "experiments"], {"experiments/train.py"}),
        (["check", "--write-baseline", "."], {"nemo-run-lint-baseline.json"}),
        (["check", "--config", "output = ['json=found.json']", "."], {"found.json"}),
        (["docs", "."], {"docs", "docs/experiments", "docs/experiments/train.md"}),
        (["new", "another one"], {"configs", "experiments/another_one.py", "tests"}),
    ],
    ids=worded,
)
def test_what_writes_changes_only_what_it_is_for(hostile: Hostile, arguments: list[str], changed: set[str]) -> None:
    before = hostile.state()
    assert audited(hostile, *arguments, writes=[hostile.project]).returncode in (0, 1)
    after = hostile.state()
    found = {name for name in after if after[name] != before.get(name)} - {"experiments", "scripts"}
    assert found >= changed
    assert not [
        name for name in found if name.startswith((".git", ".venv")) or (name in before and name in MODULE_FILES)
    ]
    assert before.keys() <= after.keys()


def test_a_settings_file_cannot_have_other_files_written(hostile: Hostile) -> None:
    (hostile.project / "linked").symlink_to(hostile.directory)
    for number, place in enumerate(
        ("{out}/x.json", "../x.json", "linked/x.json", ".venv/bin/activate", ".git/hooks/x")
    ):
        settings = f"[tool.nemo-run-lint]\noutput = ['concise={place.format(out=hostile.out)}']\n"
        hostile.write("pyproject.toml", settings)
        before = hostile.state()
        process = audited(hostile, "check", ".")
        assert (process.returncode, process.stdout) == (2, ""), number
        assert process.stderr.startswith(f"nemo-run-lint: {hostile.project}/pyproject.toml: `output`: "), process.stderr
        assert hostile.state() == before


def test_flake8(hostile: Hostile) -> None:
    before = hostile.state()
    command = (str(BIN / "flake8"), "--jobs", "1", "--select", "NRL")
    process = audited(hostile, "scripts", "helper.py", command=command)
    assert (process.returncode, "NRL" in process.stdout, process.stderr) == (1, True, "")
    assert hostile.state() == before


@pytest.mark.parametrize("flags", [[], ["-I"]], ids=["", "isolated"])
def test_python_m(hostile: Hostile, flags: list[str]) -> None:
    """The package itself Python takes from the working directory, unless it is isolated; nothing else of there runs."""
    if not flags:
        (hostile.project / "nemo_run_lint" / "__init__.py").unlink()
        (hostile.project / "nemo_run_lint").rmdir()
    before = hostile.state()
    process = subprocess.run(
        [sys.executable, *flags, "-m", "nemo_run_lint", "check", "."],
        cwd=hostile.project,
        env=environment(hostile, hostile.directory / "log"),
        capture_output=True,
        text=True,
    )
    assert (process.returncode, hostile.traces()) == (1, ""), process.stderr
    assert hostile.state() == before


@pytest.mark.skipif(sys.version_info < (3, 11), reason="no process is started there that is not forked")
def test_a_worker_that_is_not_forked_runs_nothing_of_the_working_directory(hostile: Hostile) -> None:
    for name in ("multiprocessing/__init__.py", "audit.py", "pickle.py", "runpy.py", "importlib.py"):
        hostile.write(name, hostile.bomb)
    command = [sys.executable, str(Path(__file__).with_name("echo.py"))]
    log = hostile.directory / "log"
    process = subprocess.run(
        command, cwd=hostile.project, env=environment(hostile, log), capture_output=True, text=True, timeout=60
    )
    assert (process.stdout, hostile.traces()) == ("[(0, 'saidsaid')]\n", ""), process.stderr


def test_the_language_server(hostile: Hostile, monkeypatch: pytest.MonkeyPatch) -> None:
    from language_server.editor import Editor
    from lsprotocol import types

    async def session() -> list[str]:
        async with Editor(hostile.project) as editor:
            uri = editor.open("scripts/training.py")
            codes = await editor.codes(uri)
            place = types.TextDocumentPositionParams(types.TextDocumentIdentifier(uri), types.Position(9, 22))
            hover = types.HoverParams(place.text_document, place.position)
            await editor.answered(editor.client.text_document_hover_async(hover))
            completion = types.CompletionParams(place.text_document, place.position)
            await editor.answered(editor.client.text_document_completion_async(completion))
            whole = types.Range(types.Position(0, 0), types.Position(30, 0))
            wanted = types.CodeActionParams(place.text_document, whole, types.CodeActionContext([]))
            await editor.answered(editor.client.text_document_code_action_async(wanted))
            return codes

    log = hostile.directory / "audit.log"
    for name, value in environment(hostile, log).items():
        monkeypatch.setenv(name, value)
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    before = hostile.state()
    assert asyncio.run(session())
    judge(hostile, log)
    assert hostile.state() == before


def test_watching(hostile: Hostile) -> None:
    log = hostile.directory / "audit.log"
    before = hostile.state()
    with subprocess.Popen(
        [*COMMAND, "check", "--watch", "."],
        cwd=hostile.project,
        env=environment(hostile, log),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        assert any(line.startswith("Watching") for line in process.stderr)
        process.send_signal(signal.SIGINT)
        process.communicate(timeout=60)
    judge(hostile, log)
    assert hostile.state() == before
