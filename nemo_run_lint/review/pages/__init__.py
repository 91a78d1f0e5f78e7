"""A review told: each format is a module with a `render`, and its name in FORMATS."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterator
from typing import cast

from nemo_run_lint.review.evidence import Review
from nemo_run_lint.review.pages.links import Links

FORMATS = ("text", "json", "markdown", "html")

#: Yields the pieces of a page; `color`: whether a terminal reads that shows colours.
Renderer = Callable[[Review, Links, bool], Iterator[str]]


def renderer(name: str) -> Renderer:
    """The `render` of the format called `name`, one of FORMATS; only that format is imported."""
    return cast(Renderer, importlib.import_module(f"{__package__}.{name}").render)
