"""A place in a file, as a person writes it: `train.py:42`."""

from __future__ import annotations

from dataclasses import dataclass

from nemo_run_lint.finding import Finding
from nemo_run_lint.sources.discovery import DiscoveryError

#: No file has lines or columns with more digits, and Python reads no number with many more.
_LONGEST_NUMBER = 20


@dataclass(frozen=True)
class Place:
    """A line of a file, from 1, and perhaps a column of it; 0: any."""

    path: str
    line: int
    column: int = 0

    def meets(self, finding: Finding) -> bool:
        """Whether a finding covers it."""
        span = finding.span
        if not span.line <= self.line <= span.end_line:
            return False
        if not self.column or span.line < self.line < span.end_line:
            return True
        starts = self.line > span.line or self.column >= span.column
        end = max(span.end_column, span.column + 1) if span.line == span.end_line else span.end_column
        return starts and (self.line < span.end_line or self.column < end)


def place_of(written: str) -> Place:
    """`train.py:42` or `train.py:42:8` as a place. Raises DiscoveryError for what is none, or cannot be."""
    path, _, last = written.rpartition(":")
    before, _, number = path.rpartition(":")
    if before and _is_number(number) and _is_number(last):
        return Place(before, int(number), int(last))
    if not path or not _is_number(last):
        raise DiscoveryError(f"`{written}` is no place in a file; write it as FILE:LINE or FILE:LINE:COLUMN")
    return Place(path, int(last))


def _is_number(written: str) -> bool:
    return written.isascii() and written.isdigit() and len(written) < _LONGEST_NUMBER
