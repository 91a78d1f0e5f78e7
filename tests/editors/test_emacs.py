"""The Emacs settings, in a real Emacs without a window; passed over where there is none, or no eglot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SETTINGS = Path(__file__).parents[2] / "editors" / "emacs"
EXPERIMENT = """import nemo_run as run


def train(steps: int = 1): ...


task = run.Partial(train, stpes=10)
"""

SCRIPT = """
(package-initialize)
(setq nemo-run-lint-command '({command} "server"))
(require 'nemo-run-lint)
(setq eglot-sync-connect t eglot-connect-timeout 60 print-escape-newlines t)
(defun shown ()
  (mapcar (lambda (each) (list (line-number-at-pos (flymake-diagnostic-beg each)) (flymake-diagnostic-text each)))
          (flymake-diagnostics)))
(defun wait (wanted)
  (let ((end (+ (float-time) 60)))
    (while (and (not (equal (length (flymake-diagnostics)) wanted)) (< (float-time) end))
      (accept-process-output nil 0.1)
      (flymake-start))))
(find-file "experiment.py")
(call-interactively #'eglot)
(wait 1)
(princ (format "%S\\n" (shown)))
(nemo-run-lint-fix)
(save-buffer)
(wait 0)
(princ (format "%S\\n" (shown)))
(eglot-shutdown (eglot-current-server))
"""


def emacs(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    command = ["emacs", "--batch", "-L", str(SETTINGS), *arguments]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, "HOME": str(folder)}, capture_output=True, text=True, timeout=180
    )


@pytest.mark.skipif(shutil.which("emacs") is None, reason="Emacs is not installed")
def test_a_broken_experiment_is_fixed_and_saved(tmp_path: Path) -> None:
    if emacs("--eval", "(progn (package-initialize) (require 'eglot))", folder=tmp_path).returncode != 0:
        pytest.skip("eglot is not installed")
    (tmp_path / "pyproject.toml").write_text('[tool.nemo-run-lint]\nprofile = "correctness"\n')
    (tmp_path / "experiment.py").write_text(EXPERIMENT)
    script = tmp_path / "driven.el"
    script.write_text(SCRIPT.format(command=json.dumps(str(Path(sys.executable).with_name("nemo-run-lint")))))
    found = emacs("-l", str(script), folder=tmp_path)
    before, after = found.stdout.strip().splitlines()
    assert before.startswith("((7 ")
    assert "unknown-keyword: `train` has no parameter `stpes`" in before
    assert after == "nil"
    assert (tmp_path / "experiment.py").read_text() == EXPERIMENT.replace("stpes", "steps")
