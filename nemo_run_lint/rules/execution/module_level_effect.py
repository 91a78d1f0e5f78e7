import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.guarding import guarded
from nemo_run_lint.nemo.launching import Answer, Launch, is_conditional, is_script, is_test
from nemo_run_lint.project import File
from nemo_run_lint.rule import Phase, Reports, Rule
from nemo_run_lint.syntax.calls import keyword, positional
from nemo_run_lint.syntax.values import text

_EFFECTS = frozenset(
    "os.system os.remove os.unlink os.rename os.mkdir subprocess.run subprocess.Popen subprocess.call "
    "subprocess.check_call subprocess.check_output shutil.rmtree shutil.copy shutil.copytree shutil.move "
    "wandb.init mlflow.start_run requests.get requests.post urllib.request.urlretrieve".split()
)


class ModuleLevelEffect(Rule):
    """What a launching script does at module level is done again in every job.

    Before a job calls its function, it executes a copy of the launching script (nemo_run 0.11.1,
    `maybe_load_external_main`). Printing, starting programs, removing and writing files, outside of functions and of
    `if __name__ == "__main__":`, happen once more in each job: on another machine, at another time, perhaps while the
    first one is still at it.

    Reported where the file visibly launches a function without a container, once for a file. The fix is unsafe: a job
    may need what is done.

    Bad:

        import subprocess
        import nemo_run as run

        subprocess.run(["echo", "preparing"])

        def train(): ...

        if __name__ == "__main__":
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()

    Good:

        import subprocess
        import nemo_run as run

        def train(): ...

        if __name__ == "__main__":
            subprocess.run(["echo", "preparing"])
            with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
                exp.add(run.Partial(train), name="train")
                exp.run()
    """

    code = "NRL632"
    severity = Severity.WARNING
    fails = Phase.SILENT
    of_scripts = True
    message = "`{call}()` at module level is done again in every job, which executes this script"
    help = 'put it under `if __name__ == "__main__":`, or into the task'

    def check(self, module: cst.Module, file: File) -> Reports:
        launches = [each for each in file.all(Launch) if each.reloads_script is Answer.YES and each.is_reached]
        if not launches or not is_script(file) or any(launch.at_import for launch in launches):
            return  # or missing-main-guard says what is to be put right first
        for call in file.tree.nodes(cst.Call):
            inside = file.tree.enclosing(call, cst.FunctionDef, cst.Lambda, cst.ClassDef)
            if inside is None and _has_effect(file, call) and not (is_conditional(file, call) or is_test(file, call)):
                yield self.at(call.func, fix=guarded(file, call), call=file.code(call.func))
                return


def _has_effect(file: File, call: cst.Call) -> bool:
    if file.names.is_builtin(call.func, "open"):
        mode = text(keyword(call, "mode") or positional(call, 1)) or ""
        return bool(set(mode) & set("wax"))
    return file.names.is_builtin(call.func, "print", "input") or file.names.qualified(call.func) in _EFFECTS
