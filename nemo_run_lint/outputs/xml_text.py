"""Text in XML: ASCII alone, so that no encoding of standard output makes it another text.

XML 1.0 has no way to write most control characters, not even as references: they are spelt out as in a Python string.
"""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from nemo_run_lint.outputs.cells import escaped

HEAD = '<?xml version="1.0" encoding="utf-8"?>\n'


def text(content: str) -> str:
    """`content` between tags, on one line."""
    return _ascii(escape(escaped(content)))


def lines(contents: Iterator[str]) -> str:
    """Several lines between tags."""
    return "\n".join(map(text, contents))


def tag(name: str, /, **attributes: object) -> str:
    """`<name attribute="...">`, with the values as text on one line."""
    written = (f" {key}={quoteattr(escaped(str(value)))}" for key, value in attributes.items())
    return f"<{name}{_ascii(''.join(written))}>"


def closed(name: str, /, **attributes: object) -> str:
    """`<name attribute="..."/>`."""
    return f"{tag(name, **attributes)[:-1]}/>"


def _ascii(written: str) -> str:
    return written.encode("ascii", "xmlcharrefreplace").decode("ascii")
