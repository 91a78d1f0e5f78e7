"""`make fuzz SECONDS=600`: files of all kinds through check, fix and outputs, in processes of their own, by chance.

What breaks a promise, ends a process, does not end, or takes far longer than others is written below .cache/fuzz, with
the command that shows it again.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fuzz.cases import KINDS
from fuzz.readers import READERS

HERE = Path(__file__).parent
DIRECTORY = HERE.parents[1] / ".cache" / "fuzz"

#: How many files a process goes through.
BATCH = 60

#: So long a batch may take, in seconds.
LONGEST = 600

#: So many times slower for its size than others is told, if it takes some seconds at all.
SLOW = 20

#: No file counts as smaller, in bytes: it takes a while to look at nothing.
SMALLEST = 500


@dataclass
class Campaign:
    """What has been seen so far: how often each mistake, and what each kind of file takes, in seconds per byte."""

    seconds: float
    seed: int
    mistakes: Counter[str] = field(default_factory=Counter)
    paces: dict[str, list[float]] = field(default_factory=dict)
    files: int = 0

    def run(self) -> None:
        """Go on until the time is over."""
        numbers = random.Random(self.seed)
        started = time.monotonic()
        turns = 0
        while time.monotonic() < started + self.seconds:
            left = started + self.seconds - time.monotonic()
            if turns % 4 == 3:
                self._by_coverage(numbers.choice(sorted(READERS)), min(left, 30))
            else:
                self._batch(numbers.choice(sorted(KINDS)), numbers.randrange(1 << 32), left, is_twice=turns % 8 == 0)
            turns += 1

    def _batch(self, kind: str, number: int, left: float, is_twice: bool) -> None:
        """A batch of files; `is_twice`: in two processes, whose sets and dicts are in another order."""
        count = BATCH if left > 60 else 10
        told = [[*self._files(kind, number, count, hash_seed)] for hash_seed in ((1, 2) if is_twice else (0,))]
        for one, other in zip(told[0], told[-1], strict=False):
            if "findings" in one and "findings" in other and one["findings"] != other["findings"]:
                command = f"batch.py {kind} {number} {count} {DIRECTORY}"
                self._tell("the same findings in every process", command)
                break

    def _files(self, kind: str, number: int, count: int, hash_seed: int) -> Iterator[dict[str, object]]:
        command = [sys.executable, str(HERE / "batch.py"), kind, str(number), str(count), str(DIRECTORY)]
        environment = {**os.environ, "PYTHONPATH": _path(), "PYTHONHASHSEED": str(hash_seed)}
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=LONGEST)
            output, code, errors = done.stdout, done.returncode, done.stderr
        except subprocess.TimeoutExpired as expired:
            output = expired.stdout.decode() if isinstance(expired.stdout, bytes) else expired.stdout or ""
            code, errors = -1, f"it took more than {LONGEST} seconds"
        for line in output.splitlines():
            said = json.loads(line)
            self._note(kind, said)
            yield said
        if code:
            self._died(code, errors, " ".join(command[1:]))

    def _note(self, kind: str, said: dict[str, object]) -> None:
        self.files += 1
        if "broken" in said:
            if not self.mistakes[str(said["broken"])]:
                print(said["told"])
            self._tell(str(said["broken"]), f"again.py {said['file']}")
        size, seconds = int(str(said["size"])), float(str(said["seconds"]))
        pace = seconds / max(size, SMALLEST)
        paces = self.paces.setdefault(kind, [])
        paces.append(pace)
        if "file" not in said or "broken" in said:
            return
        if len(paces) > BATCH and pace > SLOW * statistics.median(paces):
            self._tell(f"no file is slow: one of {size} bytes took {seconds:.1f} seconds", f"again.py {said['file']}")
        else:
            Path(str(said["file"])).unlink(missing_ok=True)

    def _died(self, code: int, errors: str, command: str) -> None:
        """Keep the file that ended a process."""
        last = errors.strip().splitlines()[-1:] or [""]
        for file in DIRECTORY.glob("current.*"):
            kept = file.with_name(f"crash-{time.time_ns()}{file.suffix}")
            shutil.move(file, kept)
            self._tell(f"no file ends the process: exit status {code}, {last[0]}", f"again.py {kept}")
            return
        self._tell(f"a batch ends well: exit status {code}, {last[0]}", command)

    def _by_coverage(self, reader: str, seconds: float) -> None:
        """A reader under atheris, which keeps what it has learned for the next time."""
        if importlib.util.find_spec("atheris") is None:
            return
        known = DIRECTORY / "known" / reader
        known.mkdir(parents=True, exist_ok=True)
        seeds = DIRECTORY / "seeds"
        command = [
            *(sys.executable, str(HERE / "by_coverage.py"), reader, str(known), str(seeds), "-max_len=4000"),
            *(f"-max_total_time={max(int(seconds), 1)}", f"-artifact_prefix={DIRECTORY}/{reader}-", "-timeout=20"),
        ]
        done = subprocess.run(command, env={**os.environ, "PYTHONPATH": _path()}, capture_output=True, text=True)
        if done.returncode:
            lines = [line for line in done.stderr.splitlines() if line.strip()]
            error = next((line for line in lines if "Error" in line), "".join(lines[-1:]))
            written = next((line.split()[-1] for line in lines if "Test unit written" in line), "")
            self._tell(f"{reader}: {error.strip()[:150]}", f"by_coverage.py {reader} {written}")

    def _tell(self, what: str, command: str) -> None:
        self.mistakes[what] += 1
        if self.mistakes[what] == 1:
            print(f"{what}\n    PYTHONPATH={_path()} {sys.executable} {HERE}/{command}\n", flush=True)


def _path() -> str:
    return os.pathsep.join(filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH", "")]))


def _seeds() -> None:
    """What atheris begins with."""
    from fuzz.containers import SEEDS
    from fuzz.examples import examples

    (DIRECTORY / "seeds").mkdir(parents=True, exist_ok=True)
    for number, text in enumerate([*SEEDS, *examples()[::25]]):
        (DIRECTORY / "seeds" / str(number)).write_text(text, encoding="utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """What is asked for; 1 if a mistake was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", type=int, default=random.randrange(1 << 32))
    given = parser.parse_args(arguments)
    _seeds()
    print(f"seed {given.seed}", flush=True)
    campaign = Campaign(given.seconds, given.seed)
    campaign.run()
    print(f"{campaign.files} files in {given.seconds:.0f} seconds, {len(campaign.mistakes)} mistakes")
    for what, times in campaign.mistakes.most_common():
        print(f"{times:6} {what}")
    return 1 if campaign.mistakes else 0


if __name__ == "__main__":
    sys.exit(main())
