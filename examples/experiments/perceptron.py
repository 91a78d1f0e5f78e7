"""Train the team's perceptron and check what it learned.

Author: ML Team

Description: The smallest experiment that shows the team's standard: shared configuration, components, two tasks of
which the second depends on the first.

Dependencies:
- nemo_run

Parameters:
- size: the perceptron's size
- directory: where the weights are written

Expected Outputs:
- weights.json: the trained weights
"""

import sys
import tempfile

import nemo_run as run
from configs.perceptron_config import MINIMUM_ACCURACY, SIZE
from team.components import Component
from team.configs import perceptron
from team.training import check_perceptron, train_perceptron


def tasks(size: str, directory: str) -> tuple[Component, Component]:
    """The two steps: training, and the check of what it learned."""
    weights = f"{directory}/weights.json"
    train = Component("train-perceptron", train_perceptron, {"config": perceptron(size), "output": weights})
    numbers = {"weights": weights, "minimum_accuracy": MINIMUM_ACCURACY}
    return train, Component("check-perceptron", check_perceptron, numbers)


def launch_perceptron(size: str, directory: str) -> None:
    """Train and check a perceptron, each in a job of its own.

    Args:
        size: The perceptron's size: `small`, `base` or `large`.
        directory: Where the weights are written.

    Example:
        >>> launch_perceptron("base", "/tmp")
    """
    train, check = tasks(size, directory)
    with run.Experiment("perceptron-diagonal", executor=run.LocalExecutor()) as experiment:
        trained = train.add_to(experiment, after=[])
        check.add_to(experiment, after=[trained])
        experiment.run(tail_logs=True)


if __name__ == "__main__":
    launch_perceptron(SIZE, sys.argv[1] if len(sys.argv) > 1 else tempfile.mkdtemp())
