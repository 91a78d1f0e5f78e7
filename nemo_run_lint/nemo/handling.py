"""What the functions that run as jobs do about failure: their handlers, their exits, their training calls.

nemo_run's runner calls the function and nothing else: the job has failed when an exception or a status other than 0
leaves it. A handler is followed over its branches; what may raise after it (`if errors: raise`) makes it no offence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.executor import made_by
from nemo_run_lint.nemo.experiment import Submission
from nemo_run_lint.nemo.function import Function
from nemo_run_lint.nemo.task import Task
from nemo_run_lint.project import File
from nemo_run_lint.syntax.names import dotted
from nemo_run_lint.syntax.values import text

Attempt = cst.Try | cst.TryStar
AnyHandler = cst.ExceptHandler | cst.ExceptStarHandler

_LOOPS = (cst.For, cst.While)
_BROAD = frozenset({"Exception", "BaseException"})

#: What ends a program or a loop on purpose.
_ON_PURPOSE = frozenset({"KeyboardInterrupt", "SystemExit", "GeneratorExit", "StopIteration", "StopAsyncIteration"})

#: What is no failure of training, or leads to another way of doing it.
_NO_FAILURE = _ON_PURPOSE | {"ImportError", "ModuleNotFoundError"}

_EXITS = frozenset({"sys.exit", "os._exit", "os.abort", "os.kill", "os.killpg"})
_EXIT_WORDS = frozenset("raise reraise fail abort die exit quit panic terminate kill rethrow".split())

_LOG_WORDS = re.compile(
    r"(?:^|_)(log|logs|logged|logging|logger|print|pprint|rprint|warn|warning|error|exception|critical|fatal|info|debug|"
    r"alert|notify|report|echo|secho|capture|record|print_exc|print_exception|excepthook)(?:_|$)"
)

#: Calls that a job can do without: cleaning up, telling others. By the first word of what is called.
_OPTIONAL_WORDS = frozenset(
    "close shutdown cleanup clean clear empty remove unlink rmtree rmdir delete log finish notify send report "
    "destroy kill terminate flush print warn info debug gc collect synchronize alert stop disconnect "
    "register enable disable available get getenv".split()
)
_SMALL_BUILTINS = frozenset(
    "str repr format len int float bool type isinstance issubclass getattr hasattr setattr list dict tuple set range "
    "round sum min max sorted zip enumerate".split()
)
_TRACKERS = frozenset(
    "wandb mlflow comet_ml neptune clearml aim tensorboard requests slack_sdk smtplib urllib psutil gc".split()
)
_TRACKING = re.compile(r"wandb|mlflow|tensorboard|logging|logger|slack|email", re.IGNORECASE)


@dataclass(eq=False)
class Job(Function):
    """A function that is run as a job: a command, or what a run.Partial wraps for itself and not as an argument."""

    is_entrypoint: bool = False

    @classmethod
    def find(cls, file: File) -> Iterable[Job]:
        """Every entrypoint of a task, and every function that is wrapped to be run; no tests."""
        for entrypoint in file.all(Entrypoint):
            given = entrypoint.settings
            if given is not None and ("type" not in given or text(given["type"]) == "task"):
                yield cls(file, entrypoint.node, entrypoint.made, is_entrypoint=True)
        for task in file.all(Task):
            if any(_is_run(file, made) for made in task.made) and not task.name.startswith("test_"):
                yield cls(file, task.node, task.made)

    @property
    def what(self) -> str:
        """How to speak of it in a message."""
        return f"the {'entrypoint' if self.is_entrypoint else 'task'} `{self.name}`"

    @cached_property
    def attempts(self) -> Sequence[Attempt]:
        """The `try` statements of its own body."""
        return attempts(self.file, self.node)

    @cached_property
    def handlers(self) -> Sequence[Handler]:
        """The `except` clauses of its own body."""
        return [Handler(self, attempt, clause) for attempt in self.attempts for clause in attempt.handlers]

    @property
    def helpers(self) -> Iterator[Job]:
        """The functions of the file that it calls without looking at what they return, as parts of it."""
        jobs = {job.node for job in self.file.all(Job)}
        for call in self.file.tree.below(self.node.body, cst.Call, into_functions=False):
            called = self.file.values.definition(call.func)
            dropped = isinstance(self.file.tree.parents[call], (cst.Expr, cst.Return))
            if dropped and isinstance(called, cst.FunctionDef) and called not in jobs:
                yield Job(self.file, called, self.made, self.is_entrypoint)

    @property
    def is_submitted(self) -> bool:
        """Whether it is certainly what a job runs: an entrypoint, or handed to exp.add, run.run or run.Task here."""
        if self.is_entrypoint:
            return True
        handed = {source for each in self.file.all(Submission) for source in submitted(self.file, each)}
        return self.node in handed or any(made in handed for made in self.made)

    @property
    def is_plain(self) -> bool:
        """Whether no decorator but nemo_run's may replace it by something else."""
        decorators = [each.decorator for each in self.node.decorators]
        called = [each.func if isinstance(each, cst.Call) else each for each in decorators]
        return all((self.file.names.qualified(each) or "").split(".")[0] == "nemo_run" for each in called)


