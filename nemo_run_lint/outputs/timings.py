"""`--timings`: where the time of a run went, as tables: milliseconds, and the share of the whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.timings import RULES, Timings

#: How many rules and files are named.
_NAMED = 10


def lines(timings: Timings, codes: Mapping[str, str]) -> Iterator[str]:
    """The tables, line by line, the slowest first; `codes` are those of the rules, by name."""
    rules = {f"{codes.get(name, '')} {name}".strip(): seconds for name, seconds in timings.rules.items()}
    yield f"The run took {_ms(timings.total)} ms, in one process that used nothing remembered.\n"
    yield from _table("step", timings.steps, timings.total, len(timings.steps))
    yield from _table("rule", rules, timings.total, _NAMED, "rules", timings.steps.get(RULES, 0.0))
    yield from _table("file", timings.files, timings.total, _NAMED, "files", sum(timings.files.values()))


def _table(
    title: str, seconds: Mapping[str, float], total: float, most: int, kind: str = "", whole: float = 0.0
) -> Iterator[str]:
    ordered = sorted(seconds.items(), key=lambda item: (-item[1], item[0]))
    named = ordered[:most]
    if not named:
        return
    if len(ordered) > most:
        named.append((f"{len(ordered) - most} more {kind}", max(whole - sum(each for _, each in named), 0.0)))
    width = max(len(_ms(each)) for _, each in named)
    width = max(width, len("ms"))
    yield f"\n{'ms':>{width}}   share  {title}\n"
    for name, each in named:
        share = 100 * each / total if total else 0.0
        yield f"{_ms(each):>{width}}  {share:4.1f} %  {escaped(name)}\n"


def _ms(seconds: float) -> str:
    return f"{1000 * seconds:,.1f}"
