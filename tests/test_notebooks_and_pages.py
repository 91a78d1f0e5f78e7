"""Notebooks and pages of documentation through the command: where findings stand, for people and for programs."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

SOURCES = [
    ("markdown", ["# Title"]),
    ("code", ["%pip install nemo_run\n", "import nemo_run as run\n", "files = !ls"]),
    ("code", ["def train(schedule): ...\n", "run.Partial(train, é='\t', schedule=lambda s: 0.1)"]),
    ("code", "def broken(:"),
    ("code", "run.Partial(train, schedule=lambda s: 0.2)  # noqa: NRL401"),
]
VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
LAMBDA = "lambda s: 0.1"


def notebook(style: dict[str, Any]) -> str:
    cells = [
        {"cell_type": kind, "id": f"id{place}", "metadata": {}, "source": source}
        | ({"execution_count": None, "outputs": []} if kind == "code" else {})
        for place, (kind, source) in enumerate(SOURCES)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, **style)


def check(directory: Path, *arguments: str, stdin: bytes | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--isolated", "--select", "NRL401,NRL001", *arguments]
    done = subprocess.run(command, cwd=directory, input=stdin, capture_output=True)
    return subprocess.CompletedProcess(command, done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(params=[{"indent": 1, "ensure_ascii": False}, {"indent": 1}, {}], ids=["nbformat", "escaped", "a line"])
def repository(tmp_path: Path, request: pytest.FixtureRequest) -> Path:
    (tmp_path / "n.ipynb").write_text(notebook(request.param), encoding="utf-8")
    return tmp_path


def test_people_see_cells(repository: Path) -> None:
    result = check(repository, "--output-format", "concise")
    assert result.stdout.splitlines() == [
        "n.ipynb:cell 3:2:36: NRL401 error lambda-in-config: `schedule` of `train` is a lambda, which cannot be saved",
        f"n.ipynb:cell 4:1:12: NRL001 error syntax-error: invalid syntax (read as Python {VERSION})",
        "Found 2 errors in 1 file (1 suppressed).",
    ]
    full = check(repository).stdout
    assert "--> n.ipynb:cell 3:2:36\n" in full
    assert "\n2 | run.Partial(train, é='" in full


def test_programs_see_cells_or_the_file(repository: Path) -> None:
    found = json.loads(check(repository, "--output-format", "json").stdout)["findings"]
    assert [(each["path"], each["cell"], each["line"], each["column"]) for each in found] == [
        ("n.ipynb", {"number": 3, "id": "id2"}, 2, 36),
        ("n.ipynb", {"number": 4, "id": "id3"}, 1, 12),
    ]
    first, *_ = json.loads(check(repository, "--output-format", "sarif").stdout)["runs"][0]["results"]
    region = first["locations"][0]["physicalLocation"]["region"]
    line = (repository / "n.ipynb").read_text(encoding="utf-8").splitlines()[region["startLine"] - 1]
    assert line[region["startColumn"] - 1 : region["endColumn"] - 1] == LAMBDA
    assert first["properties"] == {"cell": 3, "cellId": "id2"}


def test_from_standard_input(repository: Path) -> None:
    data = (repository / "n.ipynb").read_bytes()
    (repository / "n.ipynb").unlink()
    result = check(repository, "--output-format", "concise", "--stdin-filename", "n.ipynb", "-", stdin=data)
    assert result.stdout.startswith("n.ipynb:cell 3:2:36: NRL401")


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ('{"cells": [{"source": "nemo_run"},]}', "n.ipynb:1:35: NRL001"),
        ('{"nbformat": 3, "worksheets": ["nemo_run"]}', "n.ipynb:1:1: NRL001"),
    ],
)
def test_what_is_no_notebook(tmp_path: Path, text: str, place: str) -> None:
    (tmp_path / "n.ipynb").write_text(text)
    result = check(tmp_path, "--output-format", "concise")
    assert (result.returncode, result.stdout.startswith(place)) == (1, True)


PAGE = """\
# Page

```python
import nemo_run as run
```

- item

  ```python
  run.Partial(train, schedule=lambda s: 0.1)
  ```

<!-- nemo-run-lint: ignore[NRL401] -- a bad example -->
```python
run.Partial(train, schedule=lambda s: 0.1)
```

