"""What answers each item: the findings, the code, the tests; and who is to answer what they do not."""

from __future__ import annotations

from pathlib import Path

import pytest
from review.repositories import COMPLETE, EXPERIMENT, TESTS, answers, evidence, reviewed

from nemo_run_lint.checklist import REQUIRED

PASSES, MISSING, PERSON = "passes", "missing", "needs a person"


def test_an_experiment_that_lacks_nothing(tmp_path: Path) -> None:
    found = reviewed(tmp_path, COMPLETE)
    said = answers(found)
    left = {"memory_usage_optimized", "execution_efficient"}
    assert {name for name, answer in said.items() if answer != PASSES} == left
    assert {said[name] for name in left} == {PERSON}
    assert found.is_approved
    assert (found.comments, found.unmet) == ((), ())
    (subject,) = found.subjects
    assert (subject.title, subject.line) == ("model-training", 49)


def test_each_answer_shows_what_it_rests_on(tmp_path: Path) -> None:
    found = reviewed(tmp_path, COMPLETE)
    assert evidence(found, "configuration_validated") == [
        "training.py:34: `train_model` tests `steps < 1` and raises ValueError"
    ]
    assert evidence(found, "unit_tests_written") == [
        "test_training.py:6: `test_training` uses `train_model`, and 1 more",
        "test_training.py:15: `test_launch` uses `launch_training`",
    ]
    assert evidence(found, "integration_tests_written") == [
        "training.py:51: `test_launch`: `launch_training` calls `experiment.dryrun(...)`"
    ]
    assert evidence(found, "edge_cases_covered") == [
        "test_training.py:11: `test_no_steps`: `pytest.raises` expects ValueError"
    ]
    assert evidence(found, "resource_constraints_considered") == [
        'training.py:48: SlurmExecutor asks for `time="01:00:00"`, `nodes=2`'
    ]
    assert evidence(found, "code_style_consistent") == ["pyproject.toml:1: ruff is set up"]
    assert evidence(found, "type_hints_used")[0] == "training.py:24: nothing is said against `train_model`"


#: What is changed in the experiment (or, for `tests`, in its tests), and what that makes of an item.
CHANGES = [
    ("steps: int) -> None:\n    \"\"\"Train", "steps) -> None:\n    \"\"\"Train", "type_hints_used", MISSING),
    ("if steps < 1", "if False", "configuration_validated", MISSING),
    ("raise ValueError(\"steps must be at least 1\")", "raise NotImplementedError", "configuration_validated", MISSING),
    ("    if steps < 1:\n        raise ValueError(\"steps must be at least 1\")\n", "    assert steps\n", "configuration_validated", MISSING),
    ("    if steps < 1:\n        raise ValueError(\"steps must be at least 1\")\n", "    steps.validate()\n", "configuration_validated", PASSES),
    ("logger.info(\"%s steps\", steps)", "open(\"/home/ada/x\")", "environment_specific_code_avoided", PERSON),
    ("account=\"ml\"", "account=\"ml\", env_vars={\"DATA\": \"/home/ada/x\"}", "environment_specific_code_avoided", MISSING),
    ("Author: ML Team", "", "functions_documented", MISSING),
    ("        steps: How often.\n\n    Example:\n        >>> train", "\n    Example:\n        >>> train", "parameters_documented", MISSING),
    ("    Example:\n        >>> train_model(3)\n", "", "examples_provided", MISSING),
    (", nodes=2", "", "resource_constraints_considered", MISSING),
    (", time=\"01:00:00\"", "", "resource_constraints_considered", MISSING),
    ("time=\"01:00:00\", nodes=2", "**fields", "resource_constraints_considered", PERSON),
    ("run.SlurmExecutor(account=\"ml\", time=\"01:00:00\", nodes=2)", "run.LocalExecutor()", "resource_constraints_considered", PERSON),
    ("run.SlurmExecutor(account=\"ml\", time=\"01:00:00\", nodes=2)", "executor_of_the_team()", "resource_constraints_considered", PERSON),
    ("\"train-model\"", "\"foo\"", "naming_conventions_followed", MISSING),
    ("    logger.info(\"%s steps\", steps)", "    try:\n        fit(steps)\n    except Exception:\n        pass", "error_handling_implemented", MISSING),
    ('logger.info("%s steps", steps)', 'prepare(activation_checkpointing=True)', "memory_usage_optimized", PASSES),
    ('logger.info("%s steps", steps)', 'prepare(activation_checkpointing=False)', "memory_usage_optimized", PERSON),
    ('logger.info("%s steps", steps)', 'prepare(trainer={"num_workers": 8})', "execution_efficient", PASSES),
    ('logger.info("%s steps", steps)', 'prepare(trainer={"num_workers": 0})', "execution_efficient", PERSON),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "item", "answer"), CHANGES)
