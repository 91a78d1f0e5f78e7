"""The tasks of an experiment as SVG, drawn twice: for a wide page and for a narrow one; the style sheet shows one.

Colours are classes of that style sheet. Everything that a file says is escaped, and cut where it is too long; a tip
holds it in full.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from html import escape

from nemo_run_lint.nemo.outline import ExperimentOutline, TaskOutline
from nemo_run_lint.outputs.cells import escaped, laid_out
from nemo_run_lint.outputs.summary import counted
from nemo_run_lint.review.pages.layers import STEP, Block, Layout, Measures, layout

_WIDE = Measures(width=188, height=58, widest=1030)
_NARROW = Measures(width=138, height=58, widest=320)

#: Of the fixed-width letters of the two sizes that are written.
_NAME_WIDTH, _SMALL_WIDTH = 7.3, 6.7

_INSET = 12

#: How many executors have a colour of their own.
_STRIPES = 4


#: The address of a line; empty where there is none.
Link = Callable[[int], str]


def pictures(experiment: ExperimentOutline, ident: str, title: str, link: Link) -> Iterator[str]:
    """Both pictures of an experiment of that title. `ident` begins their ids."""
    for name, measures in (("wide", _WIDE), ("narrow", _NARROW)):
        found = layout(experiment.tasks, measures)
        own = f"{ident}-{name}"
        yield (
            f'<svg class="picture {name}" role="group" aria-labelledby="{own}-title {own}-text" width="{found.width}" '
            f'height="{found.height}" viewBox="0 0 {found.width} {found.height}" xmlns="http://www.w3.org/2000/svg">'
            f'<title id="{own}-title">{_plain(f"The tasks of {title}")}</title>'
            f'<desc id="{own}-text">{_plain(_described(experiment))}</desc>'
            f'<defs><marker id="{own}-arrow" class="arrow" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" '
            f'markerHeight="7" orient="auto"><path d="M0 0L8 4L0 8z"/></marker></defs>'
        )
        yield from _lines(found, measures, f"{own}-arrow")
        for block in found.blocks:
            yield from _block(block, experiment, measures, link)
            yield from _steps(block, measures, f"{own}-arrow")
        yield "</svg>\n"


def _described(experiment: ExperimentOutline) -> str:
    waiting = sum(bool(task.after) for task in experiment.tasks)
    waits = f"{counted(waiting, 'waits', 'wait')} for others" if waiting else "none waits for another"
    return f"{counted(len(experiment.tasks), 'task', 'tasks')}; {waits}. The table below says the same in words."


def _lines(found: Layout, measures: Measures, arrow: str) -> Iterator[str]:
    for line in found.lines:
        above, *passed, below = line
        x, y = above.middle, above.y + above.height
        steps = [f"M{x:.0f} {y:.0f}"]
        for block in (*passed, below):
            half = (y + block.y) / 2
            steps.append(f"C{x:.0f} {half:.0f} {block.middle:.0f} {half:.0f} {block.middle:.0f} {block.y:.0f}")
            x, y = block.middle, block.y
            if block is not below:
                y += block.height
                steps.append(f"V{y:.0f}")
        yield f'<path class="line" marker-end="url(#{arrow})" d="{"".join(steps)}"/>'


def _steps(block: Block, measures: Measures, arrow: str) -> Iterator[str]:
    """The lines inside of columns."""
    lasts = {column[-1] for column in block.columns}
    for task, x, y in block.places(measures):
        if task not in lasts:
            middle, start = x + measures.width / 2, y + measures.height
            yield f'<path class="line" marker-end="url(#{arrow})" d="M{middle:.0f} {start:.0f}V{start + STEP:.0f}"/>'


def _block(block: Block, experiment: ExperimentOutline, measures: Measures, link: Link) -> Iterator[str]:
    if block.is_framed:
        size = f'width="{block.width}" height="{block.height}"'
        yield f'<rect class="frame" x="{block.x:.0f}" y="{block.y:.0f}" {size} rx="10"/>'
    for place, x, y in block.places(measures):
        yield _task(experiment.tasks[place], experiment, (x, y), measures, link)


def _task(
    task: TaskOutline, experiment: ExperimentOutline, corner: tuple[float, float], measures: Measures, link: Link
) -> str:
    x, y = corner
    name = task.name or task.function or "?"
    lines = [f'<text class="name" x="{x + _INSET:.0f}" y="{y + 20:.0f}">{_cut(name, _NAME_WIDTH, measures)}</text>']
    for offset, kind, written in ((36, "runs", task.function), (50, "on", task.executor)):
        if written and not (kind == "runs" and not task.name):
            shown = _cut(written, _SMALL_WIDTH, measures)
            lines.append(f'<text class="{kind}" x="{x + _INSET:.0f}" y="{y + offset:.0f}">{shown}</text>')
    kinds = dict.fromkeys(each.executor for each in experiment.tasks)
    colour = f"on-{[*kinds].index(task.executor) % _STRIPES}"
    address = link(task.line)
    start, end = (f'<a href="{escape(address)}">', "</a>") if address else ("<g>", "</g>")
    size = f'width="{measures.width}" height="{measures.height}"'
    box = f'<rect class="task" x="{x:.0f}" y="{y:.0f}" {size} rx="6"/>'
    stripe = f'<rect class="{colour}" x="{x:.0f}" y="{y:.0f}" width="4" height="{measures.height}" rx="2"/>'
    return f"{start}<title>{_plain(told(task, experiment))}</title>{box}{stripe}{''.join(lines)}{end}"


def told(task: TaskOutline, experiment: ExperimentOutline) -> str:
    """A task in a sentence."""
    parts = [f"{task.name or 'without a name'}: runs {task.function or '?'}"]
    if task.executor:
        parts.append(f"on {task.executor}")
    if task.after:
        names = [experiment.tasks[place].name or experiment.tasks[place].function for place in task.after]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        parts.append(f"after {', '.join(names[:5])}{more}")
    return " ".join(parts)


def _plain(text: str) -> str:
    return escape(escaped(text))


def _cut(text: str, letter: float, measures: Measures) -> str:
    room = int((measures.width - 2 * _INSET) / letter)
    return escape(laid_out(escaped(text)).crop(0, room))
