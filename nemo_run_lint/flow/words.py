"""How rules speak of problems: when they fail, what was meant, and the fix that follows from it."""

from __future__ import annotations

import libcst as cst

from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Problem, When, Wrong
from nemo_run_lint.rule import NodeEdit, NodeFix

#: How many names are listed.
_MOST_NAMES = 8


def fails(misfit: Misfit) -> str:
    """When it fails: "when it is configured"."""
    return misfit.problem.when.value


def instead(problem: Problem) -> str:
    """What was probably meant, or what there is."""
    if problem.detail == "method":
        return "what run.autoconvert makes inside is fiddle's own config, without the methods of run.Config"
    if problem.near:
        return f"did you mean `{problem.near}`?"
    names = problem.available
    listed = ", ".join(f"`{name}`" for name in names[:_MOST_NAMES])
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return f"available are {listed}{more}" if names else "it takes no arguments"


def renamed(misfit: Misfit) -> NodeFix | None:
    """The fix that writes the name that was meant; it does what was meant, but not what the program did so far.

    Only where the name stands at the node itself. Safe where the program fails as it is.
    """
    near, problem = misfit.problem.near, misfit.problem
    if near is None or not misfit.is_here or not isinstance(misfit.node, cst.Name):
        return None
    if misfit.node.value != problem.name:
        return None
    certain = problem.wrong is not Wrong.SWALLOWED and problem.when is not When.BUILT
    return NodeFix(f"write `{near}`", (NodeEdit(misfit.node, near),), safe=certain)


def is_own(problem: Problem) -> bool:
    """Whether the target is NeMo Run's own."""
    brought = problem.signature.place.distribution if problem.signature is not None else ""
    return brought.lower().replace("_", "-").startswith("nemo-run ")
