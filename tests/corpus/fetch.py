"""Download and unpack the released wheels that the linter is tried on: `python fetch.py [--site] DIRECTORY`.

Their code is only read: nothing of it is installed, imported or kept in this repository.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable
from pathlib import Path

WHEELS = ("nemo_toolkit==2.4.0", "megatron_bridge==0.3.1", "nemo_automodel==0.7.0")

#: NeMo 2.4.0 with what its configs name or inherit from, each as old as NeMo or as its metadata wants it. Without torch
#: and what needs a GPU, which are large and mostly compiled.
SITE = (
    "nemo_toolkit==2.4.0",
    "accelerate==1.8.1",
    "cloudpickle==3.1.1",
    "datasets==3.6.0",
    "diffusers==0.34.0",
    "einops==0.8.1",
    "fiddle==0.3.0",
    "huggingface_hub==0.33.4",
    "hydra-core==1.3.2",
    "lhotse==1.30.3",
    "lightning==2.4.0",
    "lightning-utilities==0.14.3",
    "megatron-core==0.13.1",
    "megatron-energon==5.2.0",
    "multi-storage-client==0.23.0",
    "nemo_run==0.11.1",
    "omegaconf==2.3.0",
    "peft==0.15.2",
    "pytorch-lightning==2.4.0",
    "safetensors==0.5.3",
    "torchmetrics==1.7.4",
    "torchx==0.7.0",
    "transformers==4.51.3",
    "typing_extensions==4.14.1",
    "webdataset==0.2.111",
)

#: Compiled parts are those of one machine, whichever this is: the corpus must be the same everywhere.
MACHINE = ("--python-version=3.11", "--platform=manylinux2014_x86_64", "--platform=manylinux_2_28_x86_64")


def download(wheels: Iterable[str], directory: Path) -> list[Path]:
    """The archives of `wheels` alone, without what they depend on."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary=:all:", *MACHINE]
    subprocess.run([*command, "--dest", str(directory), *wheels], check=True)
    return sorted(directory.glob("*.whl"))


def fetch(directory: Path) -> None:
    """Unpack every wheel into `directory/<name>`, those that are there already excepted."""
    for wheel in WHEELS:
        target = directory / wheel.split("==")[0]
        if not target.exists():
            unpack([wheel], target)


def unpack(wheels: Iterable[str], target: Path) -> None:
    """Unpack `wheels` over each other into `target`, as an installation would lay them; what was there goes."""
    with tempfile.TemporaryDirectory() as temporary:
        unpacked = Path(temporary) / "unpacked"
        for archive in download(wheels, Path(temporary)):
            zipfile.ZipFile(archive).extractall(unpacked)
        shutil.rmtree(target, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(unpacked, target)


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--site", directory]:
            unpack(SITE, Path(directory))
        case [directory]:
            fetch(Path(directory))
        case _:
            sys.exit(__doc__)
