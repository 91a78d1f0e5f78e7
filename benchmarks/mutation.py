"""How many seeded mistakes the linter sees: `python mutation.py [--seed N] [--count N] [--misses] [KIND...]`.

Each mistake is made in one of NeMo's files that import nemo_run, and counts as found when the file then has a finding
that it did not have before; a typo in an override also when another file has one, since its findings depend on this
one. Only sites count of which it is known what they configure; for `override` all do. Prints a Markdown table with a
row for each kind, how many sites did not count, and with --misses each mistake that was not found. Which sites are
drawn depends on which are known: two versions of the linter are not asked about the same mistakes.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

from judge import Judge, worst
from mutations import KINDS, Mutant
from sites import copied, sources

from nemo_run_lint.finding import Severity

SITE = Path(".cache/corpus-site")


class Trial:
    """A copy of NeMo that mistakes are made in, and the linter that is to see them."""

    def __init__(self, project: Path, site: Path, seed: int) -> None:
        self._files = sources(project)
        self._judge = Judge(project, site)
        self._seed = seed
        self._answers = self._judge.answers(self._files)
        self._unchanged = cache(self._judge.findings)

    def mutants(self, kind: str, count: int) -> tuple[list[Mutant], int]:
        """A sample of `count` mistakes of a kind, and how many sites of all files are not known."""
        rng = random.Random(f"{kind} {self._seed}")
        made = [mutant for source, known in self._answers.items() for mutant in KINDS[kind](source, known, rng)]
        pool = [mutant for mutant in made if mutant is not None]
        return rng.sample(pool, min(count, len(pool))), len(made) - len(pool)

    def found(self, mutant: Mutant, kind: str) -> Severity | None:
        """How severe the severest finding is that a mistake brings."""
        path = mutant.source.path
        severity = worst(self._unchanged(path, mutant.original), self._judge.findings(path, mutant.text))
        return self._found_elsewhere(mutant) if severity is None and kind.endswith("override") else severity

    def _found_elsewhere(self, mutant: Mutant) -> Severity | None:
        depending = [source for source, known in self._answers.items() if mutant.source.name in known.modules]
        before = {source: self._unchanged(source.path, source.text) for source in depending}
        with self._judge.changed(mutant.source.path, mutant.text):
            found = (worst(old, self._judge.findings(source.path, source.text)) for source, old in before.items())
            return next((severity for severity in found if severity is not None), None)


def row(kind: str, severities: Counter[Severity | None], unresolved: int) -> str:
    """One kind's line of the table."""
    count = severities.total()
    errors, warnings = severities[Severity.ERROR], severities[Severity.WARNING]
    shares = (100 * found / max(count, 1) for found in (errors, errors + warnings))
    return f"| {kind} | {count} | {' | '.join(f'{share:.1f} %' for share in shares)} | {unresolved} |"


def main() -> None:
    """Make the mistakes, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("kinds", nargs="*", metavar="KIND", help=", ".join(KINDS))
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--misses", action="store_true")
    arguments = parser.parse_args()
    site = arguments.site.resolve()
    misses = []
    print("| mistake | made | found as error | or as warning | sites not known |\n| --- | ---: | ---: | ---: | ---: |")
    with tempfile.TemporaryDirectory() as directory:
        trial = Trial(copied(site, Path(directory)), site, arguments.seed)
        for kind in arguments.kinds or KINDS:
            mutants, unresolved = trial.mutants(kind, arguments.count)
            severities = [trial.found(mutant, kind) for mutant in mutants]
            print(row(kind, Counter(severities), unresolved), flush=True)
            missed = (mutant for mutant, severity in zip(mutants, severities, strict=True) if severity is None)
            misses += [f"{kind}: {mutant.place} {mutant.what}" for mutant in missed]
    if arguments.misses:
        print("", *misses, sep="\n")


if __name__ == "__main__":
    main()
