"""An unchanged run is answered at once, and never with what is no longer true."""

from __future__ import annotations

import os
import random
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import nemo_run_lint
from nemo_run_lint import kept_answers

#: Runs the command, and says last whether it had to be run.
PROGRAM = """
import sys
from nemo_run_lint.cli import main

sys.argv[0] = "nemo-run-lint"
try:
    main()
finally:
    print("anew" if "click" in sys.modules else "again", file=sys.__stderr__)
"""

#: A rule that may say anything.
RULE = '''
import time

import libcst as cst

from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class Noon(Rule):
    """It is a good time for a call."""

    code = "HSE901"
    message = "it is {time}"

    def check(self, call: cst.Call, file: File) -> Reports:
        yield self.at(call, time=time.time())
'''

HELPER = "def train(steps: int, rate: float = 0.1) -> None: ...\n"
OTHER_HELPER = "def train(step: int, rate: float = 0.1) -> None: ...\n"
SCRIPT = "import nemo_run as run\nfrom helper import train\n\ntask = run.Partial(train, {keyword}=1)\n"

#: How long a file must be left alone until its times tell whether it has changed.
SETTLED = 0.15


@dataclass(frozen=True)
class Answer:
    """What a run said; `how` it came to that is no part of it."""

    output: bytes
    errors: bytes
    status: int
    how: str = ""

    def __eq__(self, other: object) -> bool:
        assert isinstance(other, Answer)
        return (self.output, self.errors, self.status) == (other.output, other.errors, other.status)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with a mistake, and an environment."""
    directory = tmp_path / "project"
    site = directory / ".venv" / "lib" / "python3.11" / "site-packages"
    site.mkdir(parents=True)
    (directory / ".venv" / "pyvenv.cfg").write_text("version = 3.11.4\n")
    (directory / "pyproject.toml").write_text("[tool.nemo-run-lint]\nselect = ['NRL8']\n")
    (directory / "helper.py").write_text(HELPER)
    (directory / "a.py").write_text(SCRIPT.format(keyword="step"))
    (directory / "b.py").write_text(SCRIPT.format(keyword="steps"))
    monkeypatch.chdir(directory)
    for name in ("VIRTUAL_ENV", "CONDA_PREFIX", "GITHUB_ACTIONS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("NEMO_RUN_LINT_CACHE_DIR", str(tmp_path / "cache"))
    return directory


def ask(*arguments: str, program: str = PROGRAM, settle: float = SETTLED, **more: object) -> Answer:
    time.sleep(settle)
    done = subprocess.run([sys.executable, "-c", program, "check", *arguments], capture_output=True, **more)  # type: ignore[call-overload]
    errors, how = done.stderr.rstrip().rpartition(b"\n")[::2]
    return Answer(done.stdout, errors, done.returncode, how.decode())


def settled(*arguments: str, **more: object) -> Answer:
    """The answer once it is kept: what was sent to another process to be parsed is seen by the run after that."""
    for _ in range(4):
        answer = ask(*arguments, **more)  # type: ignore[arg-type]
        if answer.how == "again":
            return answer
    raise AssertionError(f"it is not told again: {answer}")


def anew(*arguments: str) -> Answer:
    answer = ask(*arguments, "--no-cache", settle=0)
    assert answer.how == "anew"
    return answer


# -- what is the same is answered at once ------------------------------------------------------------------------


def test_the_same_is_told_again_to_the_last_byte(project: Path) -> None:
    first = ask()
    assert first.how == "anew"
    assert b"unknown-keyword" in first.output
    assert first.status == 1
    assert settled() == first == anew()


def test_what_goes_to_one_place_comes_in_the_same_order(project: Path) -> None:
    together = {"capture_output": False, "stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--explain-unresolved", "."]
    said = []
    for _ in range(4):
        time.sleep(SETTLED)
        said.append(subprocess.run(command, **together).stdout)  # type: ignore[call-overload]
    assert len(set(said)) == 1
    assert b"Targets" in said[0]


def test_an_answer_imports_next_to_nothing(project: Path) -> None:
    settled()
    program = PROGRAM.replace('print("anew" if "click" in sys.modules else "again"', "print(sorted(sys.modules)")
    bare = subprocess.run(
        [sys.executable, "-c", "import sys; print(sorted(sys.modules))"], capture_output=True, check=True
    )
    loaded = {*eval(ask(program=program).how)} - {*eval(bare.stdout)}
    own = {name for name in loaded if name.startswith("nemo_run_lint")}
    assert own == {"nemo_run_lint", *map("nemo_run_lint.{}".format, ("_version", "answered", "cache_place", "cli"))}
    assert loaded - own <= {"__future__", "_blake2"}


def test_a_line_for_a_terminal_is_another_answer_than_one_for_a_file(project: Path) -> None:
    pty = pytest.importorskip("pty")
    settled()

    def on_terminal() -> bytes:
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "check"], stdout=theirs, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL
        ) as process:
            os.close(theirs)
            said = b""
            try:
                while piece := os.read(ours, 65_536):
                    said += piece
            except OSError:  # how a terminal says that nobody is there any more
                pass
            os.close(ours)
            assert process.stderr is not None
            hows.append(process.stderr.read().split()[-1])
        return said

    hows: list[bytes] = []
    said = {on_terminal() for _ in range(3)}
    assert hows[-1] == b"again"
    (only,) = said
    assert b"\x1b[" in only


# -- what is not the same is not --------------------------------------------------------------------------------


def replaced_unseen(project: Path) -> None:
    """Another text of the same length, with the old times."""
    helper = project / "helper.py"
    status = helper.stat()
    helper.write_text(OTHER_HELPER.ljust(len(HELPER)).replace("\n", "").ljust(len(HELPER) - 1) + "\n")
    os.truncate(helper, len(HELPER))
    os.utime(helper, ns=(status.st_atime_ns, status.st_mtime_ns))


def installed(project: Path) -> None:
    site = project / ".venv" / "lib" / "python3.11" / "site-packages"
    (site / "nemo_run-0.3.0.dist-info").mkdir()
    (site / "nemo_run-0.3.0.dist-info" / "METADATA").write_text("Name: nemo_run\nVersion: 0.3.0\n")


def linked_elsewhere(project: Path) -> None:
    (project / "helper.py").unlink()
    (project / "elsewhere.py").write_text(OTHER_HELPER)
    (project / "helper.py").symlink_to("elsewhere.py")


CHANGES: dict[str, Callable[[Path], object]] = {
    "the file": lambda project: (project / "a.py").write_text(SCRIPT.format(keyword="steps")),
    "a file that is not linted": lambda project: (project / "helper.py").write_text(OTHER_HELPER),
    "the same size and time": replaced_unseen,
    "a file that is gone": lambda project: (project / "helper.py").unlink(),
    "a new file": lambda project: (project / "c.py").write_text(SCRIPT.format(keyword="stps")),
    "a new directory": lambda project: shutil.copytree(project, project / "sub", ignore=lambda *_: [".venv"]),
    "a link": linked_elsewhere,
    "settings": lambda project: (project / "pyproject.toml").write_text("[tool.nemo-run-lint]\nignore = ['NRL804']\n"),
    "settings that come first": lambda project: (project / "nemo-run-lint.toml").write_text("profile = 'strict'\n"),
    ".gitignore": lambda project: (project / ".gitignore").write_text("a.py\n"),
    "what is ignored above": lambda project: ((project / ".git").mkdir(), (project / ".gitignore").write_text("b.py")),
    "a package": lambda project: (project / "helper").mkdir() or (project / "helper" / "__init__.py").touch(),
    "an installation": installed,
    "the environment": lambda project: shutil.rmtree(project / ".venv"),
    "requirements": lambda project: (project / "requirements.txt").write_text("nemo_run==0.3.0\n"),
    "a file that is a directory": lambda project: ((project / "b.py").unlink(), (project / "b.py").mkdir()),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_a_change_is_seen(project: Path, change: Callable[[Path], object]) -> None:
    settled("--statistics")
    change(project)
    after = ask("--statistics", settle=0)
    assert after == anew("--statistics")


def test_what_nothing_depends_on_may_change(project: Path) -> None:
    (project / "docs").mkdir()
    settled()
    (project / "docs" / "page.txt").write_text("nothing")
    (project / "docs" / "page.txt").unlink()
    (project / ".venv" / "pyvenv.cfg.new").write_text("")
    assert ask().how == "again"


@pytest.mark.parametrize(
    ("name", "value"),
    [("FORCE_COLOR", "1"), ("GITHUB_ACTIONS", "true"), ("VIRTUAL_ENV", ".venv"), ("PYTHONPATH", "elsewhere")],
)
def test_a_variable_of_the_environment_is_seen(
    project: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    settled()
    monkeypatch.setenv(name, value)
    after = ask(settle=0)
    assert after.how == "anew"
    assert after == anew()


def test_other_questions_have_other_answers(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = settled("a.py")
    assert ask("b.py").how == "anew"
    assert ask("a.py", "--quiet") != first
    (project / "sub").mkdir()
    monkeypatch.chdir(project / "sub")
    assert ask("a.py").status == 2
    assert ask("../a.py").how == "anew"


def test_another_program_has_other_answers(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = tmp_path / "program" / "nemo_run_lint"
    shutil.copytree(Path(nemo_run_lint.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setenv("PYTHONPATH", str(package.parent))
    settled()
    rule = package / "rules" / "typing" / "untyped_parameter.py"
    rule.write_text(rule.read_text() + "\n")
    assert ask().how == "anew"
    settled()
    (package / "another.py").write_text("")
    assert ask(settle=0).how == "anew"


# -- what is never kept -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "arguments",
    [
        ["--no-cache"],
        ["--fix"],
        ["--diff"],
        ["--output", "json=found.json"],
        ["--baseline", "known.json", "--write-baseline"],
        ["--cache-dir", "pyproject.toml"],
        ["nowhere.py"],
    ],
)
def test_what_does_more_than_look_is_done_again(project: Path, arguments: list[str]) -> None:
    for _ in range(3):
        answer = ask(*arguments)
    assert answer.how == "anew"


def test_standard_input_is_read_again(project: Path) -> None:
    for keyword, status in (("step", 1), ("steps", 0), ("step", 1), ("steps", 0)):
        source = SCRIPT.format(keyword=keyword).encode()
        assert ask("-", "--stdin-filename", "c.py", input=source, settle=0).status == status


def test_rules_of_others_are_run_again(project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "others"
    (place / "others-1.dist-info").mkdir(parents=True)
    (place / "others-1.dist-info" / "METADATA").write_text("Metadata-Version: 2.1\nName: others\nVersion: 1\n")
    (place / "others-1.dist-info" / "entry_points.txt").write_text("[nemo_run_lint.rules]\nnoon = others:Noon\n")
    (place / "others.py").write_text(RULE)
    monkeypatch.setenv("PYTHONPATH", str(place))
    for _ in range(3):
        answer = ask()
    assert answer.how == "anew"


def test_what_has_just_changed_may_change_once_more(project: Path) -> None:
    settled()
    (project / "a.py").write_text(SCRIPT.format(keyword="steps"))
    assert ask(settle=0).status == 0
    assert settled().status == 0


# -- everything that is looked at is a witness --------------------------------------------------------------------

#: Tells who asks the system without being seen by `witnesses`, what keeps answers and Python's own imports apart.
UNSEEN = """
import os, sys

