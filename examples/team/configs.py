"""The team's shared configurations: one place where a model's numbers are written."""

from dataclasses import dataclass

import nemo_run as run


@dataclass
class PerceptronConfig:
    """The numbers that decide what a perceptron learns.

    Attributes:
        learning_rate: How far a mistake moves the weights.
        epochs: How often the samples are gone through.
    """

    learning_rate: float = 0.1
    epochs: int = 20


SIZES = {"small": 5, "base": 20, "large": 100}


def perceptron(size: str = "base") -> run.Config[PerceptronConfig]:
    """The team's perceptron in one of its sizes.

    Args:
        size: `small`, `base` or `large`.

    Returns:
        The configuration, to be changed or handed to a task.

    Raises:
        ValueError: If there is no such size.

    Example:
        >>> perceptron("small").epochs
        5
    """
    if size not in SIZES:
        raise ValueError(f"no perceptron is called {size!r}; there are {', '.join(SIZES)}")
    return run.Config(PerceptronConfig, epochs=SIZES[size])
