"""Cases of rules about the project: several files in one block, each behind a line that says where it lies."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from nemo_run_lint.finding import Finding
from nemo_run_lint.linter import examined
from nemo_run_lint.rule import ProjectRule
from nemo_run_lint.settings import Settings
from nemo_run_lint.shell_lines import Shell, starting
from nemo_run_lint.sources.kinds import is_shell
from nemo_run_lint.surroundings import Surroundings

_PLACE = re.compile(r"^# (?P<path>[\w.-]+(?:/[\w.-]+)*\.\w+)\n", re.MULTILINE)


def files(code: str) -> dict[str, str]:
    """The files of a block by their paths; what stands before the first path belongs to the first file."""
    places = list(_PLACE.finditer(code))
    begins = [0, *(place.start() for place in places[1:])]
    ends = [*begins[1:], len(code)]
    return {place["path"]: code[begin:end] for place, begin, end in zip(places, begins, ends, strict=True)}


def found_in_project(rule: ProjectRule, code: str, beside: Mapping[str, str]) -> list[Finding]:
    """What is found in the first file of `code`, in a project of all its files and those beside it."""
    written = files(code)
    with tempfile.TemporaryDirectory() as directory:
        for name, text in {**written, **beside}.items():
            file = Path(directory, name)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        first, text = next(iter(written.items()))
        path = str(Path(directory, first))
        settings = Settings(root=Path(directory), source=Path(directory, "pyproject.toml"), cache=False)
        around = Surroundings()
        index, project = around.of(path, text, settings).index, around.project(path, settings)
        if is_shell(path):
            (lines,) = starting(path, [Shell.of_text(text)], directory, settings.maximum_file_size)
            found = lines.examined([rule], (), index, project).findings
        else:
            found = examined(path, text, [rule], index=index, project=project).findings
        return [replace(each, message=each.message.replace(f"{directory}/", "")) for each in found]
