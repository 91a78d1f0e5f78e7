"""Links that a terminal makes clickable: OSC 8, which terminals that do not know it leave out."""

from __future__ import annotations

from collections.abc import Mapping

#: Terminals that print what they do not know.
_LITERAL = frozenset({"", "dumb", "linux"})


def linked(text: str, name: str, links: bool) -> str:
    """`text`, in colours or not, as a link to the page of the rule called `name`; unchanged unless `links`."""
    if not links:
        return text
    from nemo_run_lint.page import url

    address = url(name)
    return f"\x1b]8;;{address}\x1b\\{text}\x1b]8;;\x1b\\" if address else text


def are_shown(environ: Mapping[str, str], is_terminal: bool) -> bool:
    """Whether what reads the output makes links of them; FORCE_HYPERLINK decides, `0` meaning no."""
    forced = environ.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    return is_terminal and environ.get("TERM", "") not in _LITERAL
