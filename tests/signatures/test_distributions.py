"""Which distribution brought a file, told from metadata as installers leave it."""

from __future__ import annotations

from pathlib import Path

import pytest

from nemo_run_lint.signatures.distributions import Distributions, normalised
from nemo_run_lint.signatures.search_path import Listings


def install(site: Path, name: str, version: str, *files: str, folder: str = "") -> Path:
    """A wheel of this name, as pip would leave it."""
    info = site / (folder or f"{name.replace('-', '_')}-{version}.dist-info")
    info.mkdir(parents=True)
    head = f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\nSummary: a: b\n"
    (info / "METADATA").write_text(f"{head}\nName: wrong\nVersion: 0\n")
    rows = [*(f"{file},sha256=x,1" for file in files), f"{info.name}/RECORD,,"]
    (info / "RECORD").write_text("".join(f"{row}\n" for row in rows))
    return info


def owner(site: Path, file: str) -> str | None:
    found = Distributions([str(site)], Listings()).owner(str(site), file)
    return found and f"{found.name} {found.version}"


def installed(name: str, *sites: Path) -> str | None:
    found = Distributions(map(str, sites), Listings()).installed(name)
    return found and found.version


def test_the_record_tells_who_brought_a_file(tmp_path: Path) -> None:
    install(tmp_path, "megatron-core", "0.13.1", "megatron/core/__init__.py", "../../../bin/x", '"odd,name.py"')
    install(tmp_path, "megatron-energon", "5.2.0", "megatron/energon/__init__.py", "megatron/energon/a.pyi")
    install(tmp_path, "PyYAML", "6.0", "yaml/__init__.py", "_yaml/__init__.py")
    install(tmp_path, "pillow", "11.0", "PIL/Image.py")
    assert owner(tmp_path, "megatron/core/__init__.py") == "megatron-core 0.13.1"
    assert owner(tmp_path, "megatron/energon/a.pyi") == "megatron-energon 5.2.0"
    assert owner(tmp_path, "_yaml/__init__.py") == "PyYAML 6.0"
    assert owner(tmp_path, "PIL/Image.py") == "pillow 11.0"
    assert owner(tmp_path, "megatron/core/other.py") is None
    assert owner(tmp_path, "mine.py") is None


def test_only_likely_records_are_read_for_one_file(tmp_path: Path) -> None:
    install(tmp_path, "PyYAML", "6.0", "yaml/__init__.py")
    other = install(tmp_path, "AardVark", "1.0", "other.py")
    (other / "RECORD").write_text("yaml/__init__.py,,\n")  # asked first, it would claim the file
    assert owner(tmp_path, "yaml/__init__.py") == "PyYAML 6.0"


@pytest.mark.parametrize("asked", ["nemo-run", "nemo_run", "NeMo.Run", " nemo--run "])
@pytest.mark.parametrize(
    "folder", ["nemo_run-0.11.1.dist-info", "NeMo_Run-0.11.1.dist-info", "nemo.run-0.11.1.dist-info"]
)
def test_names_are_compared_as_packaging_compares_them(tmp_path: Path, asked: str, folder: str) -> None:
    install(tmp_path, "nemo_run", "0.11.1", folder=folder)
    assert installed(asked, tmp_path) == "0.11.1"
    assert installed("nemo", tmp_path) is None
    assert normalised(asked) == "nemo-run"


def test_of_two_of_one_name_the_first_counts(tmp_path: Path) -> None:
    for site, version in [*(("a", f"{number}.0") for number in range(2, 11)), ("b", "1.0")]:
        install(tmp_path / site, "twice", version, "twice.py")
    assert installed("twice", tmp_path / "a", tmp_path / "b") == "10.0"
    assert installed("twice", tmp_path / "b", tmp_path / "a") == "1.0"
    assert owner(tmp_path / "a", "twice.py") == "twice 10.0"


def test_metadata_of_eggs_is_read(tmp_path: Path) -> None:
    for folder, text, top in [
        ("develop.egg-info", "Name: develop\nVersion: 1.0", "here\nthere"),
        ("a-2-py3.11.egg-info", "Version: 2", ""),
    ]:
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "PKG-INFO").write_text(text)
        (tmp_path / folder / "top_level.txt").write_text(top)
    (tmp_path / "dist_utils-3.0.egg-info").write_text("Metadata-Version: 1.1\nName: dist-utils\nVersion: 3.0\n")
    assert [installed(name, tmp_path) for name in ("develop", "a", "dist-utils")] == ["1.0", "2", "3.0"]
    assert [owner(tmp_path, file) for file in ("there/a/b.py", "here.py", "a/x.py", "dist_utils.py", "develop.py")] == [
        "develop 1.0", "develop 1.0", "a 2", "dist-utils 3.0", None,
    ]  # fmt: skip


def test_what_an_uninstallation_left_behind_is_not_installed(tmp_path: Path) -> None:
    (tmp_path / "left-1.0.dist-info").mkdir()
    (tmp_path / "left-1.0.dist-info" / "RECORD").write_text("left.py,,\n")
    install(tmp_path, "left", "2.0", "left.py")
    assert installed("left", tmp_path) == "2.0"
    assert owner(tmp_path, "left.py") == "left 2.0"


def test_broken_metadata_is_no_matter(tmp_path: Path) -> None:
    info = install(tmp_path, "odd", "1.0", "odd.py")
    (info / "RECORD").write_bytes(b'odd.py,\xff\n\0\n"')
    (tmp_path / "file.dist-info").write_bytes(b"\xff\0\xfe")
    (tmp_path / "-.dist-info").mkdir()
    assert owner(tmp_path, "odd.py") == "odd 1.0"
    assert installed("file", tmp_path) is None
    assert installed("", tmp_path / "missing", tmp_path) is None