def test_what_the_code_says(tmp_path: Path, old: str, new: str, item: str, answer: str) -> None:
    assert EXPERIMENT.count(old) == 1
    found = reviewed(tmp_path, {**COMPLETE, "experiments/training.py": EXPERIMENT.replace(old, new)})
    assert answers(found)[item] == answer, evidence(found, item)
    assert found.is_approved is (answer == PASSES or item not in REQUIRED)
    assert [name for name in REQUIRED if answers(found)[name] != PASSES] == [
        entry.item.name for entry in found.open_items
    ]


def test_a_docstring_that_is_not_there_describes_nothing(tmp_path: Path) -> None:
    start, _, rest = EXPERIMENT.partition('    """Launch')
    code = start + rest.partition('"""\n')[2]
    found = reviewed(tmp_path, {**COMPLETE, "experiments/training.py": code})
    for item in ("functions_documented", "parameters_documented", "examples_provided"):
        assert answers(found)[item] == MISSING
    assert evidence(found, "parameters_documented") == [
        "training.py:39: `launch_training` has parameters and no docstring"
    ]


IMPORT = "from experiments.training import launch_training, train_model"

#: Other ways of writing the tests, and what they make of: unit tests, integration tests, edge cases.
WAYS = [
    (TESTS.replace(IMPORT, "from experiments import training\nfrom experiments.training import *").replace("train_model(", "training.train_model(").replace("launch_training(", "training.launch_training("), (PASSES, PASSES, PASSES)),
    (TESTS.replace(IMPORT, "import experiments.training as e").replace("train_model(", "e.train_model(").replace("launch_training(", "e.launch_training("), (PASSES, PASSES, PASSES)),
    (TESTS.replace(IMPORT, "import experiments.training").replace("train_model(", "experiments.training.train_model(").replace("launch_training(", "experiments.training.launch_training("), (PASSES, PASSES, PASSES)),
    (TESTS.replace(IMPORT, "from ..experiments.training import launch_training, train_model"), (PASSES, PASSES, PASSES)),
    (TESTS.replace(IMPORT, "import importlib\ne = importlib.import_module('experiments.training')").replace("train_model(", "e.train_model(").replace("launch_training(", "e.launch_training("), (PASSES, PASSES, PASSES)),
    (TESTS.replace(IMPORT, "import sys\nsys.path.insert(0, 'experiments')\nfrom training import launch_training, train_model"), (MISSING, MISSING, MISSING)),
    (TESTS.replace("train_model(", "print(").replace("launch_training(", "print("), (MISSING, MISSING, MISSING)),
    (TESTS.replace(IMPORT, "from other.training import launch_training, train_model"), (MISSING, MISSING, MISSING)),
    (TESTS.replace("def test_", "@pytest.mark.skip\ndef test_"), (MISSING, MISSING, MISSING)),
    (TESTS.replace("def test_", "@pytest.mark.skipif(True, reason='')\ndef test_"), (PASSES, PASSES, PASSES)),
    (TESTS.replace(IMPORT, f"{IMPORT}\npytestmark = [pytest.mark.skip(reason='later')]"), (MISSING, MISSING, MISSING)),
    (TESTS.replace("def test_", "def check_"), (MISSING, MISSING, MISSING)),
    ("import pytest\n" + IMPORT + "\n\n@pytest.fixture\ndef trained():\n    return train_model(1)\n\ndef test_it(trained):\n    assert trained is None\n", (PASSES, MISSING, MISSING)),
    ("import unittest\n" + IMPORT + "\n\nclass T(unittest.TestCase):\n    def setUp(self):\n        self.steps = 0\n    def helper(self):\n        train_model(self.steps)\n    def test_it(self):\n        with self.assertRaises(ValueError):\n            self.helper()\n", (PASSES, MISSING, PASSES)),
    ("import pytest\n" + IMPORT + "\nCASES = [1, -1]\n\n@pytest.mark.parametrize('steps', CASES)\ndef test_it(steps):\n    train_model(steps)\n", (PASSES, MISSING, PASSES)),
    ("import pytest\n" + IMPORT + "\n\n@pytest.mark.parametrize('steps', [1, 2])\ndef test_it(steps):\n    train_model(steps)\n", (PASSES, MISSING, MISSING)),
    ("import nemo_run as run\n" + IMPORT + "\n\ndef test_it():\n    with run.Experiment('x') as e:\n        e.add(run.Partial(train_model, 1))\n        e.run()\n", (PASSES, PASSES, MISSING)),
    ("import nemo_run as run\n" + IMPORT + "\n\ndef test_it():\n    run.run(run.Partial(train_model, 1), dryrun=True)\n", (PASSES, PASSES, MISSING)),
    ("import subprocess\n\ndef test_it():\n    subprocess.run(['python', 'experiments/training.py'])\n", (MISSING, PERSON, MISSING)),
    ("from hypothesis import given, strategies as st\n" + IMPORT + "\n\n@given(st.integers())\ndef test_it(steps):\n    train_model(steps)\n", (PASSES, MISSING, PASSES)),
]  # fmt: skip


