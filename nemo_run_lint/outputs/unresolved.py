"""The targets of configurations: of how many it is known what they accept, and why not of the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from nemo_run_lint.outputs.cells import escaped
from nemo_run_lint.target import Target

#: How many targets are named for each reason.
_EXAMPLES = 3


def lines(targets: Sequence[Target]) -> Iterator[str]:
    """The table, line by line, the most frequent reason first."""
    by_reason: dict[str, list[Target]] = {}
    for target in targets:
        by_reason.setdefault(target.reason, []).append(target)
    resolved = len(by_reason.pop("", ()))
    yield f"Targets of run.Config and run.Partial: {len(targets)}, resolved: {resolved}.\n"
    width = len(str(len(targets)))
    for reason, unresolved in sorted(by_reason.items(), key=lambda item: (-len(item[1]), item[0])):
        yield f"{len(unresolved):{width}}  {reason}\n"
        for target in unresolved[:_EXAMPLES]:
            yield f"{'':{width}}    {escaped(f'{target.path}:{target.line} {target.written}'.rstrip())}\n"
