"""The index that is kept between edits, and when it is given up."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from nemo_run_lint.finding import Finding
from nemo_run_lint.language_server.documents import Document
from nemo_run_lint.language_server.linting import Linter
from nemo_run_lint.language_server.source import Source
from nemo_run_lint.language_server.text import Text
from nemo_run_lint.settings import SettingsError

LIBRARY = "def train(steps=1): ...\n"
EXPERIMENT = "import nemo_run as run\nfrom library import train\n\nrun.Partial(train, steps=2)\n"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text("[tool.nemo-run-lint]\n")
    (tmp_path / "library.py").write_text(LIBRARY)
    (tmp_path / "experiment.py").write_text(EXPERIMENT)
    return tmp_path


def source(project: Path, name: str, text: str) -> Source:
    path = project / name
    return Source.of_document(str(path), Document(path.as_uri(), 1, Text(text)))


def codes(findings: tuple[Finding, ...]) -> list[str]:
    return [finding.code for finding in findings]


def test_an_edit_keeps_the_index(project: Path) -> None:
    linter = Linter()
    one = source(project, "experiment.py", EXPERIMENT)
    other = source(project, "experiment.py", EXPERIMENT.replace("steps", "stpes"))
    assert codes(linter.findings(one)) == []
    index = linter.index(one)
    assert codes(linter.findings(other)) == ["NRL804"]
    assert linter.index(other) is index
    assert linter.findings(other) is linter.findings(other)


def test_what_is_typed_is_seen_by_others(project: Path) -> None:
    linter = Linter()
    experiment = source(project, "experiment.py", EXPERIMENT)
    library = source(project, "library.py", LIBRARY)
    typed = source(project, "library.py", "def train(step=1): ...\n")
    assert codes(linter.findings(experiment)) == []
    linter.findings(library)
    assert not linter.show(library, [experiment, library])
    epoch = linter.epoch
    assert linter.show(typed, [experiment, typed])
    assert linter.epoch > epoch
    assert codes(linter.findings(experiment)) == ["NRL804"]
    assert not linter.show(typed, [experiment, typed])
    linter.closed(typed.path)
    assert codes(linter.findings(experiment)) == []


def test_what_nobody_has_read_disturbs_nobody(project: Path) -> None:
    linter = Linter()
    experiment = source(project, "experiment.py", EXPERIMENT)
    linter.findings(experiment)
    index = linter.index(experiment)
    other = source(project, "other.py", "x = 1\n")
    linter.findings(other)
    assert not linter.show(source(project, "other.py", "x = 2\n"), [experiment])
    assert linter.index(experiment) is index


@pytest.mark.parametrize("name", ["pyproject.toml", "nemo-run-lint.toml"])
def test_settings_are_seen_to_change(project: Path, name: str) -> None:
    linter = Linter()
    wrong = source(project, "experiment.py", EXPERIMENT.replace("steps", "stpes"))
    assert codes(linter.findings(wrong)) == ["NRL804"]
    header = "[tool.nemo-run-lint]\n" if name == "pyproject.toml" else ""
    (project / name).write_text(f'{header}ignore = ["NRL804"]\n')
    assert codes(linter.findings(wrong)) == []


def test_settings_further_up_are_seen_to_change(project: Path) -> None:
    (project / "pyproject.toml").write_text('[tool.nemo-run-lint]\nextend = "shared.toml"\n')
    (project / "shared.toml").touch()
    below = project / "below"
    below.mkdir()
    linter = Linter()
    wrong = source(project, "below/experiment.py", EXPERIMENT.replace("steps=2", "steps=lambda: 1"))
    before = codes(linter.findings(wrong))
    assert "NRL401" in before
    (project / "shared.toml").write_text('ignore = ["NRL401"]\n')
    assert "NRL401" not in codes(linter.findings(wrong))


def test_broken_settings_are_said_until_they_are_mended(project: Path) -> None:
    linter = Linter()
    text = source(project, "experiment.py", EXPERIMENT)
    (project / "pyproject.toml").write_text("[tool.nemo-run-lint]\nprofil = 1\n")
    for _ in range(2):
        with pytest.raises(SettingsError, match="profil"):
            linter.findings(text)
    (project / "pyproject.toml").write_text("[tool.nemo-run-lint]\n")
    assert linter.findings(text) == ()


def test_other_settings_that_cannot_be_meant_change_nothing(project: Path) -> None:
    linter = Linter(['ignore = ["NRL804"]'])
    with pytest.raises(SettingsError):
        linter.configure(["nonsense = 1"], isolated=False)
    assert codes(linter.findings(source(project, "experiment.py", EXPERIMENT.replace("steps", "stpes")))) == []
    linter.configure([], isolated=True)
    assert codes(linter.findings(source(project, "experiment.py", EXPERIMENT.replace("steps", "stpes")))) == ["NRL804"]


def test_excluded_files_have_no_findings(project: Path) -> None:
    wrong = EXPERIMENT.replace("steps", "stpes")
    (project / "pyproject.toml").write_text('[tool.nemo-run-lint]\nexclude = ["legacy", "exp*.py"]\n')
    linter = Linter()
    assert linter.findings(source(project, "experiment.py", wrong)) == ()
    assert linter.findings(source(project, "legacy/other.py", wrong)) == ()
    assert codes(linter.findings(source(project, "other.py", wrong))) == ["NRL804"]


def test_what_git_ignores_is_linted_once_it_is_open(project: Path) -> None:
    (project / ".git").mkdir()
    (project / ".gitignore").write_text("scratch.py\n")
    wrong = EXPERIMENT.replace("steps", "stpes")
    assert codes(Linter().findings(source(project, "scratch.py", wrong))) == ["NRL804"]


def test_a_text_that_is_too_large(project: Path) -> None:
    (project / "pyproject.toml").write_text("[tool.nemo-run-lint]\nmaximum-file-size = 100\n")
    linter = Linter()
    assert codes(linter.findings(source(project, "experiment.py", EXPERIMENT + "#" * 100))) == ["NRL003"]
    assert linter.findings(source(project, "experiment.py", "#" * 200)) == ()


def test_files_of_a_workspace(project: Path) -> None:
    (project / "build").mkdir()
    (project / "build" / "made.py").write_text(EXPERIMENT)
    linter = Linter()
    assert sorted(map(os.path.basename, linter.files([str(project)]))) == ["experiment.py", "library.py"]
    (project / "experiment.py").write_text(EXPERIMENT.replace("steps", "stpes"))
    assert codes(linter.file(str(project / "experiment.py"))) == ["NRL804"]
    assert linter.file(str(project / "gone.py")) == ()


def test_nothing_that_is_typed_is_remembered_on_disk(project: Path) -> None:
    from nemo_run_lint.signatures.store import Store

    linter = Linter([f"cache-dir = '{project / 'cache'}'"])
    linter.findings(source(project, "experiment.py", EXPERIMENT))
    linter.close()
    store = Store(project / "cache")
    rows = store._rows("SELECT count(*) FROM entries WHERE ? = ''", "")
    before = rows[0][0]
    for number in range(5):
        linter.findings(source(project, "experiment.py", f"{EXPERIMENT}x = {number}\n"))
    linter.close()
    assert store._rows("SELECT count(*) FROM entries WHERE ? = ''", "")[0][0] == before


def test_a_notebook_whose_cell_is_broken(project: Path) -> None:
    cells = [
        Document("cell:1", 1, Text("import nemo_run as run\nfrom library import train")),
        Document("cell:2", 1, Text("x = 1\ny = (1,\n")),
        Document("cell:3", 1, Text("%time 1\nrun.Partial(train, stpes=2)")),
    ]
    found = Linter().findings(Source.of_cells(str(project / "n.ipynb"), cells))
    assert [(finding.code, finding.span.line) for finding in found] == [("NRL001", 4), ("NRL804", 7)]
    mended = Document("cell:2", 2, Text("x = 1\ny = (1,)\n"))
    found = Linter().findings(Source.of_cells(str(project / "n.ipynb"), [cells[0], mended, cells[2]]))
    assert codes(found) == ["NRL804"]