def _is_run(file: File, made: cst.CSTNode) -> bool:
    """Whether what a wrapper makes is a task, not a function that another task gets as an argument."""
    kinds: dict[cst.CSTNode, str] = {buildable.node: buildable.kind for buildable in file.all(Buildable)}
    if kinds.get(made) == "Config":
        return False
    for above in file.tree.ancestors(made):
        if above in kinds:
            return False
        if isinstance(above, cst.BaseStatement):
            break
    return True


def submitted(file: File, submission: Submission) -> Iterator[cst.CSTNode]:
    """What a submission hands over, or every task of a group; through variables and what helpers return."""
    stack: list[cst.CSTNode] = [submission.task] if submission.task is not None else []
    while stack:
        for source in made_by(file, stack.pop()):
            if isinstance(source, (cst.List, cst.Tuple)):
                stack += [element.value for element in source.elements]
            else:
                yield source


def attempts(file: File, function: cst.FunctionDef) -> list[Attempt]:
    """The `try` statements of a function's own body."""
    below, body = file.tree.below, function.body
    return [*below(body, cst.Try, into_functions=False), *below(body, cst.TryStar, into_functions=False)]


# -- handlers ------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class Handler:
    """An `except` of a job's function."""

    job: Job
    attempt: Attempt
    node: AnyHandler

    @classmethod
    def find(cls, file: File) -> Iterable[Handler]:
        """Every `except` in the functions that run as jobs."""
        for job in {job.node: job for job in file.all(Job)}.values():
            yield from job.handlers

    @property
    def shown(self) -> str:
        """How it is written: `except ValueError`."""
        caught = self.node.type
        return f"except {self.job.file.code(caught)}" if caught is not None else "except:"

    @cached_property
    def caught(self) -> list[str]:
        """The names of the exceptions it catches, without their modules; `BaseException` for a bare one."""
        if self.node.type is None:
            return ["BaseException"]
        return exceptions(self.job.file, self.node.type)

    @property
    def is_broad(self) -> bool:
        """Whether it catches whatever goes wrong."""
        return not _BROAD.isdisjoint(self.caught)

    @property
    def is_on_purpose(self) -> bool:
        """Whether it only catches what ends a program or a loop on purpose, or a missing module."""
        return set(self.caught) <= _NO_FAILURE

    @cached_property
    def ways(self) -> set[str]:
        """How it can end: `falls` out of its bottom, `raises`, `exits`, `exits-zero`, `returns`, `loops`."""
        return ways(self.job.file, self.node.body)

    @property
    def stops_the_job(self) -> bool:
        """Whether it raises or exits non-zero on some way, itself or in what comes after it."""
        return not self.ways.isdisjoint({"raises", "exits"}) or _raises_later(self)

    @property
    def tries_again(self) -> bool:
        """Whether it does the work in another way: trains itself, or calls again what the `try` called."""
        file, below = self.job.file, self.job.file.tree.below
        again = [call for call in below(self.node.body, cst.Call, into_functions=False) if _works(file, call)]
        tried = {dotted(call.func) for call in below(self.attempt.body, cst.Call, into_functions=False)} - {None}
        return any(dotted(call.func) in tried or is_training(file, call) for call in again)

    @property
    def guards_training(self) -> bool:
        """Whether what it guards trains."""
        return guards_training(self.job.file, self.attempt.body)

    @property
    def guards_work(self) -> bool:
        """Whether what it guards is more than an import, cleaning up or telling others."""
        return is_work(self.job.file, self.attempt.body) and not is_cleanup(self.job.file, self.attempt)

    @property
    def hides_failure(self) -> bool:
        """Whether the work of the job may fail in it, and the job ends well all the same."""
        file = self.job.file
        if self.is_broad:
            aside = is_for_one_item(file, self.attempt) or self.gives_default
            hides = self.guards_training or (self.guards_work and not aside)
        else:
            hides = self.guards_training and not self.is_on_purpose
        return hides and not self.stops_the_job and "exits-zero" not in self.ways and not self.tries_again

    @property
    def gives_default(self) -> bool:
        """Whether it gives another value to a variable that the `try` assigns: `version = None`."""
        tried, given = (self._assigned(block) for block in (self.attempt.body, self.node.body))
        return not tried.isdisjoint(given)

    def _assigned(self, block: cst.BaseSuite) -> set[str | None]:
        assigns = self.job.file.tree.below(block, cst.Assign, into_functions=False)
        return {dotted(target.target) for assign in assigns for target in assign.targets} - {None}

    @property
    def logs(self) -> bool:
        """Whether it tells anybody: a logger, print, warnings, traceback, a message for sys.exit."""
        calls = self.job.file.tree.below(self.node.body, cst.Call, into_functions=False)
        return any(is_log(call) or _exits_with_message(self.job.file, call) for call in calls)

    @property
    def hands_on(self) -> bool:
        """Whether the exception leaves it: raised again or as the cause of another one, or kept and raised later."""
        raised = list(self.job.file.tree.below(self.node.body, cst.Raise, into_functions=False))
        if any(each.cause is not None and self.job.file.names.is_builtin(each.cause.item, "None") for each in raised):
            return False
        return self.ways <= {"raises"} or (not raised and self.stops_the_job and "exits" not in self.ways)


