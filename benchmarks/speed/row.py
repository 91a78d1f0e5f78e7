"""A line of the table: what was measured against what, what it came to, and whether that was the goal."""

from __future__ import annotations

from dataclasses import dataclass

from speed.measuring import Pairs


@dataclass(frozen=True)
class Goal:
    """A bound: at most `bound`, or with `at_least` no less. `unit`: what the numbers count; nothing for ratios."""

    bound: float
    unit: str = ""
    at_least: bool = False

    def is_reached(self, value: float) -> bool:
        """Whether a value keeps to it."""
        return value >= self.bound if self.at_least else value <= self.bound

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.shown(self.bound, short=True)}"

    def shown(self, value: float, short: bool = False) -> str:
        """A value in its unit."""
        if self.unit:
            return f"{value:.0f} {self.unit}"
        return f"{value:g}" if short else f"{value:.3f}" if abs(value - 1) < 0.1 else f"{value:.2f}"


@dataclass(frozen=True)
class Row:
    """One line.

    case     what was done
    against  what it is compared with
    goal     None where the number is only told
    note     what else has to be known to judge it
    """

    case: str
    against: str
    goal: Goal | None
    pairs: Pairs
    note: str = ""

    @property
    def verdict(self) -> str:
        """Whether the goal is reached."""
        if self.goal is None:
            return "-"
        return "reached" if self.goal.is_reached(self.pairs.median) else "**missed**"

    def cells(self) -> tuple[str, ...]:
        """What stands in the columns of the table."""
        shape = self.goal or Goal(0)
        lower, upper = (shape.shown(value) for value in self.pairs.spread)
        median = shape.shown(self.pairs.median)
        pairs = f"{len(self.pairs.values)} x {lower} - {upper}"
        return self.case, self.against, str(self.goal or "-"), median, pairs, self.verdict, self.note


@dataclass(frozen=True)
class Unmeasured:
    """A case that could not be measured, and why."""

    case: str
    why: str

    verdict = "not measured"

    def cells(self) -> tuple[str, ...]:
        """What stands in the columns of the table."""
        return self.case, "-", "-", "-", "-", self.verdict, self.why


HEADINGS = ("case", "against", "goal", "median", "pairs x quartiles", "", "")
