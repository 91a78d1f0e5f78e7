"""Where names come from that modules of the project hand on."""

from __future__ import annotations

from pathlib import Path

import pytest

from nemo_run_lint.signatures.environment import Environment
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.origins import Origins

FILES = {
    "pyproject.toml": "",
    "team/__init__.py": "",
    "team/tools.py": "import os.path\nimport nemo_run as run\nfrom pathlib import Path\nfrom .more import Posix as P\n_hidden = 1\n",
    "team/more.py": "from pathlib import PurePosixPath as Posix\ndef train(): ...\n",
    "team/guarded.py": "try:\n    from pathlib import Path\nexcept ImportError:\n    from os import PathLike as Path\n",
    "team/made.py": "from pathlib import Path\ndef __getattr__(name): ...\n",
    "team/listed.py": "from pathlib import Path, PurePath\n__all__ = ['PurePath']\n",
    "team/starry.py": "from .tools import *\n",
    "team/circle.py": "from .circle import Path\n",
    "team/experiment.py": "",
}


@pytest.fixture
def origins(tmp_path: Path) -> Origins:
    for name, text in FILES.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Origins(Index(Environment.of(tmp_path)), str(tmp_path / "team" / "experiment.py"))


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("team.tools.Path", "pathlib.Path"),
        (".tools.Path", "pathlib.Path"),
        ("team.tools.run.Partial", "nemo_run.Partial"),
        ("team.tools.os.path.join", "os.path.join"),
        (".tools.P", "pathlib.PurePosixPath"),
        (".more.train", ".more.train"),  # defined there
        ("pathlib.Path", "pathlib.Path"),
        (".guarded.Path", ".guarded.Path"),  # one of two
        (".made.Path", ".made.Path"),
        (".circle.Path", ".circle.Path"),
        (".nothing.Path", ".nothing.Path"),
        ("...outside.Path", "...outside.Path"),
        ("torch.nn.Module", "torch.nn.Module"),
    ],
)
def test_an_import_path(origins: Origins, written: str, origin: str) -> None:
    assert origins.of(written) == origin


@pytest.mark.parametrize(
    ("stars", "name", "origin"),
    [
        ([".tools"], "Path", "pathlib.Path"),
        ([".tools", ".more"], "train", "team.more.train"),
        ([".tools", ".more"], "Path", "pathlib.Path"),
        ([".tools"], "_hidden", None),
        ([".listed"], "Path", None),
        ([".listed"], "PurePath", "pathlib.PurePath"),
        ([".starry"], "Path", None),  # it may bring anything
        ([".tools", ".made"], "Path", None),
        ([".tools", "numpy"], "Path", None),
    ],
)
def test_a_name_of_star_imports(origins: Origins, stars: list[str], name: str, origin: str | None) -> None:
    assert origins.among(stars, name) == origin
