"""How much the linter costs beyond LibCST's parser, in ratios: `python parse_ratio.py CORPUS`.

CPU time of this process over the same files, each number the median of paired runs, the collector off for the bare
parse. Printed as a Markdown table; times themselves say nothing across machines.
"""

from __future__ import annotations

import gc
import platform
import re
import statistics
import sys
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import libcst

from nemo_run_lint.linter import lint
from nemo_run_lint.rule import Profile
from nemo_run_lint.selection import instances, selected

RUNS = 5


def cpu_seconds(work: Callable[[], object]) -> float:
    """The CPU time of this process that `work` takes, in seconds."""
    start = time.process_time()
    work()
    return time.process_time() - start


def bare_parse(files: dict[str, str]) -> None:
    """What no linter on LibCST can do without."""
    gc.disable()
    for text in files.values():
        libcst.parse_module(text)
    gc.enable()


def main(corpus: Path) -> None:
    """Measure, and print the table."""
    texts = {str(path): path.read_text(encoding="utf-8") for path in sorted(corpus.rglob("*.py"))}
    files = {path: text for path, text in texts.items() if re.search(r"\bnemo_run\b", text)}
    rules = {profile: instances(selected(profile), {}) for profile in Profile}
    ratios: dict[Profile, list[float]] = {profile: [] for profile in Profile}
    for _ in range(RUNS):
        bare = cpu_seconds(lambda: bare_parse(files))
        for profile in Profile:
            spent = cpu_seconds(lambda: [lint(path, text, rules[profile]) for path, text in files.items()])  # noqa: B023
            ratios[profile].append(spent / bare)
    lines = sum(text.count("\n") for text in files.values())
    libcst_version = version("libcst")
    print(f"{len(files)} files, {lines} lines; Python {platform.python_version()}, libcst {libcst_version}\n")
    print("| cold, one process, every rule of | CPU time to a bare `libcst.parse_module` |\n| --- | --- |")
    for profile in Profile:
        print(f"| `{profile.value}` ({len(rules[profile])} rules) | {statistics.median(ratios[profile]):.2f} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