ASKING = {"stat", "lstat", "open", "scandir", "listdir", "readlink", "access"}
KEEPING = ("witnesses.py", "answered.py", "kept_answers.py", "cache_place.py")
unseen = set()

def look(frame, event, function):
    if event != "c_call":
        return
    name, owner = function.__name__, getattr(function, "__self__", None)
    is_entry = type(owner).__name__ == "DirEntry" and name in ("stat", "inode")
    is_module = getattr(owner, "__name__", "") in ("posix", "nt", "io", "_io") and name in ASKING
    if is_entry or is_module:
        below = frame
        while below and not below.f_code.co_filename.startswith("<frozen importlib"):
            if below.f_code.co_filename.endswith(KEEPING):
                return
            below = below.f_back
        if below is None:
            unseen.add((name, frame.f_code.co_filename, frame.f_lineno))

from nemo_run_lint import command_line, witnesses  # what comes before is the start of Python
from nemo_run_lint.cli import main

sys.argv[0] = "nemo-run-lint"
sys.setprofile(look)
try:
    main()
except SystemExit:
    pass
finally:
    sys.setprofile(None)
    print("unseen:", *sorted(unseen), file=sys.__stderr__)
"""


@pytest.mark.parametrize(
    "arguments",
    [
        ["."],
        ["a.py", "--profile", "strict", "--output-format", "sarif"],
        ["a.py", "--explain-unresolved", "--python", ".venv", "--output-format", "json"],
        ["--config", "documents = true", "--config", "shell-scripts = true", "--select", "ALL"],
    ],
)
def test_nothing_is_looked_at_that_is_no_witness(project: Path, arguments: list[str]) -> None:
    (project / ".git").mkdir()
    (project / "experiments").mkdir()
    (project / "experiments" / "link.py").symlink_to("../a.py")
    (project / "experiments" / "run.sh").write_text("python a.py steps=1\n")
    (project / "page.md").write_text("```python\n" + SCRIPT.format(keyword="x") + "```\n")
    (project / "requirements.txt").write_text("nemo_run>=0.3\n")
    for _ in range(2):  # parsed, and remembered
        assert ask(*arguments, "--config", "jobs = 1", program=UNSEEN).how == "unseen:"


# -- never out of date -------------------------------------------------------------------------------------------

FILES = ("helper.py", "a.py", "inner.py", "sub/d.py", "sub/__init__.py", "sub/helper.py")
TEXTS = (
    HELPER,
    OTHER_HELPER,
    SCRIPT.format(keyword="step"),
    SCRIPT.format(keyword="steps"),
    "from inner import train\n",
    "def tra in(\n",
    "",
)
SETTINGS = ("", "select = ['NRL8']\n", "ignore = ['NRL804']\n", "profile = 'strict'\n", "exclude = ['sub']\n")


@pytest.mark.parametrize("seed", range(2))
def test_after_any_edits_the_answer_is_what_would_be_said_anew(project: Path, seed: int) -> None:
    chance = random.Random(seed)
    (project / "sub").mkdir()
    for _ in range(8):
        kind = chance.choice(["text", "text", "text", "gone", "settings", "ignored", "nothing"])
        path = project / chance.choice(FILES)
        if kind == "text":
            path.write_text(chance.choice(TEXTS))
        elif kind == "gone":
            path.unlink(missing_ok=True)
        elif kind == "settings":
            (project / "nemo-run-lint.toml").write_text(chance.choice(SETTINGS))
        elif kind == "ignored":
            (project / ".gitignore").write_text(chance.choice(["", "sub\n", "a.py\n", "!a.py\n"]))
        settle = chance.choice([0, SETTLED])
        assert ask(settle=settle) == anew()


# -- whatever happens to what is kept ----------------------------------------------------------------------------


def answers(project: Path) -> list[Path]:
    return sorted((project.parent / "cache" / "answers").iterdir())


@pytest.mark.parametrize("junk", [b"", b"nemo-run-lint", b"\0" * 5_000])
def test_a_broken_answer_is_none(project: Path, junk: bytes) -> None:
    first = settled()
    (file,) = answers(project)
    file.write_bytes(junk)
    again = ask()
    assert again == first
    assert again.how == "anew"
    assert settled() == first


def test_a_part_of_an_answer_is_none(project: Path) -> None:
    first = settled()
    (file,) = answers(project)
    whole = file.read_bytes()
    for length in (len(whole) - 1, len(whole) // 2, 40, 8):
        file.write_bytes(whole[:length])
        again = ask()
        assert again == first
        assert again.how == "anew"
    for place in (30, len(whole) // 3, len(whole) - 1):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
        assert ask().how == "anew"


def test_many_processes_at_once_say_the_same(project: Path) -> None:
    first = anew()
    command = [sys.executable, "-c", PROGRAM, "check"]
    for _ in range(2):
        running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) for _ in range(5)]
        assert {process.communicate()[0] for process in running} == {first.output}
    assert settled() == first
    assert len(answers(project)) == 1


def test_a_killed_process_leaves_nothing_that_counts(project: Path) -> None:
    first = anew()
    for delay in (0.1, 0.2, 0.4):
        with subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "check"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        ) as process:
            time.sleep(delay)
            process.kill()
    assert ask() == first
    assert settled() == first


def test_a_full_disk_only_costs_time(project: Path) -> None:
    first = anew()

    def small_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (2_000, 2_000))

    for _ in range(3):
        answer = ask(preexec_fn=small_files)
        assert answer == first
        assert answer.how == "anew"
    assert not list((project.parent / "cache").rglob("*.part"))


def test_a_place_that_cannot_be_written_to_only_costs_time(project: Path) -> None:
    first = settled()
    cache = project.parent / "cache"
    for file in answers(project):
        file.unlink()
    (cache / "answers").rmdir()
    (cache / "answers").write_text("in the way")
    assert {ask().how for _ in range(3)} == {"anew"}
    assert ask() == first


def test_what_is_kept_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_answers, "_MOST", 3)
    monkeypatch.setattr(kept_answers, "_MOST_BYTES", 100)
    for age, (name, size) in enumerate({"d": 10, "c": 50, "b": 60, "a": 10, "left.part": 5}.items()):
        (tmp_path / name).write_bytes(b"x" * size)
        os.utime(tmp_path / name, (1_000_000 - age, 1_000_000 - age))
    (tmp_path / "new.part").touch()
    kept_answers.make_room(str(tmp_path))
    assert sorted(file.name for file in tmp_path.iterdir()) == ["c", "d", "new.part"]


def test_clean_removes_it_all(project: Path) -> None:
    settled()
    cache = project.parent / "cache"
    assert (cache / ".gitignore").read_text().endswith("*\n")
    subprocess.run([sys.executable, "-m", "nemo_run_lint", "clean"], check=True, capture_output=True)
    assert not cache.exists()


def test_a_reader_that_goes_away_is_no_error(project: Path) -> None:
    settled()
    ours, theirs = os.pipe()
    os.close(ours)
    done = subprocess.run([sys.executable, "-c", PROGRAM, "check"], stdout=theirs, stderr=subprocess.PIPE)
    os.close(theirs)
    assert done.returncode == 0
    assert done.stderr == b"again\n"
