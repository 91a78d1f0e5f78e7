"""What `make fuzz` does with the worst: a file that ends the process, and what it says of a file afterwards."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fuzz import campaign

HERE = Path(__file__).parent
BATCH = """\
import os, pathlib, signal, sys
pathlib.Path(sys.argv[4], "current.py").write_text("x = 1")
print('{"size": 5, "seconds": 0.1, "findings": "a"}', flush=True)
os.kill(os.getpid(), signal.SIGSEGV)
"""


def test_a_file_that_ends_the_process_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "batch.py").write_text(BATCH)
    monkeypatch.setattr(campaign, "HERE", tmp_path)
    monkeypatch.setattr(campaign, "DIRECTORY", tmp_path)
    assert campaign.main(["--seconds", "0.01", "--seed", "1"]) == 1
    assert "no file ends the process: exit status -11" in capsys.readouterr().out
    assert [file.read_text() for file in tmp_path.glob("crash-*.py")] == ["x = 1"] * 2  # in either process


@pytest.mark.parametrize(("text", "status"), [("import nemo_run as run\nrun.Config(\n", 0), ("x = 1\n", 0)])
def test_a_file_is_asked_again(tmp_path: Path, text: str, status: int) -> None:
    (tmp_path / "case.py").write_text(text)
    command = [sys.executable, str(HERE / "again.py"), "--reduce", str(tmp_path / "case.py")]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": str(HERE.parent)}, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (status, "")
    assert done.stdout.endswith("all is well\n")
