"""How a source is read that may not be valid, and should not be told about on the way."""

from __future__ import annotations

import ast
import gc
import sys
import warnings
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

Definition = ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef


def if_valid(read: Callable[[], T]) -> T | None:
    """What `read` makes of a source that it parses; None if that is not valid for the Python that runs this.

    Raises RecursionError where it depends on the calls around whether it can be parsed.
    """
    collects = gc.isenabled()
    gc.disable()  # a tree has no cycles to collect, and looking for them takes several times as long as parsing
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return read()
    except RecursionError:
        if _is_deep():
            raise
        return None
    except (SyntaxError, ValueError, MemoryError):
        return None
    finally:
        if collects:
            gc.enable()


def in_place(written: str, first: int) -> str:
    """A source in which the text of a definition stands alone, from the line `first` on as in the one it is from."""
    is_indented = written[:1].isspace()
    before = "\n" * (first - 1 - is_indented)
    return f"{before}if True:\n{written}" if is_indented else before + written  # dedenting would change strings


def only_definition(tree: ast.Module) -> Definition | None:
    """The definition in what `in_place` made; None if there is none, or more than that."""
    body = tree.body
    if len(body) == 1 and isinstance(body[0], ast.If):
        body = body[0].body
    return body[0] if len(body) == 1 and isinstance(body[0], Definition) else None


def _is_deep() -> bool:
    """Whether so many calls are open that a source may fail to parse for this alone."""
    try:
        sys._getframe(sys.getrecursionlimit() // 4)
    except ValueError:
        return False
    return True
