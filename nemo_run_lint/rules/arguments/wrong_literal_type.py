import re

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.flow.misfits import Misfit
from nemo_run_lint.flow.problems import Wrong
from nemo_run_lint.flow.words import is_own
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.signatures.literals import Contradiction
from nemo_run_lint.syntax.values import text

_CONTAINER = re.compile(r"\b(list|tuple|set|dict|sequence|mapping|iterable)\b", re.IGNORECASE)


class WrongLiteralType(Rule):
    """A literal of another kind than the parameter's annotation is passed on as it is, and fails where it is used.

    run.Config and run.Partial check names and never types (executed with nemo_run 0.11.1): `devices="8"` reaches the
    trainer as text, on the node. Reported are contradictions that no conversion makes good: text for a number and a
    number for text, one value for a list, a list for a dict, a value that is not among those of a `Literal[...]`.

    Accepted are whole numbers for floats, booleans for whole numbers, lists, tuples and sets for each other, and None
    where the default is None. Not reported where a part of the annotation cannot be resolved, or is a class, an Enum, a
    Protocol or a type variable. For NeMo Run's own executors it is a warning: most of what they are given ends as text.

    The fix writes the same value as the annotation wants it, and is unsafe: the annotation may be wrong.

    Bad:

        import nemo_run as run

        def train(devices: int = 8): ...

        task = run.Partial(train, devices="8")

    Good:

        import nemo_run as run

        def train(devices: int = 8): ...

        task = run.Partial(train, devices=8)
    """

    code = "NRL810"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "`{name}` of `{owner}` is `{wanted}`, and is given {given}"
    help = "give what the annotation says; nothing converts it before the job uses it"

    def check(self, misfit: Misfit, file: File) -> Reports:
        problem, found = misfit.problem, misfit.problem.contradiction
        if problem.wrong is Wrong.LITERAL and found is not None and found.certain:
            own = is_own(problem)
            if own and _is_about_containers(found):
                return  # str-for-list and list-for-str tell what NeMo Run makes of these
            yield self.at(
                misfit.node,
                fix=_fix(misfit, found, file),
                severity=Severity.WARNING if own else None,
                notes=misfit.notes,
                owner=problem.owner,
                name=problem.name,
                wanted=found.wanted,
                given=found.given,
            )


def _is_about_containers(found: Contradiction) -> bool:
    return found.given in ("a list", "a tuple", "a set", "a dict") or _CONTAINER.search(found.wanted) is not None


def _fix(misfit: Misfit, found: Contradiction, file: File) -> NodeFix | None:
    """The number that a text holds, a number as text, one value as a list."""
    value = _value(misfit, file)
    if value is None or not misfit.is_here or getattr(value, "lpar", None):
        return None
    wanted = re.sub(r"^(?:typing\.)?Optional\[(.*)\]$|\s*\|\s*None$", r"\1", found.wanted)
    written, number = text(value), isinstance(value, (cst.Integer, cst.Float))
    better = None
    if written is not None and wanted in ("int", "float"):
        pattern = r"[-+]?\d+" if wanted == "int" else r"[-+]?\d+(?:\.\d*)?(?:e[-+]?\d+)?"
        better = written if re.fullmatch(pattern, written) else None
    elif number and wanted == "str":
        better = f'"{file.code(value)}"'
    elif (number or written is not None) and re.match(r"(?:typing\.)?list\b", wanted, re.IGNORECASE):
        better = f"[{file.code(value)}]"
    return NodeFix(f"write {better}", (NodeEdit(value, better),), safe=False) if better is not None else None


def _value(misfit: Misfit, file: File) -> cst.CSTNode | None:
    """The literal itself: of an attribute that is assigned, what it is assigned."""
    attribute = file.tree.parent(misfit.node)
    target = file.tree.parent(attribute)
    if isinstance(attribute, cst.Attribute) and isinstance(target, cst.AssignTarget):
        assign = file.tree.parent(target)
        return assign.value if isinstance(assign, cst.Assign) and len(assign.targets) == 1 else None
    return misfit.node if isinstance(attribute, cst.Arg) else None
