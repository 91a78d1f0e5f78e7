"""What a run of the command costs: `python cost.py [--site DIRECTORY] [--runs N]`.

Each measurement is a process of its own, each number the median of several: CPU time of it and its children, and the
most memory that one of them held. Cold is without anything that the linter remembered, warm the run after; the script
after it is another of the same kind, which imports the same modules. Printed as a Markdown table, beside it the ratio
to the same without the rules that ask signatures; times themselves say nothing across machines.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SITE = Path(".cache/corpus-site")

#: What is linted, below the site directory.
WORK = {
    "one script": ("scripts/performance/llm/pretrain_llama3_8b.py",),
    "NeMo": ("nemo", "scripts", "examples", "tests"),
}

#: What is linted after some of it.
NEXT = {"one script": ("scripts/performance/llm/pretrain_llama3_70b.py",)}

RUNS = ("cold", "warm", "another after it")

WITHOUT_SIGNATURES = ("--ignore", "NRL8")


@dataclass(frozen=True)
class Cost:
    """CPU seconds, and mebibytes."""

    cpu: float
    memory: float


def measured(arguments: Sequence[str], site: Path, remembered: Path) -> Cost:
    """What one run costs that keeps what it remembers in `remembered`."""
    command = [sys.executable, "-m", "nemo_run_lint", "check", "--no-respect-gitignore", "--python", str(site)]
    environment = {**os.environ, "XDG_CACHE_HOME": str(remembered)}
    process = subprocess.Popen([*command, *arguments], cwd=site, env=environment, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise subprocess.CalledProcessError(process.returncode, process.args)
    unit = 1 if sys.platform == "darwin" else 1024
    return Cost(usage.ru_utime + usage.ru_stime, usage.ru_maxrss * unit / 2**20)


def one_after_another(runs: Sequence[Sequence[str]], site: Path, times: int) -> list[Cost]:
    """What each of these runs costs, the median of several times; each remembers what those before it did."""
    measurements = []
    for _ in range(times):
        with tempfile.TemporaryDirectory() as remembered:
            measurements.append([measured(arguments, site, Path(remembered)) for arguments in runs])
    return [_median(each) for each in zip(*measurements, strict=True)]


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(statistics.median(cost.cpu for cost in costs), statistics.median(cost.memory for cost in costs))


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    site = arguments.site.resolve()
    print("| | CPU | to without | memory | to without |\n| --- | ---: | ---: | ---: | ---: |")
    for what, paths in WORK.items():
        runs = [paths, paths, *([NEXT[what]] if what in NEXT else [])]
        with_them = one_after_another(runs, site, arguments.runs)
        without = one_after_another([[*WITHOUT_SIGNATURES, *each] for each in runs], site, arguments.runs)
        for how, cost, bare in zip(RUNS, with_them, without, strict=False):
            cpu = f"{cost.cpu:.2f} s | {cost.cpu / bare.cpu:.2f}"
            print(f"| {what}, {how} | {cpu} | {cost.memory:.0f} MiB | {cost.memory / bare.memory:.2f} |")


if __name__ == "__main__":
    main()
