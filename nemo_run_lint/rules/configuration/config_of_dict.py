import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.saving import SavedValue
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class ConfigOfDict(Rule):
    """A run.Config of dict can be made, but not copied or read back, so no executor can run it.

    nemo_run 0.11.1 loses the target when it puts such a config together again (`Config.__unflatten__` in
    `nemo_run/config.py`): `exp.add` stops with `TypeError: Config.__init__() missing 1 required positional argument:
    'fn_or_cls'`. A plain dict may hold configs and is saved without trouble, and so is run.Partial(dict).

    Not reported where the configuration is visibly never saved: run.run without an executor, fdl.build. A plain dict is
    an unsafe fix: other code may set attributes of the config.

    Bad:

        def train(options):
            print(options)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, options=run.Config(dict, steps=10)), name="train")

    Good:

        def train(options):
            print(options)

        with run.Experiment("nightly", executor=run.LocalExecutor()) as exp:
            exp.add(run.Partial(train, options={"steps": 10}), name="train")
    """

    code = "NRL407"
    severity = Severity.ERROR
    fails = Phase.ADDED
    message = "run.Config({written}) cannot be read back: any executor fails with it"
    help = "pass a plain dict, which may hold configs"

    def check(self, value: SavedValue, file: File) -> Reports:
        if value.is_target and value.buildable.kind == "Config" and _is_dict(value.source, file):
            yield self.at(value.written, fix=_fix(value), written=value.shown)


def _is_dict(target: cst.CSTNode, file: File) -> bool:
    """Whether the target is dict, `dict[str, int]` or `{}`."""
    if isinstance(target, cst.Subscript):
        target = target.value
        if file.names.qualified(target) == "typing.Dict":
            return True
    return file.names.is_builtin(target, "dict")


def _fix(value: SavedValue) -> NodeFix | None:
    """`run.Config(dict, steps=10)` becomes `dict(steps=10)`."""
    call, target = value.buildable.node, value.buildable.target
    if target is None or value.written is not target or call.args[0].value is not target:
        return None
    edit = NodeEdit(call, "dict(", until=call.args[1]) if len(call.args) > 1 else NodeEdit(call, "{}")
    return NodeFix("write a dict", (edit,), safe=False)
