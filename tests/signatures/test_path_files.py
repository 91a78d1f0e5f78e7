"""What `.pth` files add: plain paths and the tables of editable installs; nothing in them is executed."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from nemo_run_lint.signatures.path_files import with_added
from nemo_run_lint.signatures.search_path import Editable, Listings


def read(site: Path, files: Mapping[str, str | bytes]) -> tuple[list[str], Editable]:
    for name, text in files.items():
        (site / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    directories, editable = with_added([str(site)], Listings())
    assert directories[0] == str(site)
    return directories[1:], editable


def test_lines_are_directories_relative_to_the_file_or_absolute(tmp_path: Path) -> None:
    site = tmp_path / "site"
    for name in ("site/below", "beside", "elsewhere"):
        (tmp_path / name).mkdir(parents=True)
    text = f"# a comment\n\nbelow\n../beside\n{tmp_path / 'elsewhere'}  \nmissing\n"
    directories, editable = read(site, {"b.pth": text, "a.pth": "\ufeff../beside\r\n", "c.txt": "below", ".d.pth": "."})
    expected = ["beside", "site/below", "beside", "elsewhere"]
    assert directories == [str(tmp_path / name) for name in expected]
    assert editable == Editable()


@pytest.mark.parametrize("start", ["import ", "import\t"])
def test_code_is_not_executed(tmp_path: Path, start: str) -> None:
    marker = tmp_path / "marker"
    code = f"{start}pathlib; pathlib.Path({str(marker)!r}).touch()"
    finder = f"import pathlib\nMAPPING = dict(a=pathlib.Path({str(marker)!r}).touch())\nNAMESPACES = {{}}\n"
    files = {"a.pth": code, "b.pth": "import __editable___x_finder", "__editable___x_finder.py": finder}
    assert read(tmp_path, files) == ([], Editable())
    assert not marker.exists()


def test_the_tables_of_an_editable_install_are_read(tmp_path: Path) -> None:
    line = "import __editable___nemo_run_0_1_finder; __editable___nemo_run_0_1_finder.install()"
    finder = (
        "MAPPING: dict[str, str] = {'nemo_run': '/src/nemo_run', 'bad': 1, 2: '/x'}\n"
        "NAMESPACES: dict[str, list[str]] = {'space': ['/src/space', 3], 'odd': 'text', 4: []}\n"
        "raise SystemExit\n"
    )
    files = {"__editable__.nemo_run.pth": line, "__editable___nemo_run_0_1_finder.py": finder}
    assert read(tmp_path, files) == ([], Editable({"nemo_run": "/src/nemo_run"}, {"space": ["/src/space"], "odd": []}))


def test_portions_of_one_namespace_come_from_several_editable_installs(tmp_path: Path) -> None:
    names = ("bridge", "core")
    files = {f"{name}.pth": f"import __editable___{name}_finder" for name in names}
    files |= {f"__editable___{name}_finder.py": f"NAMESPACES = {{'megatron': ['/{name}']}}" for name in names}
    assert read(tmp_path, files)[1].namespaces == {"megatron": ["/bridge", "/core"]}


def test_each_site_directory_is_followed_by_what_it_adds(tmp_path: Path) -> None:
    for site in ("a", "b"):
        (tmp_path / site / "below").mkdir(parents=True)
        (tmp_path / site / "paths.pth").write_text("below")
    places = [str(tmp_path / place) for place in ("a", "a/below", "b", "b/below")]
    assert with_added([places[0], places[2]], Listings())[0] == places


@pytest.mark.parametrize(
    "finder",
    [
        "MAPPING = ",
        "MAPPING = []",
        "MAPPING: dict",
        "MAPPING = {[]: 1}",
        "MAPPING = " + "(" * 5000,
        "a.b = 1",
        "\0",
        b"\xff",
    ],
)
def test_broken_tables_add_nothing(tmp_path: Path, finder: str | bytes) -> None:
    files = {"a.pth": "import __editable___x_finder", "__editable___x_finder.py": finder}
    assert read(tmp_path, files) == ([], Editable())


@pytest.mark.parametrize(
    "broken", [b"below\n\xff\xfe", b"below\n\0", b"below\n" + b"#" * (1 << 20)], ids=["undecodable", "binary", "huge"]
)
def test_a_broken_file_is_passed_over(tmp_path: Path, broken: bytes) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "other").mkdir()
    assert read(tmp_path, {"a.pth": broken, "b.pth": "other"}) == ([str(tmp_path / "other")], Editable())


def test_a_table_that_is_missing_adds_nothing(tmp_path: Path) -> None:
    assert read(tmp_path, {"a.pth": "import __editable___x_finder\n"}) == ([], Editable())
