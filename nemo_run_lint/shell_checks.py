"""Command lines that start experiments: in shell scripts, pages and notebooks, each judged by what surrounds it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from nemo_run_lint.examination import Examination
from nemo_run_lint.finding import Finding, Severity
from nemo_run_lint.linter import Examined
from nemo_run_lint.result import Result
from nemo_run_lint.shell_lines import Shell, as_python, changes_directory, starting
from nemo_run_lint.sources.documents import shell_parts
from nemo_run_lint.sources.notebook import read_notebook
from nemo_run_lint.sources.shell_blocks import shell_in


def in_script(looking: Examination, text: str) -> Result:
    """Lint the command lines of a shell script."""
    shell = Shell.of_text(text)
    return looking.judged(as_python([shell]), Examined(tuple(_found(looking, [shell]))))


def in_page(looking: Examination, text: str) -> Iterator[Result]:
    """What is wrong with the command lines of a page: errors, for each block by what the page says of it."""
    blocks = [(part, Shell.of_block(part.block)) for part in shell_parts(looking.path, text)]
    shows_script = "cli.main(" in text
    found = _found(looking, [shell for _, shell in blocks], not shows_script)
    errors = [each for each in found if each.severity is Severity.ERROR]
    for part, _ in blocks:
        own = tuple(each for each in errors if each.span.line in part.lines)
        result = looking.judged(part.text, Examined(own))
        yield replace(result, findings=tuple(each for each in result.findings if each.severity is Severity.ERROR))


def in_cells(looking: Examination, text: str, data: bytes) -> tuple[str, Sequence[Finding]]:
    """The text of a notebook with its command lines, as far as comments speak of them, and what is wrong with these.

    text  the Python of its cells
    data  the notebook
    """
    notebook = read_notebook(data)
    pieces = [Shell.of_block(block, fills_braces=True) for block in shell_in(notebook)]
    found = _found(looking, pieces, not changes_directory(data.decode(errors="replace"))) if pieces else []
    return (as_python(pieces, text), found) if found else (text, ())


def _found(looking: Examination, pieces: Sequence[Shell], scripts: bool = True) -> list[Finding]:
    """What is wrong with the commands in these pieces; without `scripts`, only with those of the command `nemo`."""
    settings = looking.settings
    root = str(looking.surroundings.project(looking.path, settings).root)
    found: list[Finding] = []
    for each in starting(looking.path, pieces, root, settings.maximum_file_size, scripts):
        found += replace(looking, path=each.script).examined(each.key, how=each.examined).findings
    return found
