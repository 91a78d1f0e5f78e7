"""Names that the code gives to tasks and experiments, and what of them can be read.

A name is followed to the literal that it comes from; of an f-string, a `%` or a `.format` only the literal parts are
known.
"""

from __future__ import annotations

import ast
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import libcst as cst

from nemo_run_lint.nemo.executor import executors_of
from nemo_run_lint.nemo.experiment import Experiment, Submission
from nemo_run_lint.project import File
from nemo_run_lint.syntax.values import text

#: A part of a name: literal text, or None for a hole that may hold anything.
Part = str | None

_PERCENT = re.compile(r"%(?:\(\w*\))?[-+ #0]*(?:\d+|\*)?(?:\.\d+)?[a-zA-Z]")
_REPEATS = (cst.For, cst.While, cst.ListComp, cst.SetComp, cst.GeneratorExp, cst.DictComp)
_CHOICES = (cst.If, cst.IfExp, cst.Match, cst.ExceptHandler)
_LEAVES = (cst.Return, cst.Raise, cst.Break, cst.Continue)


@dataclass(eq=False)
class GivenName:
    """A literal that names tasks or experiments.

    node    the literal, where it is written
    parts   its text in pieces; None for what is filled in when the program runs
    uses    the submissions and experiments that go by it
    """

    file: File
    node: cst.BaseExpression
    parts: tuple[Part, ...]
    uses: list[Submission | Experiment] = field(default_factory=list)

    @classmethod
    def find(cls, file: File) -> Iterable[GivenName]:
        """Every literal that is a task's name or an experiment's title, once."""
        found: dict[cst.CSTNode, GivenName] = {}
        for use, expression in _named(file):
            for source in file.values.sources(expression):
                parts = _parts(file, source)
                if parts is not None and any(part is not None for part in parts):
                    assert isinstance(source, cst.BaseExpression)
                    found.setdefault(source, cls(file, source, parts)).uses.append(use)
        return found.values()

    @property
    def is_task(self) -> bool:
        """Whether a task goes by it; otherwise only experiments do."""
        return any(isinstance(use, Submission) for use in self.uses)

    @property
    def what(self) -> str:
        """How to speak of it in a message."""
        return "the task name" if self.is_task else "the experiment title"

    @property
    def shown(self) -> str:
        """The name as a user would read it, with `{}` for what is not known."""
        return "".join("{}" if part is None else part for part in self.parts)

    @property
    def text(self) -> str | None:
        """The whole name, or None when a part of it is not known."""
        return self.shown if None not in self.parts else None

    @property
    def literals(self) -> list[str]:
        """The parts of it that are known."""
        return [part for part in self.parts if part is not None]

    @property
    def executors(self) -> set[str | None]:
        """The kinds of executor that what it names may be launched on; None for what cannot be told."""
        return {
            kind for use in self.uses for given in _executors(self.file, use) for kind in executors_of(self.file, given)
        }


def _named(file: File) -> Iterator[tuple[Submission | Experiment, cst.BaseExpression]]:
    for submission in file.all(Submission):
        if submission.name is not None:
            yield submission, submission.name
    for experiment in file.all(Experiment):
        if experiment.title is not None:
            yield experiment, experiment.title


def _executors(file: File, use: Submission | Experiment) -> Iterator[cst.BaseExpression | None]:
    if isinstance(use, Submission):
        yield use.executor
    else:
        yield from (each.executor for each in file.all(Submission) if each.experiment is use)


# -- the parts of a name -------------------------------------------------------------------------------------


def _parts(file: File, node: cst.CSTNode) -> tuple[Part, ...] | None:
    """The pieces of an expression that makes text; None when it does not show any."""
    known = text(node)
    if known is not None:
        return (known,)
    if isinstance(node, cst.FormattedString):
        return tuple(piece for part in node.parts for piece in _of_f_string(file, node, part))
    if isinstance(node, cst.ConcatenatedString):
        left, right = _parts(file, node.left), _parts(file, node.right)
        return left + right if left is not None and right is not None else None
    if isinstance(node, cst.BinaryOperation):
        return _of_operation(file, node)
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Attribute) and node.func.attr.value == "format":
        return _of_format(text(file.values.value(node.func.value)))
    return None


def _of_f_string(file: File, whole: cst.FormattedString, part: cst.BaseFormattedStringContent) -> tuple[Part, ...]:
    if isinstance(part, cst.FormattedStringExpression):
        plain = part.conversion is None and part.format_spec is None
        return _known(file, part.expression) if plain else (None,)
    assert isinstance(part, cst.FormattedStringText)
    written = part.value.replace("{{", "{").replace("}}", "}")
    if "\\" in written and "r" not in whole.prefix.lower():
        try:
            written = str(ast.literal_eval(whole.quote + written + whole.quote))
        except (ValueError, SyntaxError):
            return (None,)
    return (written,)


