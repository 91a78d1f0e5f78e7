"""Speed, in ratios: `python bench.py CORPUS [--only CASE] [--runs N] [--write RESULTS.md]`.

Run by an interpreter whose environment holds the linter as users install it, and those it is measured against; see the
Makefile. Prints a Markdown table, a line as soon as it is known. Ends with 0 whatever the numbers are.
"""

from __future__ import annotations

import argparse
import importlib
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from speed.machine import description
from speed.measuring import NotMeasuredError
from speed.report import heading, line, write
from speed.row import Row, Unmeasured
from speed.setting import Setting

#: In the order in which they are measured.
CASES = "parsing peers whole_tree memory one_file flake8 many_files processes editor growth".split()


def main() -> None:
    """Measure, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--only", action="append", choices=CASES, metavar="CASE", help=f"one of {', '.join(CASES)}")
    parser.add_argument("--runs", type=int, default=3, help="pairs of runs of what takes seconds (default: 3)")
    parser.add_argument("--write", type=Path, metavar="FILE", help="write the table to a file, if all is measured")
    arguments = parser.parse_args()
    if arguments.runs < 1:
        parser.error("--runs: at least one")
    if arguments.write and arguments.only:
        parser.error("--write: not with --only, since the table must be of one run")
    with tempfile.TemporaryDirectory(prefix="bench-") as scratch:
        setting = Setting(arguments.corpus.resolve(), Path(scratch).resolve(), arguments.runs)
        before = os.getloadavg()[0]
        print(heading(), flush=True)
        rows = []
        for name in arguments.only or CASES:
            for row in _measured(name, setting):
                print(line(row), flush=True)
                rows.append(row)
    if arguments.write:
        load = f"load of the machine {before:.1f} before, {os.getloadavg()[0]:.1f} after"
        write(rows, f"{description()}; {load}.", arguments.write)


def _measured(name: str, setting: Setting) -> Iterator[Row | Unmeasured]:
    """The rows of a case; if it cannot be measured, one that says why."""
    try:
        yield from importlib.import_module(f"speed.cases.{name}").measure(setting)
    except NotMeasuredError as reason:
        yield Unmeasured(name.replace("_", " "), str(reason))


if __name__ == "__main__":
    main()
