"""Download and unpack the released wheels that the linter is tried on: `python fetch.py DIRECTORY`.

Their code is only read: nothing of it is installed, imported or kept in this repository.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

WHEELS = ("nemo_toolkit==2.4.0", "megatron_bridge==0.3.1", "nemo_automodel==0.7.0")


def fetch(directory: Path) -> None:
    """Unpack every wheel into `directory/<name>`, those that are there already excepted."""
    for wheel in WHEELS:
        target = directory / wheel.split("==")[0]
        if target.exists():
            continue
        with tempfile.TemporaryDirectory() as download:
            command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:"]
            subprocess.run([*command, "--dest", download, wheel], check=True)
            (archive,) = Path(download).glob("*.whl")
            unpacked = Path(download) / "unpacked"
            zipfile.ZipFile(archive).extractall(unpacked)
            directory.mkdir(parents=True, exist_ok=True)
            shutil.move(unpacked, target)


if __name__ == "__main__":
    fetch(Path(sys.argv[1]))
