"""What name-characters says of each character: a task called so, with one executor and then the other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from conftest import Outcome, RealNemoRun

SLURM = 'run.SlurmExecutor(account="team", packager=run.Packager())'
LOCAL = "run.LocalExecutor()"


def launched(nemo: RealNemoRun, executor: str, name: str) -> Outcome:
    """What happens to a task of the name."""
    return nemo.run(f"""
import nemo_run as run

with run.Experiment("llama-pretraining", executor={executor}) as exp:
    exp.add(run.Script(inline="hostname"), name={name!r})
    exp.run()
""")


@pytest.mark.parametrize("name", ["train llama", "train'llama", "train$llama", "train(llama)"])
def test_slurm_commands_break(name: str, nemo: RealNemoRun) -> None:
    assert "UnexpectedExit" in launched(nemo, SLURM, name).raised
    assert launched(nemo, LOCAL, name).states == {name: "SUCCEEDED"}


def test_slurm_commands_run_what_stands_behind_a_semicolon(nemo: RealNemoRun) -> None:
    outcome = launched(nemo, SLURM, "train;touch llama;true")
    assert list(outcome.directory.glob("llama*"))


def test_slash_hides_the_script_on_slurm(nemo: RealNemoRun) -> None:
    outcome = launched(nemo, SLURM, "train/llama")
    assert outcome.states == {"train/llama": "FAILED"}
    assert "llama/scripts/llama.sh: No such file or directory" in outcome.output


@pytest.mark.parametrize("executor", [SLURM, LOCAL])
def test_markup_stops_the_launch(executor: str, nemo: RealNemoRun) -> None:
    assert "MarkupError" in launched(nemo, executor, "train[/llama]").raised


@pytest.mark.parametrize("executor", [SLURM, LOCAL])
@pytest.mark.parametrize("name", ["train-llama", "train_llama", "train.llama"])
def test_other_names_work(executor: str, name: str, nemo: RealNemoRun) -> None:
    assert launched(nemo, executor, name).states == {name: "SUCCEEDED"}
