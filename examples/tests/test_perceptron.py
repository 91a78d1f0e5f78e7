"""Tests of the perceptron experiment: what the tasks do, what they refuse, and that it can be launched."""

import json
from pathlib import Path

import nemo_run as run
import pytest
from configs.perceptron_config import MINIMUM_ACCURACY, SIZE
from experiments.perceptron import tasks
from team.configs import PerceptronConfig, perceptron
from team.training import check_perceptron, train_perceptron


def test_it_learns(tmp_path: Path) -> None:
    weights = str(tmp_path / "weights.json")
    train_perceptron(PerceptronConfig(), weights)
    assert len(json.loads(Path(weights).read_text(encoding="utf-8"))) == 3
    check_perceptron(weights, MINIMUM_ACCURACY)


def test_what_has_not_learned_fails(tmp_path: Path) -> None:
    weights = tmp_path / "weights.json"
    weights.write_text("[0, 0, 0]", encoding="utf-8")
    with pytest.raises(RuntimeError, match="accuracy"):
        check_perceptron(str(weights), MINIMUM_ACCURACY)


def test_numbers_that_make_no_sense_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="epochs"):
        train_perceptron(PerceptronConfig(epochs=0), str(tmp_path / "weights.json"))
    with pytest.raises(ValueError, match="no perceptron"):
        perceptron("huge")


def test_it_can_be_launched(tmp_path: Path) -> None:
    train, check = tasks(SIZE, str(tmp_path))
    with run.Experiment("perceptron-diagonal", executor=run.LocalExecutor(), base_dir=str(tmp_path)) as experiment:
        check.add_to(experiment, after=[train.add_to(experiment, after=[])])
        experiment.dryrun(log=False)
    assert not (tmp_path / "weights.json").exists()