@pytest.mark.parametrize(("tests", "expected"), WAYS)
def test_how_tests_use_what_they_test(tmp_path: Path, tests: str, expected: tuple[str, str, str]) -> None:
    found = reviewed(tmp_path, {**COMPLETE, "tests/test_training.py": tests})
    said = answers(found)
    items = ("unit_tests_written", "integration_tests_written", "edge_cases_covered")
    assert tuple(said[item] for item in items) == expected


def test_fixtures_of_conftest_and_what_a_package_hands_on(tmp_path: Path) -> None:
    files = {
        **COMPLETE,
        "experiments/__init__.py": "from .training import train_model as train\n",
        "tests/conftest.py": "import pytest\nfrom experiments import train\n\n@pytest.fixture\ndef trained():\n    return train(1)\n",
        "tests/test_training.py": "def test_it(trained):\n    assert trained is None\n",
    }
    found = reviewed(tmp_path, files)
    assert evidence(found, "unit_tests_written") == ["test_training.py:1: `test_it` uses `train_model`"]


def test_a_job_without_a_test_is_named(tmp_path: Path) -> None:
    code = EXPERIMENT.replace(
        "experiment.dryrun()", "experiment.add(run.Partial(report), name='write-report')\n        experiment.dryrun()"
    )
    code += '\n\ndef report() -> None:\n    """Report."""\n'
    found = reviewed(tmp_path, {**COMPLETE, "experiments/training.py": code})
    assert evidence(found, "unit_tests_written") == ["training.py:55: no test uses `report`"]
    assert [(each.text, each.line) for each in found.unmet] == [
        ("Unit tests written: missing: no test uses `report`", 55)
    ]


ELSEWHERE = """\
def train_model(steps):
    fit(steps)


def fit(steps):
    return steps
"""


def test_functions_in_modules_that_never_mention_nemo_run(tmp_path: Path) -> None:
    """The rules do not look there; the review does, since the experiment hands these functions over."""
    start, end = EXPERIMENT.index("def train_model"), EXPERIMENT.index("def launch_training")
    code = (
        EXPERIMENT[:start].replace(
            "import nemo_run as run", "import nemo_run as run\nfrom team.training import train_model"
        )
        + EXPERIMENT[end:]
    )
    found = reviewed(tmp_path, {"experiments/training.py": code, "team/training.py": ELSEWHERE})
    assert evidence(found, "type_hints_used") == [
        "training.py:1: `train_model` has no type for `steps`",
        "training.py:1: `train_model` does not say what it returns",
    ]
    assert evidence(found, "functions_documented") == ["training.py:1: `train_model` has no docstring"]
    assert evidence(found, "unit_tests_written") == ["training.py:1: no test uses `train_model`"]
    assert evidence(found, "error_handling_implemented") == [
        "training.py:1: `train_model` neither tries nor raises: what happens when it fails?"
    ]
    swallowing = ELSEWHERE.replace(
        "    fit(steps)\n", "    try:\n        fit(steps)\n    except Exception:\n        pass\n", 1
    )
    found = reviewed(tmp_path, {"team/training.py": swallowing})
    assert evidence(found, "error_handling_implemented") == [
        "training.py:1: `train_model` does not raise again what it catches on line 4"
    ]


def test_two_experiments_of_one_file_have_their_own_answers(tmp_path: Path) -> None:
    second = EXPERIMENT[EXPERIMENT.index("def train_model") :]
    second = second.replace("train_model", "rate_model").replace("launch_training", "launch_rating")
    second = second.replace("model-training", "x").replace(
        'steps: int) -> None:\n    """Train', 'steps) -> None:\n    """Train'
    )
    found = reviewed(tmp_path, {**COMPLETE, "experiments/training.py": f"{EXPERIMENT}\n\n{second}"})
    first, other = ({entry.item.name: entry.answer.value for entry in each.checklist} for each in found.subjects)
    assert [each.title for each in found.subjects] == ["model-training", "x"]
    for item in ("type_hints_used", "unit_tests_written", "naming_conventions_followed"):
        assert (first[item], other[item], answers(found)[item]) == (PASSES, MISSING, MISSING)
    assert {each.text.split(": ")[1] for each in found.unmet} == {"missing in `x`"}