def exceptions(file: File, node: cst.BaseExpression) -> list[str]:
    """The names of the exceptions of an `except` or a `suppress`, without their modules."""
    value = file.values.value(node)
    if isinstance(value, cst.Tuple):
        return [name for element in value.elements for name in exceptions(file, element.value)]
    return [(dotted(value) or "?").split(".")[-1]]


def _raises_later(handler: Handler) -> bool:
    """Whether behind the handler, or on the next round of its loop, an error may be raised after all."""
    file, tree, attempt = handler.job.file, handler.job.file.tree, handler.attempt
    goes_on = not handler.ways.isdisjoint({"falls", "loops"})
    loop = tree.enclosing(attempt, *_LOOPS, cst.FunctionDef)
    for node in _raising(file, handler.job.node):
        if any(tree.inside(node, part) for part in (attempt.body, handler.node, attempt.orelse) if part is not None):
            continue
        final = tree.enclosing(node, cst.Finally)
        closing = final is not None and tree.inside(attempt, tree.parents[final])
        again = isinstance(loop, _LOOPS) and tree.inside(node, loop)
        behind = tree.order(node) > tree.order(handler.node) and not file.names.excludes(attempt, node)
        clause = tree.enclosing(node, cst.ExceptHandler, cst.ExceptStarHandler)
        reached = clause is None or tree.inside(handler.node, clause)
        if reached and (closing or (goes_on and (again or behind))):
            return True
    return False


