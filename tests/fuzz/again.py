"""`again.py FILE...`: which promises these files break; with `--reduce`, without the lines that do not matter for it."""

from __future__ import annotations

import argparse
import re
import sys
from pathlib import Path

from fuzz.invariants import BrokenPromiseError, Case, assert_all


def broken(case: Case) -> BrokenPromiseError | None:
    """The promise that a file breaks."""
    try:
        assert_all(case)
    except BrokenPromiseError as error:
        return error
    return None


def reduced(case: Case, what: str) -> Case:
    """The file without what does not matter for the promise `what`: lines first, then words and other characters."""
    for pattern in (rb"[^\r\n]*(?:\r\n?|\n)|[^\r\n]+\Z", rb"\w+|\s+|[^\w\s]"):
        parts = re.findall(pattern, case.data)
        size = len(parts)
        while size:
            place = 0
            while place < len(parts):
                fewer = parts[:place] + parts[place + size :]
                error = broken(case.with_data(b"".join(fewer)))
                if error is not None and error.what == what:
                    parts = fewer
                else:
                    place += size
            size //= 2
        case = case.with_data(b"".join(parts))
    return case


def main() -> int:
    """What is asked for; 1 if a promise is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--reduce", action="store_true", help="print a smaller file that breaks the same promise")
    given = parser.parse_args()
    failures = 0
    for file in given.files:
        case = Case(file.suffix, file.read_bytes())
        error = broken(case)
        failures += error is not None
        print(f"{file}: {error or 'all is well'}")
        if error is not None and given.reduce:
            sys.stdout.flush()
            sys.stdout.buffer.write(reduced(case, error.what).data + b"\n")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
