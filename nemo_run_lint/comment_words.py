"""The words without which no comment of a file silences anything: most files are not read for comments at all."""

from __future__ import annotations

import re

_OURS = re.compile(r"nemo[-_]?run[-_]?lint", re.IGNORECASE)
_ANY = re.compile(rf"noqa|{_OURS.pattern}", re.IGNORECASE)


def may_suppress(text: str, noqa: bool = True) -> bool:
    """Whether there may be a suppression in `text`, or what was to be one; without `noqa`, one of our own."""
    return (_ANY if noqa else _OURS).search(text) is not None
