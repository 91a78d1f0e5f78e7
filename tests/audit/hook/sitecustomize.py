"""Has every Python that starts write down what it does, before it imports anything else (PEP 578).

Each line of the file that AUDIT_LOG names is one event: its name, its arguments, the file of the code that raised it.
"""

import json
import os
import sys

_LOG = os.open(os.environ["AUDIT_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)


def _text(value):
    if isinstance(value, (str, bytes, os.PathLike)):
        return os.fsdecode(value).encode(errors="backslashreplace").decode()
    if hasattr(value, "co_filename"):
        return value.co_filename
    if isinstance(value, (list, tuple)):
        return [_text(each) for each in value]
    return value if isinstance(value, (int, bool, type(None))) else type(value).__name__


def _hook(event, arguments):
    if event in ("sys._getframe", "object.__getattr__"):  # to look at frames, as is done here
        return
    if event == "import":
        arguments = arguments[:2]  # the rest is sys.path and the like
    elif event == "compile":
        arguments = arguments[1:]  # without the source
    elif event in ("marshal.loads", "builtins.id", "object.__setattr__"):
        arguments = ()
    raised_by = sys._getframe().f_back
    by = raised_by.f_code.co_filename if raised_by is not None else "<frozen main>"
    line = json.dumps([event, [_text(each) for each in arguments], by, os.getcwd()])
    os.write(_LOG, line.encode() + b"\n")


_hook("process", (sys.orig_argv,))
sys.addaudithook(_hook)
