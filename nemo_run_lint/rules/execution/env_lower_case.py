import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.edits import literal
from nemo_run_lint.nemo.environment import EnvironmentVariable
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class EnvLowerCase(Rule):
    """SlurmExecutor exports every environment variable in capital letters.

    The batch script that nemo_run 0.11.1 writes says `export NAME=value` for a key `name` (`key.upper()` in
    `core/execution/slurm.py`), so a variable with small letters, such as `http_proxy`, is not set in the job. Nothing
    is said about it.

    Reported for literal names in `env_vars` of SlurmExecutor only; the other executors keep the letters. The fix writes
    what is exported, and is unsafe: the job may look for the small letters.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), env_vars={"http_proxy": "http://proxy:3128"})

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="echo proxy: $http_proxy"), name="proxy")
            exp.run()

    Good:

        import nemo_run as run

        executor = run.SlurmExecutor(account="team", packager=run.Packager(), setup_lines="export http_proxy=http://proxy:3128")

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="echo proxy: $http_proxy"), name="proxy")
            exp.run()
    """

    code = "NRL651"
    severity = Severity.ERROR
    fails = Phase.SILENT
    message = "SlurmExecutor exports `{name}` as `{upper}`: the job will not see `{name}`"
    help = "write `{upper}` if that is what is read, else export it in `setup_lines=`"

    def check(self, variable: EnvironmentVariable, file: File) -> Reports:
        if variable.owner == "SlurmExecutor" and variable.name and variable.name != variable.name.upper():
            upper = variable.name.upper()
            fix = _fix(variable, upper)
            yield self.at(variable.key, fix=fix, name=variable.name, upper=upper)


def _fix(variable: EnvironmentVariable, upper: str) -> NodeFix | None:
    """The key in capital letters, a literal or the keyword of dict(...)."""
    key, is_keyword = variable.key, isinstance(variable.file.tree.parent(variable.key), cst.Arg)
    if isinstance(key, cst.Name) and is_keyword:
        return NodeFix(f"write {upper}", (NodeEdit(key, upper),), safe=False)
    if isinstance(key, cst.SimpleString):
        return NodeFix(f"write {upper}", (NodeEdit(key, literal(upper, key)),), safe=False)
    return None
