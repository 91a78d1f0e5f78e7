"""The releases of NeMo Run, and which of them a version means that somebody wrote down.

A version without its last number means the newest release of that series: `0.8` is 0.8.1.
"""

from __future__ import annotations

import re

#: Oldest first. `.ci/api_data.py` records what each of them has.
RELEASES = ("0.3.0", "0.4.0", "0.5.0", "0.6.0", "0.7.0", "0.8.0", "0.8.1", "0.9.0", "0.10.0", "0.11.0", "0.11.1")

NEWEST = RELEASES[-1]

_VERSION = re.compile(r"\d+(\.\d+)*")


def release(text: str) -> str:
    """The release that `text` means. Raises ValueError, with a sentence for the user, where there is none."""
    meant = [each for each in RELEASES if f"{each}.".startswith(f"{text}.")]
    if not meant or not text:
        raise ValueError(f"`{text}` is no release of NeMo Run (known are {', '.join(RELEASES)})")
    return meant[-1]


def judged_as(text: str) -> str:
    """The release that stands for version `text`: of one that is newer than all, the newest. Raises as `release`."""
    return NEWEST if _VERSION.fullmatch(text) and _numbers(text) > _numbers(NEWEST) else release(text)


def in_order(releases: set[str]) -> tuple[str, ...]:
    """`releases`, oldest first."""
    return tuple(each for each in RELEASES if each in releases)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
