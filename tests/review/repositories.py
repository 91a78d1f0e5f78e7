"""Small repositories to be reviewed: an experiment that lacks nothing, and what a test changes in it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from nemo_run_lint.checklist import Checklist
from nemo_run_lint.review.evidence import Review
from nemo_run_lint.review.reviewing import Request, review
from nemo_run_lint.settings import load

EXPERIMENT = '''\
"""Train.

Author: ML Team

Description: A training.

Dependencies:
- nemo_run

Parameters:
- steps: how often

Expected Outputs:
- nothing
"""

import logging

import nemo_run as run

logger = logging.getLogger(__name__)


def train_model(steps: int) -> None:
    """Train the model.

    Args:
        steps: How often.

    Example:
        >>> train_model(3)
    """
    logging.basicConfig(level=logging.INFO)
    if steps < 1:
        raise ValueError("steps must be at least 1")
    logger.info("%s steps", steps)


def launch_training(steps: int) -> None:
    """Launch the training.

    Args:
        steps: How often.

    Example:
        >>> launch_training(3)
    """
    slurm = run.SlurmExecutor(account="ml", time="01:00:00", nodes=2)
    with run.Experiment("model-training", executor=slurm) as experiment:
        experiment.add(run.Partial(train_model, steps=steps), name="train-model")
        experiment.dryrun()
'''

TESTS = """\
import pytest

from experiments.training import launch_training, train_model


def test_training():
    train_model(2)


def test_no_steps():
    with pytest.raises(ValueError):
        train_model(0)


def test_launch():
    launch_training(2)
"""

#: All that an experiment needs to be approved, and more.
COMPLETE = {"pyproject.toml": "[tool.ruff]\n", "experiments/training.py": EXPERIMENT, "tests/test_training.py": TESTS}


def write(directory: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        file = directory / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return directory


def reviewed(directory: Path, files: Mapping[str, str], *paths: str, asked: Checklist | None = None) -> Review:
    """The review of a repository that holds these files."""
    write(directory, {"pyproject.toml": "", **files})
    places = [str(directory / each) for each in paths or (".",)]
    return review(Request(places, asked or Checklist()), load)


def answers(found: Review) -> dict[str, str]:
    return {entry.item.name: entry.answer.value for entry in found.checklist}


def evidence(found: Review, item: str) -> list[str]:
    """What speaks for the answer to an item: `file.py:3: text`."""
    (entry,) = (each for each in found.checklist if each.item.name == item)
    return [f"{Path(each.path).name}:{each.line}: {each.text}" for each in entry.evidence]
