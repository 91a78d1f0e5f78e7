"""The perceptron experiment as it should not be written."""

from pathlib import Path

import nemo_run as run
from team.training import fit


def train_model(config, schedule, output: Path):
    try:
        weights = fit(config)
        output.write_text(str(weights))
    except Exception as error:
        print(f"training failed: {error}")


@run.cli.entrypoint
def finetune(steps: int = None, layers: list = ()) -> None:
    fit(steps)


def launch(config):
    def report() -> None:
        """Say that it is over."""
        print("done")

    train = run.Partial(
        train_model,
        config=config,
        schedule=lambda step: 0.1,
        output=Path("weights.json"),
    )
    slurm = run.SlurmExecutor(account="team", time="01:00:00")
    with run.Experiment("perceptron; diagonal", executor=slurm) as exp:
        exp.add(train, name="test")
        exp.add(run.Partial(report), name="test")
        exp.run()


if __name__ == "__main__":
    launch({"epochs": 20})