def _raising(file: File, function: cst.FunctionDef) -> Iterator[cst.CSTNode]:
    """What in a function may end it with an error."""
    yield from file.tree.below(function.body, cst.Raise, into_functions=False)
    yield from file.tree.below(function.body, cst.Assert, into_functions=False)
    calls = file.tree.below(function.body, cst.Call, into_functions=False)
    yield from (call for call in calls if _exit(file, call) == "exits")


def guards_training(file: File, body: cst.BaseSuite) -> bool:
    """Whether a block trains."""
    return any(is_training(file, call) for call in file.tree.below(body, cst.Call, into_functions=False))


def is_work(file: File, body: cst.BaseSuite) -> bool:
    """Whether a block does more than import, clean up and tell others."""
    if any(True for _ in file.tree.below(body, cst.Raise, into_functions=False)):
        return True
    return any(_works(file, call) for call in file.tree.below(body, cst.Call, into_functions=False))


def _works(file: File, call: cst.Call) -> bool:
    path = file.names.qualified(call.func) or dotted(call.func) or ""
    tracks = path.split(".")[0] in _TRACKERS or _TRACKING.search(path) is not None
    first = re.split(r"[._]", path.split(".")[-1])[0].lower() if path else ""
    optional = first in _OPTIONAL_WORDS or file.names.is_builtin(call.func, *_SMALL_BUILTINS)
    return not (tracks or optional or is_log(call))


def is_cleanup(file: File, attempt: cst.CSTNode) -> bool:
    """Whether an attempt stands in a handler or a `finally`."""
    above = file.tree.enclosing(attempt, cst.ExceptHandler, cst.ExceptStarHandler, cst.Finally, cst.FunctionDef)
    return above is not None and not isinstance(above, cst.FunctionDef)


def is_for_one_item(file: File, attempt: cst.CSTNode) -> bool:
    """Whether an attempt is made for one item of many, or one request after another."""
    loop = file.tree.enclosing(attempt, *_LOOPS, cst.FunctionDef)
    return isinstance(loop, _LOOPS) and not (isinstance(loop, cst.For) and _is_retry(file, loop))


def _is_retry(file: File, loop: cst.For) -> bool:
    """Whether a loop counts attempts rather than going through items."""
    counts = isinstance(loop.iter, cst.Call) and file.names.is_builtin(loop.iter.func, "range")
    named = isinstance(loop.target, cst.Name) and re.search(r"^_+$|attempt|retr|trial|tries", loop.target.value)
    return counts and bool(named)


# -- how a block ends ----------------------------------------------------------------------------------------


def ways(file: File, block: cst.CSTNode, steps: int = 3) -> set[str]:
    """How a block can end: `falls` out of its bottom, `raises`, `exits`, `exits-zero`, `returns`, `loops`."""
    found: set[str] = set()
    statements: Sequence[cst.CSTNode] = getattr(block, "body", ())
    for statement in statements:
        of_statement = _ways_of(file, statement, steps)
        found |= of_statement - {"falls"}
        if "falls" not in of_statement:
            return found
    return found | {"falls"}


def _ways_of(file: File, statement: cst.CSTNode, steps: int) -> set[str]:
    if isinstance(statement, cst.SimpleStatementLine):
        return ways(file, statement, steps)
    if isinstance(statement, cst.Raise):
        return {"exits-zero"} if _raises_zero(file, statement) else {"raises"}
    if isinstance(statement, cst.Return):
        inside = _exit(file, statement.value, steps) if isinstance(statement.value, cst.Call) else None
        return {inside or "returns"}
    if isinstance(statement, (cst.Break, cst.Continue)):
        return {"loops"}
    if isinstance(statement, cst.Expr):
        value = statement.value.expression if isinstance(statement.value, cst.Await) else statement.value
        return {(_exit(file, value, steps) if isinstance(value, cst.Call) else None) or "falls"}
    if isinstance(statement, cst.Assert):
        never = file.names.is_builtin(statement.test, "False")
        return {"raises"} if never else {"raises", "falls"}
    if isinstance(statement, (cst.If, *_LOOPS, cst.With, cst.Try, cst.TryStar, cst.Match)):
        return _ways_of_branches(file, statement, steps)
    return {"falls"}


