from nemo_run_lint.finding import Confidence, Severity
from nemo_run_lint.nemo.handed_over import group
from nemo_run_lint.nemo.launching import LaunchedFunction, in_container
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule


class TaskInLaunchScript(Rule):
    """A function of the launching script cannot be imported by a job in a container.

    Its import path is `__main__.train`, and to find it the job executes a copy of the script. In a container the copy
    is looked for at `/nemo_run/configs/../../../__main__.py`, where nothing is (nemo_run 0.11.1,
    `core/runners/fdl_runner.py`; NVIDIA-NeMo/Run#161): the job stops with `AttributeError: module '__main__' has no
    attribute 'train'`. On the local machine and on Slurm without a container the function is found.

    A function of a notebook cannot be added at all: its module has no file, and `exp.add` stops with `AttributeError:
    module '__main__' has no attribute '__file__'`.

    It is taken that the file is run as the script. Reported only where it launches the function itself, and the
    executor can be seen: Docker, SlurmExecutor with `container_image=`, and the clouds.

    Bad:

        def train():
            print("training")

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), container_image="nvidia/nemo:25.09")
        if __name__ == "__main__":
            with run.Experiment("nightly", executor=executor) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()

    Good:

        import nemo_run as run
        from team.tasks import train

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), container_image="nvidia/nemo:25.09")
        if __name__ == "__main__":
            with run.Experiment("nightly", executor=executor) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL627"
    severity = Severity.ERROR
    confidence = Confidence.MEDIUM
    fails = Phase.JOB
    message = "`{task}` is defined in {where}: {effect}"
    help = "move `{task}` to a module that is in the container or is packaged, and import it from there"

    def check(self, launched: LaunchedFunction, file: File) -> Reports:
        executor = in_container(file, launched.submission)
        if file.is_notebook and group(file, launched.submission) is None:
            effect = f"{launched.submission.how} stops, since a notebook's module has no file"
            yield self.at(launched.written, fails=Phase.ADDED, task=launched.name, where="this notebook", effect=effect)
        elif executor is not None and launched.launch.is_reached and not file.is_notebook:
            effect = f"a job on {executor} cannot import it"
            yield self.at(launched.written, task=launched.name, where="the launching script", effect=effect)
