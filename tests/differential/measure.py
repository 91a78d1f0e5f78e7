"""How well the linter agrees with the real nemo_run: `python tests/differential/measure.py [--by use] [--missed]`.

Prints, by what really goes wrong (or by the use, or by the kind of target), how many of the scripts that fail are
reported as an error, and how many more as a warning; then every script of which the linter says something false, or
where an error stands in the right line but names another argument or attribute than the real one; with
--missed every script of whose failure it says nothing, and with --warned those that work and get a warning. `--seed 12`
makes other scripts, `--each 10` ten targets of a kind, `--only WORDS` compares those whose label has the words.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from differential.comparison import compare, rows, table
from differential.scripts import SEED, TARGETS_OF_A_KIND, scripts

SORTS = {
    "failure": lambda each: each.failure.kind,
    "use": lambda each: each.script.use,
    "target": lambda each: each.script.target.kind,
}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--by", choices=SORTS, default="failure")
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--each", type=int, default=TARGETS_OF_A_KIND)
    parser.add_argument("--only", default="")
    parser.add_argument("--missed", action="store_true")
    parser.add_argument("--warned", action="store_true")
    options = parser.parse_args()
    made = [script for script in scripts(options.seed, options.each) if options.only in script.label]
    with tempfile.TemporaryDirectory() as directory:
        compared = compare(Path(directory), made)
    print(*table(rows(compared, SORTS[options.by])), sep="\n")
    show("false errors", [each.shown for each in compared if each.false])
    show("errors that blame something else", [each.shown for each in compared if each.blames_another])
    show("targets that cannot be defined", [each.shown for each in compared if not each.is_defined])
    if options.missed:
        show("missed", [each.shown for each in compared if each.failures and not each.found])
    if options.warned:
        show("warned, though it works", [each.shown for each in compared if each.findings and not each.failures])


def show(title: str, scripts: list[str]) -> None:
    """Print some of the scripts under a title."""
    print(f"\n{title}: {len(scripts)}", *scripts, sep="\n\n")


if __name__ == "__main__":
    main()