def _ways_of_branches(file: File, statement: cst.CSTNode, steps: int) -> set[str]:
    if isinstance(statement, cst.With):
        return ways(file, statement.body, steps)
    if isinstance(statement, cst.If):
        other = statement.orelse
        below = (
            _ways_of(file, other, steps)
            if isinstance(other, cst.If)
            else ways(file, other.body, steps)
            if other
            else {"falls"}
        )
        return ways(file, statement.body, steps) | below
    if isinstance(statement, (cst.Try, cst.TryStar)):
        ends = ways(file, statement.finalbody.body, steps) if statement.finalbody else {"falls"}
        if "falls" not in ends:
            return ends
        parts = [statement.body, *(clause.body for clause in statement.handlers)]
        return set().union(ends - {"falls"}, *(ways(file, part, steps) for part in parts))
    if isinstance(statement, cst.Match):
        return {"falls"}.union(*(ways(file, case.body, steps) for case in statement.cases))
    return {"falls"} | ways(file, statement.body, steps) - {"loops"}  # type: ignore[attr-defined]


def _exit(file: File, call: cst.Call, steps: int = 3) -> str | None:
    """`exits` or `exits-zero` for a call that ends the program, `raises` for one that only raises, else None."""
    if file.names.qualified(call.func) in _EXITS or file.names.is_builtin(call.func, "exit", "quit"):
        return "exits-zero" if _is_zero(file, call.args) else "exits"
    called = file.values.definition(call.func)
    if isinstance(called, cst.FunctionDef):
        ends = ways(file, called.body, steps - 1) if steps else {"falls"}
        return "exits" if ends <= {"raises", "exits"} else None
    name = (dotted(call.func) or "").split(".")[-1]
    return "exits" if name.lower().split("_")[0] in _EXIT_WORDS and "log" not in name.lower() else None


def exits_zero(file: File, node: cst.CSTNode) -> bool:
    """Whether a statement or call ends the program with status 0: sys.exit(), exit(0), raise SystemExit."""
    if isinstance(node, cst.Raise):
        return _raises_zero(file, node)
    return isinstance(node, cst.Call) and _is_exit(file, node) and _is_zero(file, node.args)


def _is_exit(file: File, call: cst.Call) -> bool:
    path = file.names.qualified(call.func)
    return path in ("sys.exit", "os._exit") or file.names.is_builtin(call.func, "exit", "quit")


def _raises_zero(file: File, statement: cst.Raise) -> bool:
    raised = statement.exc
    if isinstance(raised, cst.Call):
        return file.names.is_builtin(raised.func, "SystemExit") and _is_zero(file, raised.args)
    return raised is not None and file.names.is_builtin(raised, "SystemExit")


def _exits_with_message(file: File, call: cst.Call) -> bool:
    """Whether it is sys.exit with something that may be text, which Python prints."""
    return _is_exit(file, call) and any(not isinstance(given.value, cst.Integer) for given in call.args)


def _is_zero(file: File, arguments: Sequence[cst.Arg]) -> bool:
    if not arguments:
        return True
    status = arguments[0].value
    zero = isinstance(status, cst.Integer) and status.evaluated_value == 0
    return not arguments[0].star and (zero or file.names.is_builtin(status, "None", "False"))


def is_log(call: cst.Call) -> bool:
    """Whether a call looks like telling somebody: `logger.error`, `print`, `traceback.print_exc`, `report_failure`."""
    name: cst.CSTNode = call.func
    last = name.attr.value if isinstance(name, cst.Attribute) else name.value if isinstance(name, cst.Name) else ""
    return _LOG_WORDS.search(last.lower()) is not None


# -- training ------------------------------------------------------------------------------------------------

TRAINING = tuple(
    "train train_* run_train* start_train* launch_train* do_train* *_train training_loop fit fit_* run_fit pretrain "
    "pretrain_* *_pretrain pre_train finetune finetune_* *_finetune fine_tune fine_tune_*".split()
)

