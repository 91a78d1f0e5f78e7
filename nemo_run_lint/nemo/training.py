"""Calls that train, told by their names, and those that nothing guards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fnmatch import fnmatchcase

import libcst as cst

from nemo_run_lint.nemo.job import attempts, is_job
from nemo_run_lint.nemo.work import is_work
from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import dotted

TRAINING = tuple(
    "train train_* run_train* start_train* launch_train* do_train* *_train training_loop fit fit_* run_fit pretrain "
    "pretrain_* *_pretrain pre_train finetune finetune_* *_finetune fine_tune fine_tune_* "
    "*_experiment_logic".split()
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
#: A decorator or a context manager that may handle errors.
_GUARD = re.compile(r"error|exception|catch|retry|retries|handle|guard|safe|record|suppress", re.IGNORECASE)


def is_training(file: File, call: cst.Call, patterns: Sequence[str] = TRAINING) -> bool:
    """Whether a call trains, by the name of what is called: `train(...)`, `trainer.fit(...)`; not `model.train()`."""
    written = dotted(call.func) or ""
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    name = call.func.attr.value if isinstance(call.func, cst.Attribute) else written
    if not any(fnmatchcase(written if "." in pattern else name, pattern) for pattern in patterns):
        return False
    if _NO_TRAINING.search(name):
        return False
    return owner is None or not (_is_mode(file, call, owner, name) or _PREPARING.search(_spoken_owner(file, owner)))


def guards_training(file: File, body: cst.BaseSuite) -> bool:
    """Whether a block trains."""
    return any(is_training(file, call) for call in file.tree.below(body, cst.Call, into_functions=False))


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
    for call in file.tree.below(function.body, cst.Call, into_functions=False):
        called = file.values.definition(call.func)
        if is_job(file, called) or _is_guarded(file, call):
            continue
        own = called if isinstance(called, cst.FunctionDef) and called is not function else None
        if is_training(file, call, patterns):
            if own is None or not _guards_something(file, own):
                yield call
        elif own is not None and steps and any(unguarded_training(file, own, patterns, steps - 1)):
            yield call


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
