"""What a block of code does: work whose failure matters, or imports, clean-up and telling others."""

from __future__ import annotations

import re

import libcst as cst

from nemo_run_lint.project import File
from nemo_run_lint.syntax.bindings import dotted

_LOG_WORDS = re.compile(
    r"(?:^|_)(log|logs|logged|logging|logger|print|pprint|rprint|warn|warning|error|exception|critical|fatal|info|debug|"
    r"alert|notify|report|echo|secho|capture|record|print_exc|print_exception|excepthook)(?:_|$)"
)
#: Calls that a job can do without: cleaning up, telling others. By the first word of what is called.
_OPTIONAL_WORDS = frozenset(
    "close shutdown cleanup clean clear empty remove unlink rmtree rmdir delete log finish notify send report "
    "destroy kill terminate flush print warn info debug gc collect synchronize alert stop disconnect "
    "register enable disable available get getenv".split()
)
_SMALL_BUILTINS = frozenset(
    "str repr format len int float bool type isinstance issubclass getattr hasattr setattr list dict tuple set range "
    "round sum min max sorted zip enumerate".split()
)
_TRACKERS = frozenset(
    "wandb mlflow comet_ml neptune clearml aim tensorboard requests slack_sdk smtplib urllib psutil gc".split()
)
_TRACKING = re.compile(r"wandb|mlflow|tensorboard|logging|logger|slack|email", re.IGNORECASE)


def is_work(file: File, body: cst.BaseSuite) -> bool:
    """Whether a block does more than import, clean up and tell others."""
    if any(True for _ in file.tree.below(body, cst.Raise, into_functions=False)):
        return True
    return any(works(file, call) for call in file.tree.below(body, cst.Call, into_functions=False))


def works(file: File, call: cst.Call) -> bool:
    """Whether a call does more than log, track, import, clean up or convert."""
    path = file.names.qualified(call.func) or dotted(call.func) or ""
    tracks = path.split(".")[0] in _TRACKERS or _TRACKING.search(path) is not None
    first = re.split(r"[._]", path.split(".")[-1])[0].lower() if path else ""
    optional = first in _OPTIONAL_WORDS or file.names.is_builtin(call.func, *_SMALL_BUILTINS)
    return not (tracks or optional or is_log(call))


def is_log(call: cst.Call) -> bool:
    """Whether a call looks like telling somebody: `logger.error`, `print`, `traceback.print_exc`, `report_failure`."""
    name: cst.CSTNode = call.func
    last = name.attr.value if isinstance(name, cst.Attribute) else name.value if isinstance(name, cst.Name) else ""
    return _LOG_WORDS.search(last.lower()) is not None
