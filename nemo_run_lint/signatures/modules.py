"""From a file on the search path to the summary of the module in it. What cannot be read is None, never an error."""

from __future__ import annotations

import gc
import sys
import warnings

from nemo_run_lint.signatures.files import read_source
from nemo_run_lint.signatures.search_path import Found
from nemo_run_lint.signatures.summary import ModuleSummary, summarise


def read_module(found: Found) -> ModuleSummary | None:
    """The summary of a module with a source or stub; None if that cannot be read or parsed."""
    text = read_source(found.path)
    return read_text(text) if text is not None else None


def read_text(text: str) -> ModuleSummary | None:
    """The summary of a source; None if it is not valid for the Python that runs this.

    Raises RecursionError where it depends on the calls around whether it can be parsed.
    """
    collects = gc.isenabled()
    gc.disable()  # a tree has no cycles to collect, and looking for them takes several times as long as parsing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return summarise(text)
    except RecursionError:
        if _is_deep():
            raise
        return None
    except (SyntaxError, ValueError, MemoryError):
        return None
    finally:
        if collects:
            gc.enable()


def _is_deep() -> bool:
    """Whether so many calls are open that a source may fail to parse for this alone."""
    try:
        sys._getframe(sys.getrecursionlimit() // 4)
    except ValueError:
        return False
    return True
