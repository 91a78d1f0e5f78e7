"""How much the linter knows of real code: `python resolution.py [--site DIRECTORY] [--unresolved]`.

Of NeMo's files that import nemo_run, prints how many calls of `run.Config` and `run.Partial` name something whose
signature is known, and how many assignments below a config were checked, as Markdown tables; and why the rest was not.
With --unresolved also prints each of the rest.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from judge import Answers, Judge
from sites import Override, Source, Target, sources

from nemo_run_lint.signatures.signature import Signature, Unknown

SITE = Path(".cache/corpus-site")

#: The reason for a site that the linter says nothing of.
_NOT_SEEN = "not reached"


@dataclass(frozen=True)
class Answer:
    """What a site is, and why nothing is known of it; empty where it is."""

    site: str
    why: str


def answers_of(source: Source, known: Answers) -> tuple[list[Answer], list[Answer]]:
    """Those for the targets of `source`, and those for its overrides."""
    targets = [(target, _why_no_signature(known.targets.get(target.place))) for target in source.targets]
    overrides = [(override, _why_not_checked(known.overrides.get(override.place))) for override in source.overrides]
    return [_answer(source, *each) for each in targets], [_answer(source, *each) for each in overrides]


def _why_no_signature(known: tuple[Signature, ...] | Unknown | None) -> str:
    if isinstance(known, Unknown):
        return known.reason.value
    return _NOT_SEEN if known is None else ""


def _why_not_checked(checked: bool | None) -> str:
    return {None: _NOT_SEEN, False: "what is assigned to is not known", True: ""}[checked]


def _answer(source: Source, site: Target | Override, why: str) -> Answer:
    return Answer(f"{source.shown}:{site.place[0]} {site.text}", why)


def table(what: str, known: str, answers: Sequence[Answer]) -> str:
    """The share that is known, and the reasons for the rest with how many have them."""
    reasons = Counter(answer.why for answer in answers)
    good = reasons.pop("", 0)
    share = 100 * good / max(len(answers), 1)
    rows = [f"| {what}: {known} | {good} of {len(answers)} | {share:.1f} % |"]
    rows += [f"| {why} | {count} | |" for why, count in reasons.most_common()]
    return "\n".join(rows)


def main() -> None:
    """Ask, and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--site", type=Path, default=SITE)
    parser.add_argument("--unresolved", action="store_true")
    arguments = parser.parse_args()
    site = arguments.site.resolve()
    files = sources(site)
    pairs = [answers_of(*each) for each in Judge(site, site).answers(files).items()]
    targets, overrides = (list(chain.from_iterable(answers)) for answers in zip(*pairs, strict=True))
    print(f"{len(files)} files\n\n| | count | share |\n| --- | ---: | ---: |")
    print(table("targets of Config and Partial", "signature known", targets))
    print(table("overrides", "checked", overrides))
    if arguments.unresolved:
        print()
        for answer in targets + overrides:
            if answer.why:
                print(f"{answer.site}: {answer.why}")


if __name__ == "__main__":
    main()