#: Calls with such a name prepare for training: `train_test_split`, `train_loader`.
_NO_TRAINING = re.compile(
    r"(loader|loaders|dataset|datasets|data|ds|split|config|cfg|args|arguments|params|sampler|iter|iterator|path|dir|file|"
    r"size|steps|transform|transforms|tokenizer|tokens|name|mode|recipe|executor|command|cmd|script|state|metrics|samples|"
    r"collate|env|schedule|ckpt|checkpoint|model_config)$"
)
_TRAINER = re.compile(
    r"train|learner|runner|algo|pipeline|agent|estimator|engine|experiment|job|task|api|llm|recipe", re.I
)
_PREPARING = re.compile(
    r"scaler|encoder|vectorizer|tokenizer|pca|binarizer|imputer|transformer$|selector|discretizer", re.I
)


def is_training(file: File, call: cst.Call, patterns: Sequence[str] = TRAINING) -> bool:
    """Whether a call trains, by the name of what is called: `train(...)`, `trainer.fit(...)`; not `model.train()`."""
    from fnmatch import fnmatchcase

    written = dotted(call.func) or ""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    name = call.func.attr.value if isinstance(call.func, cst.Attribute) else written
    if not any(fnmatchcase(written if "." in pattern else name, pattern) for pattern in patterns):
        return False
    if _NO_TRAINING.search(name):
        return False
    return owner is None or not (_is_mode(file, call, owner, name) or _PREPARING.search(_spoken_owner(file, owner)))


def _is_mode(file: File, call: cst.Call, owner: cst.BaseExpression, name: str) -> bool:
    """Whether it is PyTorch's `model.train()`, which only switches a mode."""
    if name != "train" or file.names.qualified(owner) is not None:
        return False
    switches = [file.names.is_builtin(given.value, "True", "False") for given in call.args]
    if len(switches) > 1 or not all(switches) or isinstance(file.values.definition(call.func), cst.FunctionDef):
        return False
    return not _TRAINER.search(_spoken_owner(file, owner))


def _spoken_owner(file: File, owner: cst.BaseExpression) -> str:
    """The names by which the object of a method call goes: the variable, and the class that makes it."""
    value = file.values.value(owner)
    made = dotted(value.func) if isinstance(value, cst.Call) else None
    return f"{(dotted(owner) or '').split('.')[-1]} {made or ''}"


def unguarded_training(
    file: File, function: cst.FunctionDef, patterns: Sequence[str] = TRAINING, steps: int = 1
) -> Iterator[cst.Call]:
    """The calls of a function that train, themselves or in a helper of the file, and stand in no try/except."""
    if any(_GUARD.search(file.code(each.decorator)) for each in function.decorators):
        return
    jobs = {job.node for job in file.all(Job)}
    for call in file.tree.below(function.body, cst.Call, into_functions=False):
        called = file.values.definition(call.func)
        if called in jobs or _is_guarded(file, call):
            continue
        own = called if isinstance(called, cst.FunctionDef) and called is not function else None
        if is_training(file, call, patterns):
            if own is None or not _guards_something(file, own):
                yield call
        elif own is not None and steps and any(unguarded_training(file, own, patterns, steps - 1)):
            yield call


#: A decorator or a context manager that may handle errors.
_GUARD = re.compile(r"error|exception|catch|retry|retries|handle|guard|safe|record|suppress", re.IGNORECASE)


def _is_guarded(file: File, call: cst.Call) -> bool:
    """Whether a call stands in a `try` that has a handler, or in a `with` that may handle errors."""
    child: cst.CSTNode = call
    for above in file.tree.ancestors(call):
        if isinstance(above, (cst.FunctionDef, cst.Lambda)):
            return False
        if isinstance(above, (cst.Try, cst.TryStar)) and child is above.body and above.handlers:
            return True
        if isinstance(above, cst.With) and any(_GUARD.search(file.code(item.item)) for item in above.items):
            return True
        child = above
    return False


def _guards_something(file: File, function: cst.FunctionDef) -> bool:
    return any(attempt.handlers and is_work(file, attempt.body) for attempt in attempts(file, function))
