"""The table, on the screen and in RESULTS.md."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from speed.row import HEADINGS, Row, Unmeasured

_HOW = """Ratios of CPU time, each the median of pairs of runs whose order
alternates, with the quartiles of the pairs; files and bytecode are cached by the machine. The files are those of
nemo_toolkit 2.4.0 that use NeMo Run, its whole tree, and made-up ones."""

#: What stands between these is written anew; the rest of the file is other measurements.
_BEGIN, _END = "<!-- written by make bench -->", "<!-- until here -->"


def line(row: Row | Unmeasured) -> str:
    """A row as a line of a Markdown table."""
    return f"| {' | '.join(row.cells())} |"


def heading() -> str:
    """The first two lines of the table."""
    return f"| {' | '.join(HEADINGS)} |\n| --- | --- | ---: | ---: | ---: | --- | --- |"


def write(rows: Sequence[Row | Unmeasured], circumstances: str, path: Path) -> None:
    """Put the table in its place in the file, which has other measurements as well."""
    reached = sum(row.verdict == "reached" for row in rows)
    missed = sum("missed" in row.verdict for row in rows)
    table = "\n".join([heading(), *map(line, rows)])
    summary = f"`make bench`: {reached} goals reached, {missed} missed. {_HOW}"
    part = f"{_BEGIN}\n{summary}\n\n{circumstances}\n\n{table}\n{_END}"
    whole = path.read_text(encoding="utf-8") if path.exists() else ""
    if _BEGIN in whole:
        before, _, rest = whole.partition(_BEGIN)
        whole = before + part + rest.partition(_END)[2]
    else:
        whole = f"{whole.rstrip()}\n\n# Speed\n\n{part}\n".lstrip()
    beside = path.with_name(f"{path.name}.new")
    beside.write_text(whole, encoding="utf-8")
    beside.replace(path)
