"""`--output-format jsonl`: an object for each finding, on a line of its own, with the keys that `json` gives it.

Nothing found is nothing written.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

from nemo_run_lint.outputs.format import Outcome
from nemo_run_lint.outputs.json import as_dict


def render(outcome: Outcome) -> Iterator[str]:
    """The lines."""
    for finding in outcome.findings:
        yield json.dumps(as_dict(finding)) + "\n"
