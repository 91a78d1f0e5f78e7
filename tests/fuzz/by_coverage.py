"""`by_coverage.py READER [libFuzzer's options]`: a reader, driven by atheris, which looks for input that goes new ways.

atheris is in the dependency group `fuzz`; it is for CPython on Linux.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(
    include=["nemo_run_lint.sources", "nemo_run_lint.directives", "nemo_run_lint.suppressions"]
):
    from fuzz.readers import READERS


if __name__ == "__main__":
    atheris.Setup([sys.argv[0], *sys.argv[2:]], READERS[sys.argv[1]])
    atheris.Fuzz()
