"""The eight rules as TorchFix has them: batchable visitors on one MetadataWrapper a file, the module not copied."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import MetadataWrapper, PositionProvider

from speed.eight_rules import EIGHT


class Visitor(cst.BatchableCSTVisitor):
    """A visitor that keeps what it reports."""

    def __init__(self) -> None:
        super().__init__()
        self.reported: list[tuple[int, int, str]] = []

    def report(self, node: cst.CSTNode, message: str) -> None:
        """Keep a finding, with its place."""
        start = self.get_metadata(PositionProvider, node).start
        self.reported.append((start.line, start.column, message))


_VISITORS: dict[str, type[Visitor]] = {
    name: type(logic.__name__, (logic, Visitor), {}) for name, logic in EIGHT.items()
}


def findings(path: str, text: str) -> list[tuple[str, int]]:
    """The rules' names and the lines of what they find."""
    visitors = {name: made() for name, made in _VISITORS.items()}
    MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True).visit_batched(visitors.values())
    return [(name, line) for name, visitor in visitors.items() for line, _, _ in visitor.reported]
