import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class UnsetAccount(Rule):
    """SlurmExecutor cannot do without an account; None is found out only when the launch is prepared.

    nemo_run 0.11.1 makes the job's name from it: exp.run and exp.dryrun stop with `AttributeError: 'NoneType' object
    has no attribute 'split'`. os.environ.get("ACCOUNT") without a default is None where the variable is not set, which
    is reported as a warning: os.environ["ACCOUNT"] says at once what is missing.

    Not reported with `job_name_prefix=`, which is then used instead. `os.environ[...]` is an unsafe fix: the script
    stops where it went on.

    Bad:

        import nemo_run as run

        executor = run.SlurmExecutor(account=None, packager=run.Packager())

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()

    Good:

        import os

        import nemo_run as run

        os.environ["SLURM_ACCOUNT"] = "team"
        executor = run.SlurmExecutor(account=os.environ["SLURM_ACCOUNT"], packager=run.Packager())

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.dryrun()
    """

    code = "NRL657"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "`account` {is_none}: exp.run stops with `'NoneType' object has no attribute 'split'`"
    help = 'give the account, or read it with `os.environ["..."]`, which says when it is missing'

    def check(self, settings: Settings, file: File) -> Reports:
        account = settings.get("account")
        if settings.kind != "SlurmExecutor" or account is None or settings.sets("job_name_prefix"):
            return
        value = file.values.value(account)
        if file.names.is_builtin(value, "None"):
            yield self.at(account, is_none="is None")
        elif isinstance(value, cst.Call) and len(value.args) == 1 and _may_be_none(file, value, account):
            variable = file.code(value.args[0].value)
            is_none = f"is None where {variable} is not set"
            yield self.at(account, fix=_fix(file, account), severity=Severity.WARNING, is_none=is_none)


def _may_be_none(file: File, value: cst.Call, account: cst.CSTNode) -> bool:
    return file.names.qualified(value.func) in ("os.environ.get", "os.getenv") and not _is_checked(file, account)


def _is_checked(file: File, account: cst.CSTNode) -> bool:
    """Whether the file asks anywhere if the variable holds something: `if not account`, `assert account`."""
    if not isinstance(account, cst.Name):
        return False
    tests = [each.test for each in file.tree.nodes(cst.If)]
    tests += [each.test for each in file.tree.nodes(cst.Assert)]
    tests += [each.test for each in file.tree.nodes(cst.IfExp)]
    return any(account.value in {name.value for name in _names(file, test)} for test in tests)


def _names(file: File, node: cst.CSTNode) -> list[cst.Name]:
    return [node] if isinstance(node, cst.Name) else list(file.tree.below(node, cst.Name))


def _fix(file: File, account: cst.BaseExpression) -> NodeFix | None:
    """`os.environ["ACCOUNT"]` for `os.environ.get("ACCOUNT")`."""
    environment = spelling(file, "os.environ", account, by_module=True)
    if environment is None or not isinstance(account, cst.Call) or account.args[0].keyword is not None:
        return None
    written = f"{environment.text}[{file.code(account.args[0].value)}]"
    return NodeFix(f"write {written}", (NodeEdit(account, written), *environment.edits), safe=False)
