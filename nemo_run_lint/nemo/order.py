"""What runs before what: the order of calls in one function, as far as the text decides it."""

from __future__ import annotations

import libcst as cst

from nemo_run_lint.project import File

FUNCTIONS = (cst.FunctionDef, cst.Lambda)
_COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
_LOOPS = (cst.For, cst.While)
_CHOICES = (cst.If, cst.IfExp, cst.Match, cst.Try, cst.TryStar, cst.BooleanOperation)
_LEAVES = (cst.Return, cst.Raise, cst.Break, cst.Continue)


def function_of(file: File, node: cst.CSTNode) -> cst.CSTNode | None:
    """The function or lambda in whose body a node stands; None at module level and in a class."""
    return file.tree.enclosing(node, *FUNCTIONS)


def surely_before(file: File, first: cst.CSTNode, second: cst.CSTNode, loops_run: bool = False) -> bool:
    """Whether `first` has always run when `second` runs: its block, or that of the `with` around it, holds `second`.

    `loops_run`: taking it that a `for` has something to go over.
    """
    if file.tree.order(first) >= file.tree.order(second) or function_of(file, first) is not function_of(file, second):
        return False
    child = first
    for above in file.tree.ancestors(first):
        if isinstance(above, cst.Module):
            return True
        if isinstance(above, FUNCTIONS):
            return True  # the same function, by its body
        if isinstance(above, cst.BaseSuite) and file.tree.inside(second, above):
            return True
        if _may_skip(above, child) and not (loops_run and isinstance(above, cst.For)):
            return False
        child = above
    return False


def _may_skip(above: cst.CSTNode, child: cst.CSTNode) -> bool:
    """Whether `above` may run without its part `child`."""
    if isinstance(above, (cst.If, cst.IfExp, cst.While)):
        return child is not above.test
    if isinstance(above, cst.For):
        return child is not above.iter
    if isinstance(above, cst.BooleanOperation):
        return child is not above.left
    return isinstance(above, (cst.Try, cst.TryStar, cst.ExceptHandler, cst.MatchCase, *_COMPREHENSIONS))


def round_and_round(file: File, node: cst.CSTNode, since: cst.CSTNode) -> cst.CSTNode | None:
    """The loop, begun after `since`, that runs `node` again and again; None when it may well run it only once."""
    child = node
    for above in file.tree.ancestors(node):
        if isinstance(above, _LOOPS) and child is above.body:
            return None if file.tree.inside(since, above) else above
        if isinstance(above, _COMPREHENSIONS) and isinstance(child, cst.BaseExpression):
            return None if file.tree.inside(since, above) else above
        if isinstance(above, (*FUNCTIONS, *_CHOICES, cst.ClassDef)):
            return None
        if isinstance(above, cst.BaseSuite) and _leaves(above):
            return None
        child = above
    return None


def _leaves(block: cst.BaseSuite) -> bool:
    """Whether a block leaves the loop it stands in."""
    return any(isinstance(each, cst.SimpleStatementLine) and isinstance(each.body[-1], _LEAVES) for each in block.body)