def test_what_certainly_fails_forbids_approval(tmp_path: Path) -> None:
    code = EXPERIMENT.replace("steps=steps)", "steps=lambda: 1)")
    found = reviewed(tmp_path, {**COMPLETE, "experiments/training.py": code})
    assert not found.is_approved
    assert found.open_items == []
    assert [(each.line, each.rule) for each in found.comments] == [(50, "NRL401 lambda-in-config")]
    silenced = code.replace('lambda: 1), name="train-model")', 'lambda: 1), name="train-model")  # noqa: NRL401')
    assert reviewed(tmp_path, {"experiments/training.py": silenced}).is_approved


@pytest.mark.parametrize("content", ["import nemo_run as run\ndef f(:\n", "import nemo_run\n" + "(" * 300 + ")" * 300])
def test_a_file_that_cannot_be_read_as_a_whole_is_not_approved(tmp_path: Path, content: str) -> None:
    found = reviewed(tmp_path, {**COMPLETE, "experiments/other.py": content})
    assert not found.is_approved
    assert [Path(each.path).name for each in found.comments] == ["other.py"]
    alone = reviewed(tmp_path, {}, "experiments/other.py")
    assert (alone.is_empty, alone.is_approved, alone.subjects) == (False, False, ())


def test_tests_that_cannot_be_parsed_are_said_not_to_count(tmp_path: Path) -> None:
    found = reviewed(tmp_path, {**COMPLETE, "tests/test_training.py": "def test_(:\n"})
    assert [each.text for each in found.comments] == ["this file of tests cannot be read, so its tests do not count"]
    assert found.problems == 0
    assert answers(found)["unit_tests_written"] == MISSING


FACTORY = '''\
import nemo_run as run


@run.cli.factory
def model(steps: int = 1) -> run.Config[dict]:
    """A model.

    Args:
        steps: How often.

    Returns:
        It.

    Example:
        >>> model()
    """
    return run.Config(dict, steps=steps)
'''


def test_a_file_without_an_experiment_is_judged_with_the_one_that_imports_it(tmp_path: Path) -> None:
    alone = reviewed(tmp_path / "a", {"configs/model.py": FACTORY})
    assert [(Path(each.title).name, each.experiment) for each in alone.subjects] == [("model.py", None)]
    assert evidence(alone, "integration_tests_written") == ["model.py:1: there is no experiment here to be launched"]
    assert evidence(alone, "unit_tests_written") == ["model.py:5: no test uses `model`"]
    code = EXPERIMENT.replace("import nemo_run as run", "import nemo_run as run\n\nfrom configs.model import model")
    joined = reviewed(tmp_path / "b", {**COMPLETE, "configs/model.py": FACTORY, "experiments/training.py": code})
    assert [each.title for each in joined.subjects] == ["model-training"]
    assert [Path(each).name for each in joined.files] == ["model.py", "training.py"]
    assert [each.rule for each in joined.comments] == ["NRL407 config-of-dict"]


def test_what_no_experiment_uses_of_a_library_counts_in_total_and_against_no_experiment(tmp_path: Path) -> None:
    factory = FACTORY.replace("[dict]", "[Model]").replace("(dict", "(Model")
    model = "class Model:\n    def __init__(self, steps: int) -> None:\n        self.steps = steps\n\n\n@run"
    untyped = factory[factory.index("@run") :].replace("def model(steps: int = 1)", "def other(steps=1)")
    library = f"{factory.replace('@run', model, 1)}\n\n{untyped}"
    code = EXPERIMENT.replace("import nemo_run as run", "import nemo_run as run\n\nfrom configs.model import model")
    code = code.replace("    slurm =", "    model(2)\n    slurm =")
    found = reviewed(tmp_path, {**COMPLETE, "configs/model.py": library, "experiments/training.py": code})
    (subject,) = found.subjects
    assert found.open_of(subject) == []
    assert answers(found)["type_hints_used"] == MISSING
    assert [(Path(each.path).name, each.rule) for each in found.unmet] == [("model.py", "NRL201 untyped-parameter")]
    assert not found.is_approved


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"a.py": "import os\n"},
        {"a.py": "nemo_run = 1\n"},
        {"tests/test_a.py": "import nemo_run as run\nrun.Partial(print)\n"},
        {"a.py": "def f(:\n"},
    ],
)
def test_nothing_to_review(tmp_path: Path, files: dict[str, str]) -> None:
    found = reviewed(tmp_path, files)
    assert (found.is_empty, found.is_approved, found.subjects, found.checklist) == (True, True, (), ())


def test_a_repository_in_a_directory_called_tests(tmp_path: Path) -> None:
    assert reviewed(tmp_path / "tests" / "repository", COMPLETE).is_approved


def test_settings_that_switch_rules_off_leave_the_item_to_a_person(tmp_path: Path) -> None:
    settings = '[tool.ruff]\n[tool.nemo-run-lint]\nignore = ["NRL3"]\n'
    found = reviewed(tmp_path, {**COMPLETE, "pyproject.toml": settings})
    assert answers(found)["naming_conventions_followed"] == PERSON
    assert not found.is_approved
