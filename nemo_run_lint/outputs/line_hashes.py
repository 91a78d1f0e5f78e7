"""What recognizes a line when those around it have moved.

GitHub's upload action works out the same and warns where it differs, so every detail is its: what is hashed are the 100
UTF-16 units from the beginning of a line on, without blanks and tabs, as a number to the base 37, modulo 2**64.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from itertools import accumulate

from nemo_run_lint.sources.python import TooLargeError, UndecodableError, UnreadableError, decode, read

_WINDOW, _BASE, _MASK = 100, 37, (1 << 64) - 1
_FIRST = pow(_BASE, _WINDOW, _MASK + 1)

#: No encoding has longer characters, nor a longer byte order mark.
_LONGEST = 4

#: What stands for the end of the file; behind it come zeros.
_END = "\uffff"

_NATIVE = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def line_hashes(text: str) -> list[str]:
    """For each line of `text` the hash in hexadecimal, a colon, and how many lines up to here have this hash.

    `text` begins with the byte order mark if the file does.
    """
    shortened = text.replace("\r\n", "\n").replace("\r", "\n").replace(" ", "").replace("\t", "")
    padded = shortened + _END + "\0" * _WINDOW
    units = memoryview(padded.encode(_NATIVE, "surrogatepass")).cast("H")
    before = list(accumulate(units, lambda value, unit: (value * _BASE + unit) & _MASK, initial=0))
    starts = [0, *(place + 1 for place, unit in enumerate(units) if unit == ord("\n"))]
    hashes = ((before[start + _WINDOW] - before[start] * _FIRST) & _MASK for start in starts)
    seen = Counter[int]()
    told = []
    for each in hashes:
        seen[each] += 1
        told.append(f"{each:x}:{seen[each]}")
    return told


def file_hashes(path: str, text: str | None) -> Sequence[str]:
    """The hashes of the lines of the file at `path`, whose source is `text`; none if that cannot be had.

    GitHub reads every file as UTF-8, whatever it says of its encoding. What was not read from there is hashed as it is.
    Of a notebook it reads the JSON, whose lines are not those of the cells.
    """
    if text is None or path.endswith(".ipynb"):
        return ()
    with suppress(UnreadableError, TooLargeError, UndecodableError):
        data = read(path, _LONGEST * (len(text) + 1))
        if decode(data).text == text:
            text = data.decode("utf-8", "replace")
    return line_hashes(text)
