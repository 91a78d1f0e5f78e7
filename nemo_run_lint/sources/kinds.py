"""What a file is, by its name: a module, a notebook, a page of documentation, a shell script."""

from __future__ import annotations

import os

#: How the name of a notebook ends.
NOTEBOOK = ".ipynb"

#: How the names of pages of documentation end: Markdown in its kinds, and reStructuredText.
MARKDOWN = (".md", ".markdown", ".mdx", ".qmd", ".myst")
RESTRUCTURED = (".rst",)

#: What an example of a page sees of those before it: their imports, nothing, or all that they do.
EXAMPLES = ("imports", "alone", "page")

MODULES = (".py", ".pyi")

#: How the names of shell scripts end, also of those that are handed to Slurm.
SHELL = (".sh", ".bash", ".slurm", ".sbatch")


def is_notebook(path: str) -> bool:
    """Whether a file of this name is a notebook."""
    return path.endswith(NOTEBOOK)


def is_document(path: str) -> bool:
    """Whether a file of this name is a page of documentation."""
    return os.path.splitext(path)[1].lower() in (*MARKDOWN, *RESTRUCTURED)


def is_shell(path: str) -> bool:
    """Whether a file of this name is a shell script."""
    return path.endswith(SHELL)


def is_script(path: str) -> bool:
    """Whether a file of this name can be started or imported."""
    return not is_notebook(path) and not is_document(path) and not is_shell(path)
