"""Tasks laid out in rows, each of which waits for those above it; no line runs behind a task.

What is alike is drawn once: tasks in a row, one after the other, are a column, and columns that wait for the same and
are waited for by the same stand in one frame. Two hundred trials between a preparation and a summary are one frame.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from nemo_run_lint.nemo.outline import TaskOutline

#: In units of the picture, which are pixels where it is shown in full.
GAP, ROW_GAP, PADDING, LINE_WIDTH, STEP = 12, 40, 8, 10, 24

#: How often the order of the rows is improved.
_SWEEPS = 4


@dataclass(frozen=True)
class Measures:
    """The size of a task, and how wide the picture may be."""

    width: int
    height: int
    widest: int


@dataclass(eq=False)
class Block:
    """Columns of tasks that wait for the same and are waited for by the same; without any, where a line passes.

    columns  each the places of tasks of which each waits for the one before
    across   how many columns stand side by side
    x, y     the upper left corner
    """

    columns: tuple[tuple[int, ...], ...]
    width: int
    height: int
    across: int = 1
    x: float = 0
    y: float = 0

    @property
    def middle(self) -> float:
        """Where its lines end."""
        return self.x + self.width / 2

    @property
    def is_framed(self) -> bool:
        """Whether a frame shows that its columns belong together."""
        return len(self.columns) > 1

    def places(self, measures: Measures) -> Iterator[tuple[int, float, float]]:
        """Each task with its upper left corner."""
        inset = PADDING if self.is_framed else 0
        for number, column in enumerate(self.columns):
            row, place = divmod(number, self.across)
            x = self.x + inset + place * (measures.width + GAP)
            y = self.y + inset + row * (_height(column, measures) + _gap(column))
            for step, task in enumerate(column):
                yield task, x, y + step * (measures.height + STEP)


@dataclass(frozen=True)
class Layout:
    """A picture: its size, its blocks, and its lines, each through the blocks that it goes by."""

    width: int
    height: int
    blocks: tuple[Block, ...]
    lines: tuple[tuple[Block, ...], ...]


def layout(tasks: Sequence[TaskOutline], measures: Measures) -> Layout:
    """Where each task stands, and the lines from what is waited for to what waits."""
    parts = [_Rows(tasks, part, measures).layout() for part in _parts(tasks, _blocks(tasks, measures))]
    width, height = _packed(parts, measures.widest)
    blocks = tuple(block for part in parts for block in part.blocks)
    return Layout(width, height, blocks, tuple(line for part in parts for line in part.lines))


# -- what is drawn as one --------------------------------------------------------------------------------------------


def _waiting(tasks: Sequence[TaskOutline]) -> list[set[int]]:
    """Of each task those that wait for it."""
    found: list[set[int]] = [set() for _ in tasks]
    for place, task in enumerate(tasks):
        for each in task.after:
            found[each].add(place)
    return found


def _columns(tasks: Sequence[TaskOutline]) -> list[tuple[int, ...]]:
    """Tasks that follow each other, and nothing else them."""
    waiting = _waiting(tasks)
    found: dict[int, list[int]] = {}
    last: dict[int, int] = {}
    for place, task in enumerate(tasks):
        after = set(task.after)
        only = next(iter(after)) if len(after) == 1 else None
        if only is not None and waiting[only] == {place}:
            first = last[only]
            found[first].append(place)
            last[place] = first
        else:
            found[place] = [place]
            last[place] = place
    return [tuple(each) for each in found.values()]


def _blocks(tasks: Sequence[TaskOutline], measures: Measures) -> list[Block]:
    """What is alike together; a column that has no like is taken apart, so that its tasks stand in their rows."""
    columns: list[tuple[int, ...]] = []
    for alike in _alike(tasks, _columns(tasks)):
        columns += alike if len(alike) > 1 else [(place,) for place in alike[0]]
    return [_block(tuple(each), measures) for each in _alike(tasks, columns)]


def _alike(tasks: Sequence[TaskOutline], columns: Sequence[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
    waiting = _waiting(tasks)
    found: dict[tuple[object, ...], list[tuple[int, ...]]] = {}
    for column in sorted(columns):
        key = frozenset(tasks[column[0]].after), frozenset(waiting[column[-1]]), len(column)
        found.setdefault(key, []).append(column)
    return list(found.values())


def _block(columns: tuple[tuple[int, ...], ...], measures: Measures) -> Block:
    frame = 2 * PADDING if len(columns) > 1 else 0
    most = max(1, (measures.widest - 2 * PADDING - frame + GAP) // (measures.width + GAP))
    across = min(len(columns), most)
    down = -(-len(columns) // across)
    gap = _gap(columns[0])
    height = down * (_height(columns[0], measures) + gap) - gap + frame
    return Block(columns, across * (measures.width + GAP) - GAP + frame, height, across)


def _gap(column: tuple[int, ...]) -> int:
    """How far apart columns stand below each other: further than the tasks of one."""
    return GAP if len(column) == 1 else STEP + GAP


def _height(column: tuple[int, ...], measures: Measures) -> int:
    return len(column) * (measures.height + STEP) - STEP


def _parts(tasks: Sequence[TaskOutline], blocks: Sequence[Block]) -> list[list[Block]]:
    """The blocks that lines join, in the order of their first tasks."""
    of_task = {task: block for block in blocks for column in block.columns for task in column}
    leader = {block: block for block in blocks}

    def found(block: Block) -> Block:
        while leader[block] is not block:
            leader[block] = leader[leader[block]]
            block = leader[block]
        return block

    for block in blocks:
        for each in tasks[block.columns[0][0]].after:
            leader[found(of_task[each])] = found(block)
    parts: dict[Block, list[Block]] = {}
    for block in blocks:
        parts.setdefault(found(block), []).append(block)
    return list(parts.values())


def _packed(parts: Sequence[Layout], widest: int) -> tuple[int, int]:
    """Move the parts beside and below each other; the size of all."""
    x = y = width = height = 0
    for part in parts:
        if x and x + part.width > widest:
            x, y = 0, height + ROW_GAP // 2
        for block in {*part.blocks, *(each for line in part.lines for each in line)}:
            block.x += x
            block.y += y
        x += part.width
        width, height = max(width, x), max(height, y + part.height)
    return width, height


# -- one part ----------------------------------------------------------------------------------------------------------


@dataclass
class _Rows:
    """Blocks that lines join."""

    tasks: Sequence[TaskOutline]
    blocks: Sequence[Block]
    measures: Measures
    rows: list[list[Block]] = field(default_factory=list)

    def layout(self) -> Layout:
        """Where they stand."""
        of_task = {task: block for block in self.blocks for column in block.columns for task in column}
        after = {
            block: list(dict.fromkeys(of_task[place] for place in self.tasks[block.columns[0][0]].after))
            for block in self.blocks
        }
        self.rows = [row for level in _levels(self.blocks, after) for row in self._wrapped(level)]
        row_of = {block: number for number, row in enumerate(self.rows) for block in row}
        lines = [self._line(above, below, row_of) for below in self.blocks for above in after[below]]
        near = _near(lines)
        for sweep in range(_SWEEPS):
            self._sort(near, downwards=sweep % 2 == 0)
        width = max(sum(block.width + GAP for block in row) - GAP for row in self.rows) + 2 * PADDING
        return Layout(int(width), int(self._place(width)), tuple(self.blocks), tuple(map(tuple, lines)))

    def _wrapped(self, level: Sequence[Block]) -> Iterator[list[Block]]:
        """A level in rows that are not too wide."""
        row: list[Block] = []
        width = 2 * PADDING
        for block in level:
            if row and width + block.width > self.measures.widest:
                yield row
                row, width = [], 2 * PADDING
            row.append(block)
            width += block.width + GAP
        yield row

    def _line(self, above: Block, below: Block, row_of: Mapping[Block, int]) -> list[Block]:
        """From one block to another, with a place in each row between."""
        between = range(row_of[above] + 1, row_of[below])
        passed = [Block((), LINE_WIDTH, 0) for _ in between]
        for number, block in zip(between, passed, strict=True):
            self.rows[number].append(block)
        return [above, *passed, below]

    def _sort(self, near: Mapping[Block, tuple[list[Block], list[Block]]], *, downwards: bool) -> None:
        """Bring each row into the order of what it is joined to in the row before."""
        rows = self.rows if downwards else self.rows[::-1]
        for before, row in itertools.pairwise(rows):
            place = {block: number / len(before) for number, block in enumerate(before)}
            wanted = {block: number / len(row) for number, block in enumerate(row)}
            for block in row:
                joined = [place[each] for each in near[block][0 if downwards else 1] if each in place]
                if joined:
                    wanted[block] = sum(joined) / len(joined)
            row.sort(key=wanted.__getitem__)

    def _place(self, width: float) -> float:
        """Give each block its corner; the height of all."""
        y: float = PADDING
        for row in self.rows:
            x = (width - sum(block.width + GAP for block in row) + GAP) / 2
            height = max(block.height for block in row)
            for block in row:
                block.x, block.y = x, y
                block.height = block.height or height  # where a line passes, it passes the whole row
                x += block.width + GAP
            y += height + ROW_GAP
        return y - ROW_GAP + PADDING


def _levels(blocks: Sequence[Block], after: Mapping[Block, Sequence[Block]]) -> list[list[Block]]:
    """The blocks by the longest way down to them."""
    level: dict[Block, int] = {}
    for block in sorted(blocks, key=lambda block: block.columns[0][0]):  # after all that it waits for
        level[block] = max((level[each] + 1 for each in after[block]), default=0)
    return [[block for block in blocks if level[block] == number] for number in range(max(level.values()) + 1)]


def _near(lines: Sequence[Sequence[Block]]) -> Mapping[Block, tuple[list[Block], list[Block]]]:
    """Of each block what it is joined to, above and below."""
    found: dict[Block, tuple[list[Block], list[Block]]] = _Joined()
    for line in lines:
        for above, below in itertools.pairwise(line):
            found[below][0].append(above)
            found[above][1].append(below)
    return found


class _Joined(dict[Block, tuple[list[Block], list[Block]]]):
    def __missing__(self, block: Block) -> tuple[list[Block], list[Block]]:
        self[block] = ([], [])
        return self[block]
