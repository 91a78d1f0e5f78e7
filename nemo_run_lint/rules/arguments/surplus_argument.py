import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.flow.words import fails
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.signatures.signature import Kind


class SurplusArgument(Rule):
    """More positional arguments than the configured function or class has places for raise TypeError.

    `run.Config(Model, 8, 16)` binds them to the signature of `Model` when the script runs (nemo_run 0.11.1: `TypeError:
    too many positional arguments`); keyword-only parameters, as of dataclasses with `kw_only=True`, have no place.

    Not reported where arguments come from a `*` that cannot be followed, where the target cannot be read, and in a
    `try` that expects TypeError. NeMo Run's own classes: see positional-field. The only keyword that is left is an
    unsafe fix.

    Bad:

        import nemo_run as run

        def train(model, *, steps=10): ...

        task = run.Partial(train, "tiny", 20)

    Good:

        import nemo_run as run

        def train(model, *, steps=10): ...

        task = run.Partial(train, "tiny", steps=20)
    """

    code = "NRL806"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "`{owner}` takes {most} by place, and is given {given}: this fails {when}"
    help = "name the arguments: it takes {names}"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem = misfit.problem
        if problem.wrong is Wrong.SURPLUS:
            places, given = map(int, problem.detail.split(", "))
            yield self.at(
                misfit.node,
                fix=_fix(misfit, given - places, file),
                severity=misfit.severity,
                notes=misfit.notes,
                fails=misfit.fails,
                owner=problem.owner,
                most="no argument" if not places else f"{places} argument{'s' * (places > 1)}",
                given=given,
                when=fails(misfit),
                names=", ".join(f"`{name}`" for name in problem.available[:8]) or "no arguments",
            )


def _fix(misfit: Misfit, surplus: int, file: File) -> NodeFix | None:
    """The name of the only parameter that takes no place, for the only argument that has none."""
    given = file.tree.parent(misfit.node)
    call, signature = file.tree.parent(given), misfit.problem.signature
    if signature is None or surplus != 1 or not misfit.is_here or not isinstance(call, cst.Call):
        return None
    if not isinstance(given, cst.Arg) or given.star or given.keyword is not None:
        return None
    named = {each.keyword.value for each in call.args if each.keyword is not None}
    free = [each.name for each in signature.parameters if each.kind is Kind.KEYWORD_ONLY and each.name not in named]
    if len(free) != 1:
        return None
    return NodeFix(f"write {free[0]}=", (NodeEdit(given, f"{free[0]}=", "before"),), safe=False)
