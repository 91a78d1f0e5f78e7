"""A batch of files in a process of its own: `batch.py KIND SEED COUNT DIRECTORY`, a line of JSON about each file.

Each file is written to the directory before it is read, so that one that ends the process is known.
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from pathlib import Path

from fuzz.cases import KINDS
from fuzz.invariants import BrokenPromiseError, Case, assert_all
from hypothesis import HealthCheck, Phase, given, seed, settings

#: What a file is asked that takes long: some of it, by its bytes, so that more files have their turn.
ASKED = (2, 2, 2, 1, 4, 8, 8, 16)

#: A file that takes more seconds is kept, for whoever knows what others take.
NOTICED = 2.0


def told(case: Case) -> dict[str, object]:
    """What comes of one file: how long it takes for its size, and the promise that it breaks or its findings."""
    before = time.process_time()
    said: dict[str, object] = {}
    try:
        said["findings"] = assert_all(case, ASKED[zlib.crc32(case.data) % len(ASKED)])
    except BrokenPromiseError as broken:
        said |= {"broken": broken.what, "told": str(broken)}
    return {"size": len(case.data), "seconds": time.process_time() - before, **said}


def run(kind: str, number: int, count: int, directory: Path) -> None:
    """Go through `count` files of a kind; the same ones for the same `number`."""

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(KINDS[kind])
    def each(case: Case) -> None:
        file = directory / f"current{case.suffix}"
        file.write_bytes(case.data)
        said = told(case)
        if "broken" in said or float(str(said["seconds"])) > NOTICED:
            said["file"] = str(kept(case, directory, str(said.get("broken", f"slow {zlib.crc32(case.data)}"))))
        print(json.dumps(said), flush=True)
        file.unlink()

    each()


def kept(case: Case, directory: Path, what: str) -> Path:
    """Where the shortest file is that breaks this promise: this one, if it is."""
    words = "".join(each if each.isalnum() else "-" for each in what)[:60].strip("-")
    file = directory / f"{words}{case.suffix}"
    if not file.exists() or file.stat().st_size > len(case.data):
        file.write_bytes(case.data)
    return file


if __name__ == "__main__":
    run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
