"""JSON that every reader takes: ASCII alone, and no half of a surrogate pair, which many refuse.

`json.py` keeps such halves, so that its paths can be opened again.
"""

from __future__ import annotations

import json
import re

_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def dumps(value: object) -> str:
    """`value` as JSON on one line, with U+FFFD for what is no character."""
    text = well_formed(json.dumps(value, ensure_ascii=False))
    return _BEYOND_ASCII.sub(lambda found: json.dumps(found[0])[1:-1], text)


def well_formed(text: str) -> str:
    """`text` with U+FFFD for what is no character: bytes of a file name that are no text."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
