"""The team's task functions: importable by the job, documented, typed, and loud when they fail."""

import json
import logging
from pathlib import Path

from team.configs import PerceptronConfig

logger = logging.getLogger(__name__)

#: Points of the plane, and whether they lie above the diagonal.
SAMPLES = [((x / 4, y / 4), y > x) for x in range(5) for y in range(5) if x != y]


def train_perceptron(config: PerceptronConfig, output: str) -> None:
    """Train a perceptron and write its weights down.

    Args:
        config: The numbers that decide what it learns.
        output: The file that gets the weights, as JSON.

    Raises:
        ValueError: If a number of the configuration makes no sense.

    Example:
        >>> train_perceptron(PerceptronConfig(epochs=1), "weights.json")
    """
    logging.basicConfig(level=logging.INFO)
    if config.epochs < 1:
        raise ValueError(f"epochs must be at least 1, got {config.epochs}")
    try:
        weights = fit(config)
        Path(output).write_text(json.dumps(weights), encoding="utf-8")
    except Exception:
        logger.exception("training failed")
        raise
    logger.info("trained for %s epochs", config.epochs)


def fit(config: PerceptronConfig) -> list[float]:
    """The weights that `config.epochs` rounds of the perceptron rule arrive at, the bias last."""
    weights = [0.0, 0.0, 0.0]
    for _ in range(config.epochs):
        for point, label in SAMPLES:
            inputs = (*point, 1.0)
            error = label - (sum(w * x for w, x in zip(weights, inputs)) > 0)
            weights = [w + config.learning_rate * error * x for w, x in zip(weights, inputs)]
    return weights


def check_perceptron(weights: str, minimum_accuracy: float) -> None:
    """Fail unless trained weights are good enough.

    Args:
        weights: The file that `train_perceptron` wrote.
        minimum_accuracy: The share of samples, from 0 to 1, that must be told apart.

    Raises:
        RuntimeError: If they are not, so that what depends on this task does not start.

    Example:
        >>> check_perceptron("weights.json", minimum_accuracy=0.9)
    """
    logging.basicConfig(level=logging.INFO)
    trained = json.loads(Path(weights).read_text(encoding="utf-8"))
    right = sum((sum(w * x for w, x in zip(trained, (*point, 1.0))) > 0) == label for point, label in SAMPLES)
    accuracy = right / len(SAMPLES)
    logger.info("accuracy %.2f", accuracy)
    if accuracy < minimum_accuracy:
        raise RuntimeError(f"accuracy {accuracy:.2f} is below {minimum_accuracy:.2f}")
