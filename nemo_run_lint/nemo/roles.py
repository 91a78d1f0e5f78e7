"""Every function of a file that has a role under NeMo Run; each has exactly one."""

from __future__ import annotations

from nemo_run_lint.nemo.entrypoint import Entrypoint
from nemo_run_lint.nemo.experiment import ExperimentBuilder
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.task import Task

#: What rules about functions ask for.
AnyFunction = Entrypoint | Factory | ExperimentBuilder | Task

#: The functions whose failure a job should report: what NeMo Run calls when the work is done.
Work = Entrypoint | Task
