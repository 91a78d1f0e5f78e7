"""From a file on the search path to the summary of the module in it. What cannot be read is None, never an error."""

from __future__ import annotations

from functools import partial

from nemo_run_lint.signatures.files import read_source
from nemo_run_lint.signatures.parsing import if_valid
from nemo_run_lint.signatures.search_path import Found
from nemo_run_lint.signatures.summarising import summarise
from nemo_run_lint.signatures.summary import ModuleSummary


def read_module(found: Found) -> ModuleSummary | None:
    """The summary of a module with a source or stub; None if that cannot be read or parsed."""
    text = read_source(found.path)
    return read_text(text) if text is not None else None


def read_text(text: str) -> ModuleSummary | None:
    """The summary of a source; None if it is not valid for the Python that runs this.

    Raises RecursionError where it depends on the calls around whether it can be parsed.
    """
    return if_valid(partial(summarise, text))