def _of_operation(file: File, node: cst.BinaryOperation) -> tuple[Part, ...] | None:
    if isinstance(node.operator, cst.Add):
        left, right = _known(file, node.left), _known(file, node.right)
        return left + right
    template = text(file.values.value(node.left)) if isinstance(node.operator, cst.Modulo) else None
    if template is None:
        return None
    pieces: list[Part] = []
    for piece in _PERCENT.split(template.replace("%%", "\0")):
        pieces += [piece.replace("\0", "%"), None]
    return tuple(pieces[:-1])


def _of_format(template: str | None) -> tuple[Part, ...] | None:
    if template is None:
        return None
    pieces: list[Part] = []
    try:
        for literal, hole, _, _ in string.Formatter().parse(template):
            pieces += [literal] if hole is None else [literal, None]
    except ValueError:
        return None
    return tuple(pieces)


def _known(file: File, node: cst.BaseExpression) -> tuple[Part, ...]:
    """The pieces of a part of a name, through a variable that has only one value."""
    parts = _parts(file, file.values.value(node))
    return parts if parts is not None else (None,)


# -- tasks of one experiment ---------------------------------------------------------------------------------


@dataclass(eq=False)
class TaskList:
    """The tasks of one experiment, in the order of the file.

    holder    where the experiment is made, or the list that the team guide's form hands to it
    """

    holder: cst.CSTNode
    tasks: list[Submission] = field(default_factory=list)

    @classmethod
    def find(cls, file: File) -> Iterable[TaskList]:
        """Every list of tasks that certainly belong to one experiment."""
        found: dict[cst.CSTNode, TaskList] = {}
        made = {experiment.call for experiment in file.all(Experiment)}
        for submission in sorted(file.all(Submission), key=lambda each: file.tree.order(each.node)):
            holder = _holder(submission, made)
            if holder is not None:
                found.setdefault(holder, cls(holder)).tasks.append(submission)
        return found.values()

    @property
    def named(self) -> Iterator[tuple[str, Submission, cst.BaseExpression]]:
        """The names that are certain, with their tasks, and the expressions that give them."""
        for submission in self.tasks:
            name = _certain_name(submission)
            if name and submission.name is not None:
                yield name, submission, submission.name


def _certain_name(submission: Submission) -> str | None:
    if submission.name is None:
        return None
    parts = _parts(submission.file, submission.file.values.value(submission.name))
    return "".join(part or "" for part in parts) if parts and None not in parts else None


def _holder(submission: Submission, made: set[cst.Call | None]) -> cst.CSTNode | None:
    if submission.experiment is not None:
        return submission.experiment.node
    if submission.how != "run.Task":
        return None
    tree = submission.file.tree
    around = next((above for above in tree.ancestors(submission.node) if above in made), None)
    return around or tree.enclosing(submission.node, cst.List) or tree.enclosing(submission.node, cst.ListComp)


def both_run(first: Submission, second: Submission) -> bool:
    """Whether two tasks, the first one written earlier, may be added in one run of the program."""
    file, tree = first.file, first.file.tree
    if file.names.excludes(first.node, second.node):
        return False
    for above in tree.ancestors(first.node):
        if tree.inside(second.node, above):
            stand_ins = above.handlers if isinstance(above, (cst.Try, cst.TryStar)) else ()
            apart = isinstance(above, cst.IfExp) or any(tree.inside(second.node, each) for each in stand_ins)
            return not apart
        if isinstance(above, cst.BaseSuite) and _leaves(above):
            return False
    return True


def repeated(submission: Submission, holder: cst.CSTNode) -> bool:
    """Whether a loop adds the task over and over to one experiment; not where a condition may add it once."""
    tree = submission.file.tree
    for above in tree.ancestors(submission.node):
        if isinstance(above, _REPEATS):
            anew = above is not holder and tree.inside(holder, above)
            return not anew and not _header(submission, above)
        if above is holder or isinstance(above, (cst.FunctionDef, *_CHOICES)):
            return False
        if isinstance(above, cst.BaseSuite) and _leaves(above):
            return False
    return False


def _header(submission: Submission, loop: cst.CSTNode) -> bool:
    """Whether the task stands in what a loop runs over, which is evaluated once."""
    over = loop.iter if isinstance(loop, cst.For) else None
    return over is not None and submission.file.tree.inside(submission.node, over)


def _leaves(block: cst.BaseSuite) -> bool:
    """Whether a block ends by leaving it: return, raise, break, continue."""
    last = block.body[-1] if block.body else None
    last = last.body[-1] if isinstance(last, cst.SimpleStatementLine) and last.body else last
    return isinstance(last, _LEAVES)
