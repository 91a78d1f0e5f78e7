"""What is lost without a word: for every rule that fails silently, the one thing that shows it in its Bad and Good examples.

An example that has no printing of its own gets some lines behind it (`then`).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from rule_cases import with_import
from test_command_lines import COMMAND_LINES
from test_pages import BESIDE, RULES, examples

from nemo_run_lint.page import Kind
from nemo_run_lint.rule import Phase

if TYPE_CHECKING:
    from conftest import Outcome, RealNemoRun

Look = Callable[["Outcome"], object]

#: Runs the example's `train` as a command.
COMMAND = """

if __name__ == "__main__":
    run.cli.main(train)
"""

#: A command that takes a model, which factories of the example make.
MODEL_COMMAND = f"""

@run.cli.entrypoint
def train(model: Model):
    print(model.layers)
{COMMAND}"""

#: A command with an executor to choose on the command line.
LOCAL_COMMAND = f"""

@run.cli.factory
@run.autoconvert
def local() -> run.LocalExecutor:
    return run.LocalExecutor()
{COMMAND}"""


@dataclass(frozen=True)
class Sight:
    """What is looked at, what there is to see after a Bad example, and what after a Good one.

    then            is added to the examples
    arguments       are given to the script; to a Good one `good_arguments`, where they differ
    """

    look: Look
    bad: object
    good: object
    then: str = ""
    arguments: tuple[str, ...] = ()
    good_arguments: tuple[str, ...] | None = None


def states(outcome: Outcome) -> object:
    """The state of every job."""
    return outcome.states


def said(pattern: str) -> Look:
    """The first thing printed that matches `pattern`."""

    def look(outcome: Outcome) -> object:
        match = re.search(pattern, outcome.output, re.MULTILINE)
        return match[0].strip() if match else None

    return look


def times(line: str) -> Look:
    """How often a line was printed."""
    return lambda outcome: outcome.output.splitlines().count(line)


def exists(path: str) -> Look:
    """Whether there is something at `path`."""
    return lambda outcome: (outcome.directory / path).exists()


def holding(text: str) -> Look:
    """The files of the experiments that hold `text`."""

    def look(outcome: Outcome) -> object:
        files = (path for path in outcome.directory.glob("home/experiments/**/*") if path.is_file())
        return sorted(path.name for path in files if text in path.read_text(errors="replace"))

    return look


def directories(outcome: Outcome) -> object:
    """The directories of the tasks."""
    return sorted(path.name for path in outcome.directory.glob("home/experiments/*/*/*") if path.is_dir())


SUCCEEDED, FAILED = "SUCCEEDED", "FAILED"
HIDDEN_FAILURE = Sight(states, {"train-llama": SUCCEEDED}, {"train-llama": FAILED})
NOT_LAUNCHED = Sight(states, {}, {"train": SUCCEEDED})

SIGHTS = {
    # typing
    "implicit-optional": Sight(
        said(r"Invalid integer literal|^None$"),
        "Invalid integer literal",
        "None",
        then=COMMAND,
        arguments=("steps=None", "--yes"),
    ),
    "bare-generic": Sight(
        said(r"tuple index out of range|^\[1, 2\]$"),
        "tuple index out of range",
        "[1, 2]",
        then=COMMAND,
        arguments=("sizes=[1,2]", "--yes"),
    ),
    "cli-unparsable-type": Sight(
        said(r"Unsupported type: int \| None|^3 \[0\.9, 0\.95\]$"),
        "Unsupported type: int | None",
        "3 [0.9, 0.95]",
        then=COMMAND,
        arguments=("steps=3", "--yes"),
    ),
    "cli-path-with-executor": Sight(
        said("Unserializable value|reading /data"),
        "Unserializable value",
        "reading /data",
        then=LOCAL_COMMAND,
        arguments=("data=/data", "run.executor=local", "--yes"),
    ),
    # naming
    "name-characters": Sight(states, {"train/llama": "UNKNOWN"}, {"train-llama": SUCCEEDED}),
    "duplicate-task-name": Sight(directories, ["train"], ["train-0", "train-1"]),
    "cli-parameter-run-prefix": Sight(
        said(r"Run overwrites must start with|^small$"),
        "Run overwrites must start with",
        "small",
        arguments=("run_name=small", "--yes"),
        good_arguments=("name=small", "--yes"),
    ),
    # configuration
    "config-in-string": Sight(
        said("^.*/train$"), "<Config[Path(0='/data')]>/train", "/data/train", then="\nprint(task.root)\n"
    ),
    "change-after-add": Sight(said("^10+$"), "10", "1000"),
    "shared-config": Sight(said("^[12]0$"), "20", "10", then="\nprint(first.steps)\n"),
    "shared-list": Sight(said(r"^\[.*\]$"), "['timer', 'profiler']", "['timer']", then="\nprint(second.callbacks)\n"),
    "shallow-copy": Sight(said("^[48]$"), "8", "4", then="\nprint(small.model.hidden)\n"),
    "default-appended": Sight(said(r"^callbacks: .*"), "callbacks: []", "callbacks: ['log']"),
    "autoconvert-string-call": Sight(
        said("^.*-model$"), "<Config[user()]>-model", "ada-model", then="\nprint(model().name)\n"
    ),
    "autoconvert-statement-call": Sight(
        said(r"^\[.*\]$"), "['log']", "['log', 'timing']", then="\nprint(trainer().callbacks)\n"
    ),
    "autoconvert-helper": Sight(
        said("^(Config|Model)$"),
        "Config",
        "Model",
        then="\nimport fiddle\nprint(type(fiddle.build(trainer()).model).__name__)\n",
    ),
    "isinstance-of-config": Sight(said("^(8|16)$"), "8", "16", then="\nprint(model.hidden)\n"),
    "config-of-factory": Sight(said("^(Config|Model)$"), "Config", "Model", then="\nrun.run(task)\n"),
    # arguments
    "wrong-literal-type": Sight(said("^'?8'?$"), "'8'", "8", then="\nrun.run(task)\nprint(repr(task.devices))\n"),
    "swallowed-keyword": Sight(
        said(r"^0\.\d+$"), "0.001", "0.0003", then="\nrun.run(task)\nprint(task.learning_rate)\n"
    ),
    "broadcast-unknown-name": Sight(
        said("^10+$"), "100", "10", then="\nrun.run(recipe)\nprint(recipe.trainer.max_steps)\n"
    ),
    # errors
    "unconfigured-logging": Sight(said("INFO:.*:training"), None, "INFO:__external_main__:training"),
    "swallowed-exception": HIDDEN_FAILURE,
    "bare-except": Sight(states, {"read-data": SUCCEEDED}, {"read-data": FAILED}),
    "unlogged-exception": Sight(said("out of memory"), None, "out of memory"),
    "exit-zero": HIDDEN_FAILURE,
    "return-code": Sight(states, {"read-data": SUCCEEDED}, {"read-data": FAILED}),
    "async-task": Sight(said("^working$"), None, "working"),
    "generator-task": Sight(said("^0$"), None, "0"),
    "class-task": Sight(said("^training$"), None, "training"),
    # execution: experiments
    "experiment-never-run": NOT_LAUNCHED,
    "experiment-run-twice": Sight(
        states, {"train-1": SUCCEEDED, "train-2": "UNSUBMITTED"}, {"train-1": SUCCEEDED, "train-2": SUCCEEDED}
    ),
    "add-after-run": Sight(
        states, {"first": SUCCEEDED, "second": "UNSUBMITTED"}, {"first": SUCCEEDED, "second": SUCCEEDED}
    ),
    "run-not-called": NOT_LAUNCHED,
    "result-is-none": Sight(said(r"^(None|0\.9)$"), "None", "0.9"),
    "ignored-argument": Sight(said("^profiling$"), None, "profiling"),
    "detach-unsupported": Sight(said("Cannot detach from this"), "Cannot detach from this", None),
    "dependency-not-enforced": Sight(states, {"prepare": FAILED, "train": SUCCEEDED}, {"prepare-and-train": FAILED}),
    "empty-experiment": NOT_LAUNCHED,
    "bad-guard": Sight(said("^training$"), None, "training"),
    "file-path-in-launcher": Sight(said("^(True|False)$"), "False", "True"),
    "nemorun-home-after-import": Sight(
        said("^experiments$"), None, "experiments", then="\nprint(run.config.get_nemorun_home())\n"
    ),
    "unknown-job": Sight(said("Job trian not found"), "Job trian not found", None),
    "experiment-in-thread": Sight(said("^AssertionError: Using Experiment"), "AssertionError: Using Experiment", None),
    "module-level-effect": Sight(times("preparing"), 2, 1),
    # execution: the command line
    "cli-parameter-kind": Sight(
        said(r"Cannot access POSITIONAL_ONLY parameter|^3\.0$"),
        "Cannot access POSITIONAL_ONLY parameter",
        "3.0",
        then=COMMAND,
        arguments=("rate=3", "--yes"),
    ),
    "skip-confirmation-ignored": Sight(said("^training$"), None, "training"),
    "duplicate-registration": Sight(
        said("^(12|48)$"), "48", "12", then=MODEL_COMMAND, arguments=("model=base", "--yes")
    ),
    "factory-returns-object": Sight(
        said("has no attribute '__fn_or_cls__'|^3$"),
        "has no attribute '__fn_or_cls__'",
        "3",
        then=MODEL_COMMAND,
        arguments=("model=base", "model.layers=3", "--yes"),
    ),
    "entrypoint-type": Sight(
        said("Unknown entrypoint type|^sweeping$"),
        "Unknown entrypoint type",
        "sweeping",
        then=COMMAND.replace("train", "sweep"),
        arguments=("--yes",),
    ),
    "context-name": Sight(
        said("Unexpected error|^10$"),
        "Unexpected error",
        "10",
        then=COMMAND.replace("train", "sweep"),
        arguments=("--yes",),
    ),
    "cli-kwargs": Sight(
        said(r"^0\.1$|Unexpected error"), "0.1", "Unexpected error", then=COMMAND, arguments=("lrr=3", "--yes")
    ),
    # execution: executors
    "env-lower-case": Sight(said("^proxy:.*"), "proxy:", "proxy: http://proxy:3128"),
    "env-needs-quoting": Sight(said("^note:.*"), "note: first", "note: first try; see wiki"),
    "secret-literal": Sight(holding("8e2f0c1d9a7b4c55"), ["__main__.py", "hosts_executor.yaml"], []),
    "slurm-default-time": Sight(said(r"#SBATCH --time=\S+"), "#SBATCH --time=00:10:00", "#SBATCH --time=04:00:00"),
    "str-for-list": Sight(said(r"- - m p i = p m i x|--mpi=pmix"), "- - m p i = p m i x", "--mpi=pmix"),
    "exclusive-false": Sight(said(r"#SBATCH --exclusive\S*"), "#SBATCH --exclusive=False", None),
    "processes-without-launcher": Sight(times("started"), 1, 2),
    "assigned-field-overwritten": Sight(exists("jobs"), False, True),
    "executor-attribute-typo": Sight(said(r"#SBATCH --time=\S+"), "#SBATCH --time=00:10:00", "#SBATCH --time=04:00:00"),
    "local-executor-ignores": Sight(times("trying"), 1, 3),
    # execution: scripts
    "script-argument-ignored": Sight(said("^Hello.*"), "Hello", "Hello Ada"),
    "inline-without-set-e": Sight(states, {"script": SUCCEEDED}, {"script": FAILED}),
    "script-env-ignored": Sight(said("^10$"), None, "10"),
}


@pytest.mark.parametrize("name", SIGHTS)
def test_bad_examples_lose_what_good_ones_keep(name: str, nemo: RealNemoRun) -> None:
    sight, files = SIGHTS[name], BESIDE.get(name)
    for example in examples(RULES[name], Kind.BAD):
        outcome = nemo.run(with_import(example) + sight.then, files=files, arguments=sight.arguments)
        assert (outcome.raised, sight.look(outcome)) == ("", sight.bad), outcome.output
    arguments = sight.arguments if sight.good_arguments is None else sight.good_arguments
    for example in examples(RULES[name], Kind.GOOD):
        outcome = nemo.run(with_import(example) + sight.then, files=files, arguments=arguments)
        assert (outcome.raised, sight.look(outcome)) == ("", sight.good), outcome.output


def test_every_silent_rule_is_proven() -> None:
    silent = {name for name, rule in RULES.items() if rule.fails is Phase.SILENT}
    assert silent == {*SIGHTS, *(rule.name() for rule in COMMAND_LINES)}
