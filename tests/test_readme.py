"""What the README shows is what happens: its picture, its settings, its commands."""

from __future__ import annotations

import html
import re
import subprocess
import sys
from pathlib import Path

from nemo_run_lint.settings import read

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_its_two_commands_are_targets_of_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for command in re.findall(r"^\$ make (\w+)", README, re.MULTILINE):
        assert f"\n{command}:" in makefile


def test_the_picture_shows_what_the_command_prints() -> None:
    """`make picture` draws it again."""
    picture = (ROOT / "examples" / "broken.svg").read_text(encoding="utf-8")
    command = re.search(r"nemo-run-lint (check --select [\w,]+ \S+)", picture)
    assert command is not None
    arguments = [sys.executable, "-m", "nemo_run_lint", *command[1].split("<")[0].split()]
    printed = subprocess.run(arguments, cwd=ROOT, capture_output=True, text=True).stdout
    shown = html.unescape(re.sub(r"<[^>]+>", "", picture)).replace("\N{NO-BREAK SPACE}", " ")
    for line in filter(None, map(str.strip, printed.splitlines())):
        assert "".join(line.split()) in "".join(shown.split()), line


def test_its_settings_are_accepted(tmp_path: Path) -> None:
    (block,) = (
        block for block in re.findall(r"```toml\n(.*?)```", README, re.DOTALL) if "[tool.nemo-run-lint]" in block
    )
    (tmp_path / "pyproject.toml").write_text(block, encoding="utf-8")
    settings = read(tmp_path / "pyproject.toml")
    assert settings is not None
    assert settings.rules == {"short-name": {"minimum-length": 4}}


def test_it_links_to_what_is_there() -> None:
    for target in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / target).exists(), target
