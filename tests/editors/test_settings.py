"""Settings of editors that are not here: they parse, and name commands that there are."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

from nemo_run_lint.language_server.preferences import Preferences, read
from nemo_run_lint.settings.text import text, toml

EDITORS = Path(__file__).parents[2] / "editors"
COMMAND = Path(sys.executable).with_name("nemo-run-lint")
EXPERIMENT = "import nemo_run as run\n\ndef train(x): ...\n\nrun.Partial(train, y=1)\n"


def starts(command: list[str]) -> bool:
    """Whether this command starts a server, which ends at once when nobody speaks to it."""
    assert command[0] == COMMAND.name
    ended = subprocess.run([COMMAND, *command[1:]], stdin=subprocess.DEVNULL, capture_output=True, text=True)
    return (ended.returncode, ended.stdout, ended.stderr) == (1, "", "")


def test_helix() -> None:
    found = toml(text(EDITORS / "helix" / "languages.toml"), "languages.toml")
    server = found["language-server"]["nemo-run-lint"]
    assert "nemo-run-lint" in found["language"][0]["language-servers"]
    assert read(server["config"], Preferences()) == (Preferences(), [])
    assert starts([server["command"], *server["args"]])


def test_sublime() -> None:
    found = json.loads((EDITORS / "sublime" / "LSP.sublime-settings").read_text())
    client = found["clients"]["nemo-run-lint"]
    assert read(client["initializationOptions"], Preferences()) == (Preferences(), [])
    assert starts(client["command"])


def test_pycharm(tmp_path: Path) -> None:
    tree = ElementTree.parse(EDITORS / "pycharm" / "watcherTasks.xml")
    options = {each.get("name", ""): each.get("value", "") for each in tree.iter("option")}
    file = tmp_path / "experiment.py"
    file.write_text(EXPERIMENT)
    arguments = [str(file) if each == "$FilePath$" else each for each in options["arguments"].split()]
    assert options["program"] == COMMAND.name
    ran = subprocess.run([COMMAND, *arguments], cwd=tmp_path, capture_output=True, text=True)
    assert (ran.returncode, ran.stderr) == (1, "")
    kinds = {
        "$FILE_PATH$": "(?P<path>.+?)",
        "$LINE$": r"(?P<line>\d+)",
        "$COLUMN$": r"(?P<column>\d+)",
        "$MESSAGE$": ".*",
    }
    pattern = re.escape(options["regExp"])
    for macro, kind in kinds.items():
        pattern = pattern.replace(re.escape(macro), kind)
    places = [re.fullmatch(pattern, line) for line in ran.stdout.splitlines()]
    assert places
    assert {place and (place["path"], place["line"]) for place in places} >= {("experiment.py", "5")}


def test_every_setting_is_told() -> None:
    told = (EDITORS / "README.md").read_text()
    for key in ("enable", "run", "diagnosticMode", "config", "isolated"):
        assert f"| `{key}` |" in told
