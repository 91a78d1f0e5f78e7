"""Findings in files: whole ones or none, and a sentence where there can be none."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from nemo_run_lint.finding import Finding, Severity, Span
from nemo_run_lint.outputs import json as json_format
from nemo_run_lint.outputs import step_summary
from nemo_run_lint.outputs.format import FORMATS, Outcome, renderer
from nemo_run_lint.outputs.writing import (
    Destination,
    OutputError,
    automatic_format,
    destinations,
    write_step_summary,
    write_to,
)

FINDING = Finding("é\udcff.py", Span(3, 7, 3, 9), "NRL401", "lambda-in-config", Severity.ERROR, "`日` is a lambda")
OUTCOME = Outcome([FINDING], color=True, links=True, width=40)

not_for_root = pytest.mark.skipif(getattr(os, "geteuid", lambda: 0)() == 0, reason="root may write everywhere")


def test_a_format_and_a_file(tmp_path: Path) -> None:
    assert destinations(["json=findings.json", f"concise={tmp_path}/a=b.txt"]) == [
        Destination("json", Path("findings.json")),
        Destination("concise", tmp_path / "a=b.txt"),
    ]
    assert destinations([]) == []


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (["json"], ["`json`", "FORMAT=FILE"]),
        (["json="], ["`json=`", "FORMAT=FILE"]),
        (["=x"], ["`=x`", *FORMATS]),
        (["jsn=x"], ["`jsn`", "did you mean `json`?"]),
        (["JSON=x"], ["`JSON`"]),
        (["xml=x"], ["`xml`", "full, concise"]),
        (["json=-"], ["`json=-`", "--output-format"]),
        (["json=directory"], ["`directory`", "is a directory"]),
        (["json=directory/"], ["`directory`", "is a directory"]),
        (["json=missing/x"], ["`missing/x`", "there is no directory", "missing"]),
        (["json=file/x"], ["`file/x`", "not a directory"]),
        (["json=loop"], ["`loop`", "symbolic links"]),
        (["json=to_missing"], ["`to_missing`", "there is no directory"]),
        (["json=" + "x" * 300], ["too long"]),
        (["json=x\0"], ["null byte"]),
        (["json=file", "concise=file"], ["`json=file`", "`concise=file`", "same file"]),
        (["json=file", "json=link"], ["`json=file`", "`json=link`", "same file"]),
        (["json=new", "json=directory/../new"], ["same file"]),
        (["json=a", "concise=b", "jsn=c"], ["`jsn`"]),
    ],
)
def test_what_cannot_be_meant_is_said_and_nothing_is_created(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, written: list[str], words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "directory").mkdir()
    (tmp_path / "file").write_text("old")
    for name, target in (("link", "file"), ("loop", "loop"), ("to_missing", "missing/x")):
        (tmp_path / name).symlink_to(target)
    before = sorted(os.listdir(tmp_path))
    with pytest.raises(OutputError) as caught:
        destinations(written)
    assert all(word in str(caught.value) for word in words), str(caught.value)
    assert "\n" not in str(caught.value)
    assert sorted(os.listdir(tmp_path)) == before


@not_for_root
def test_a_directory_or_file_that_must_not_be_written_is_told_before(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.touch(0o444)
    with pytest.raises(OutputError, match="permission denied"):
        destinations([f"json={file}"])
    file.chmod(0o644)
    tmp_path.chmod(0o555)
    with pytest.raises(OutputError, match="is not writable"):
        destinations([f"json={tmp_path}/new"])


def test_utf_8_without_a_mark_plain_newlines_no_colours_no_links(tmp_path: Path) -> None:
    write_to(Destination("concise", tmp_path / "out"), OUTCOME)
    text = "é\\udcff.py:3:7: NRL401 error lambda-in-config: `日` is a lambda\nFound 1 error in 1 file.\n"
    assert (tmp_path / "out").read_bytes() == text.encode()
    assert os.listdir(tmp_path) == ["out"]


def test_what_stood_there_is_replaced_and_its_mode_stays(tmp_path: Path) -> None:
    file, link = tmp_path / "out.json", tmp_path / "link"
    file.write_text("x" * 10_000)
    file.chmod(0o640)
    link.symlink_to(file)
    with open(file) as reader:
        write_to(Destination("json", link), OUTCOME)
        assert reader.read() == "x" * 10_000
    assert json.loads(file.read_text())["findings"][0]["message"] == "`日` is a lambda"
    assert (stat.S_IMODE(file.stat().st_mode), link.is_symlink()) == (0o640, True)


def test_a_new_file_has_the_mode_that_any_program_gives_it(tmp_path: Path) -> None:
    (tmp_path / "other").touch()
    write_to(Destination("json", tmp_path / "out"), OUTCOME)
    assert (tmp_path / "out").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.parametrize("name", FORMATS)
def test_every_format_can_be_written(tmp_path: Path, name: str) -> None:
    write_to(Destination(name, tmp_path / "out"), OUTCOME)
    plain = Outcome([FINDING])
    assert (tmp_path / "out").read_text(encoding="utf-8") == "".join(renderer(name)(plain))


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="only Linux has a disk that is always full")
def test_a_full_disk() -> None:
    (full,) = destinations(["json=/dev/full"])
    with pytest.raises(OutputError, match=r"^cannot write `/dev/full`: no space left on device$"):
        write_to(full, OUTCOME)


def run(code: str, directory: Path, **streams: int) -> subprocess.CompletedProcess[bytes]:
    """What a process does that has the names above."""
    names = "from nemo_run_lint.outputs.writing import *; from tests_writing import *\n"
    path = {"PYTHONPATH": str(directory)}
    (directory / "tests_writing.py").write_text(
        "from nemo_run_lint.finding import *\nfrom nemo_run_lint.outputs.format import Outcome\n"
        f"FINDING = {FINDING!r}\n".replace("<Severity.ERROR: 'error'>", "Severity.ERROR").replace(
            "<Confidence.HIGH: 'high'>", "Confidence.HIGH"
        )
    )
    program = names + textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", program], cwd=directory, env={**os.environ, **path}, **streams)


def test_a_disk_that_gets_full_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.write_text("old")
    done = run(
        """
        import resource
        resource.setrlimit(resource.RLIMIT_FSIZE, (5_000, 5_000))
        try:
            write_to(Destination("json", Path("out")), Outcome([FINDING] * 10_000))
        except OutputError as error:
            print(error)
        """,
        tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert (done.stdout, done.stderr) == (b"cannot write `out`: file too large\n", b"")
    assert out.read_text() == "old"
    assert [name for name in os.listdir(tmp_path) if name.endswith(".tmp")] == []


def test_a_program_that_is_stopped_leaves_the_old_file(tmp_path: Path) -> None:
    def stopped() -> str | None:
        raise KeyboardInterrupt

    out = tmp_path / "out"
    out.write_text("old")
    with pytest.raises(KeyboardInterrupt):
        write_to(Destination("full", out), Outcome([FINDING], source=lambda path: stopped()))
    assert (out.read_text(), os.listdir(tmp_path)) == ("old", ["out"])


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (destination,) = destinations([f"json={tmp_path}/pipe"])
    writer = threading.Thread(target=write_to, args=(destination, OUTCOME))
    writer.start()
    read = (tmp_path / "pipe").read_text()
    writer.join()
    assert read == "".join(json_format.render(OUTCOME))
    assert stat.S_ISFIFO((tmp_path / "pipe").stat().st_mode)


@pytest.mark.parametrize("path", ["/dev/stdout", "/dev/fd/1", "log"])
def test_standard_output_is_written_behind_what_was_printed_even_if_it_is_a_file(tmp_path: Path, path: str) -> None:
    if not os.path.exists("/dev/fd/1"):
        pytest.skip("has no such devices")
    with open(tmp_path / "log", "wb") as log:
        done = run(
            f"""
            print("before")
            write_to(destinations(["concise={path}"])[0], Outcome([FINDING], quiet=True))
            print("after")
            """,
            tmp_path,
            stdout=log.fileno(),
        )
    assert done.returncode == 0
    assert [line[:6] for line in (tmp_path / "log").read_text(encoding="utf-8").splitlines()] == [
        "before",
        "é\\udcf",
        "after",
    ]


def test_the_format_is_what_was_asked_for_or_github_s_own_there() -> None:
    assert automatic_format({}, "") == "full"
    assert automatic_format({"GITHUB_ACTIONS": "true"}, "") == "github"
    assert automatic_format({"GITHUB_ACTIONS": "true"}, "json") == "json"
    assert automatic_format({"GITHUB_ACTIONS": "false"}, "") == "full"
    assert automatic_format({"GITHUB_ACTIONS": "1"}, "") == "full"


def test_the_summary_of_a_job_is_added_to_what_is_there(tmp_path: Path) -> None:
    page = tmp_path / "summary.md"
    page.write_text("# before\n")
    write_step_summary({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(page)}, OUTCOME)
    assert page.read_text(encoding="utf-8") == "# before\n" + "".join(step_summary.render(Outcome([FINDING])))


@pytest.mark.parametrize("environ", [{}, {"GITHUB_ACTIONS": "true"}, {"GITHUB_STEP_SUMMARY": "summary.md"}])
def test_there_is_no_summary_of_a_job_outside_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, environ: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    write_step_summary(environ, OUTCOME)
    assert os.listdir(tmp_path) == []


def test_a_summary_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="is a directory"):
        write_step_summary({"GITHUB_ACTIONS": "true", "GITHUB_STEP_SUMMARY": str(tmp_path)}, OUTCOME)
