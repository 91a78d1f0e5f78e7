"""Python's garbage collector, which looks again and again at what is being made and will stay."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """No garbage collection inside.

    Parsing makes millions of objects and no cycles, and the collector doubles its time; of the import of LibCST and the
    rules it takes a seventh.
    """
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