```python
run.Partial(train, schedule=lambda s: 0.1, ...
```
"""


def test_pages(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text(PAGE)
    assert check(tmp_path, "--output-format", "concise", "p.md").stdout.splitlines() == [
        "p.md:10:31: NRL401 error lambda-in-config: `schedule` of `train` is a lambda, which cannot be saved",
        "Found 1 error in 1 file (1 suppressed).",
    ]


def test_an_example_need_not_be_a_program(tmp_path: Path) -> None:
    (tmp_path / "p.md").write_text("```python\nimport nemo_run as run\ndef train(x): ...\nrun.Partial(train)\n```\n")
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--isolated", "--profile", "strict", "p.md"]
    assert subprocess.run(command, cwd=tmp_path).returncode == 0


def test_a_notebook_is_not_started_like_a_script(tmp_path: Path) -> None:
    source = "import nemo_run as run\nfrom tasks import train\nwith run.Experiment('nightly') as exp:\n    exp.add(run.Partial(train), name='train')\n    exp.run()"
    made = {"cells": [{"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None}]}
    (tmp_path / "n.ipynb").write_text(json.dumps({**made, "metadata": {}, "nbformat": 4, "nbformat_minor": 4}))
    (tmp_path / "n.py").write_text(source)
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--isolated", "--select", "missing-main-guard"]
    assert subprocess.run([*command, "n.ipynb"], cwd=tmp_path).returncode == 0
    assert subprocess.run([*command, "n.py"], cwd=tmp_path).returncode == 1


def test_pages_are_walked_if_the_settings_say_so(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "p.md").write_text(PAGE)
    (tmp_path / "docs" / "q.rst").write_text(
        ".. code-block:: python\n\n   import nemo_run as run\n   run.Partial(f, x=lambda: 1)\n"
    )
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--select", "NRL401", "--output-format", "concise", "-q"]
    assert subprocess.run(command, cwd=tmp_path).returncode == 0
    (tmp_path / "nemo-run-lint.toml").write_text("documents = true\n")
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True).stdout
    assert [line.partition(" ")[0] for line in found.splitlines()] == ["docs/p.md:10:31:", "docs/q.rst:4:21:"]


def told(directory: Path, page: str, setting: str) -> list[str]:
    """Where something is found in a page, by the settings with this line."""
    (directory / "p.md").write_text(page)
    (directory / "nemo-run-lint.toml").write_text(f"{setting}\n")
    command = [
        sys.executable,
        "-m",
        "nemo_run_lint",
        "check",
        "--select",
        "NRL804,NRL001",
        "--output-format",
        "concise",
    ]
    found = subprocess.run([*command, "-q", "p.md"], cwd=directory, capture_output=True, text=True)
    assert found.stderr == ""
    return [" ".join(line.split()[:2]) for line in found.stdout.splitlines()]


@pytest.mark.parametrize(("see", "found"), [("imports", []), ("alone", []), ("page", ["p.md:8:20: NRL804"])])
def test_what_an_example_sees_of_those_before_it(tmp_path: Path, see: str, found: list[str]) -> None:
    first, second = "def train(steps): ...", "run.Partial(train, step=1)"
    page = "".join(f"```python\nimport nemo_run as run\n{each}\n```\n\n" for each in (first, second))
    assert told(tmp_path, page, f'examples-see = "{see}"') == found


def test_examples_that_do_not_parse_are_told_if_asked_for(tmp_path: Path) -> None:
    page = "- a\n\n  ```python\n  import nemo_run as run\n  run.Partial(train\n  ```\n"
    assert told(tmp_path, page, "strict-documents = false") == []
    assert told(tmp_path, page, "strict-documents = true") == ["p.md:5:14: NRL001"]


def test_a_broken_example_that_those_before_it_would_complete(tmp_path: Path) -> None:
    page = "```python\nimport nemo_run as run\ndef f(x):\n    pass\n```\n\n```python\n    y = 1\n```\n"
    assert told(tmp_path, page, 'strict-documents = true\nexamples-see = "page"') == ["p.md:8:5: NRL001"]


MODULE = '''\
"""A module.

    >>> run.Partial(train, schedule=lambda s: 0.1)
"""
import nemo_run as run

def train(schedule):
    """Train é.

    Example::

        run.Partial(train, schedule=lambda s: 0.2)  # nemo-run-lint: ignore[NRL401] -- shows it

    ```python
    run.Partial(train, schedule=lambda s: 0.3)
    ```
    """

def other():
    """>>> run.Partial(train, schedule=lambda s: 0.4)"""  # nemo-run-lint: ignore[NRL401] -- outside
'''


def test_examples_in_docstrings(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text(MODULE, encoding="utf-8")
    assert check(tmp_path, "--output-format", "concise", "m.py").stdout == "All checks passed!\n"
    on = ("--output-format", "concise", "--config", "docstring-code = true", "m.py")
    assert check(tmp_path, *on).stdout.splitlines() == [
        "m.py:3:37: NRL401 error lambda-in-config: `schedule` of `train` is a lambda, which cannot be saved",
        "m.py:15:33: NRL401 error lambda-in-config: `schedule` of `train` is a lambda, which cannot be saved",
        "Found 2 errors in 1 file (2 suppressed).",
    ]


def test_fixes_in_docstrings(tmp_path: Path) -> None:
    text = 'import nemo_run as run\n\ndef f(steps):\n    """\n    >>> from m import f\n    >>> run.Partial(f, step=1)\n    """\n'
    (tmp_path / "m.py").write_text(text)
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--select", "NRL804", "--fix", "m.py"]
    subprocess.run([*command, "--config", "docstring-code = true"], cwd=tmp_path, check=True)
    assert (tmp_path / "m.py").read_text() == text.replace("step=", "steps=")
