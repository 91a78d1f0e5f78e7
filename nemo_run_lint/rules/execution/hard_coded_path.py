import re
from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.nemo.buildable import Buildable
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.launching import is_test
from nemo_run_lint.nemo.script import Script
from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, Reports, Rule
from nemo_run_lint.syntax.values import text


class HardCodedPath(Rule):
    """A path of one user or one cluster in a configuration works for nobody else.

    The team's guide asks for code without what belongs to one environment. A path under somebody's home or on a
    cluster's file system (`/home/me/data`, `/lustre/fsw/...`) in an executor or a task has to be changed by everyone
    who takes the experiment over.

    Reported for text that is handed to an executor, a tunnel, a run.Config, run.Partial or run.Script: in the call, by
    a variable, or by the call of a function of the file that makes them. Not for placeholders such as `/home/<user>`
    and `/path/to/data`, for paths with parts that are filled in, and in tests.

    Bad:

        def train(data): ...

        task = run.Partial(train, data="/home/alice/wikitext")

    Good:

        import os
        import nemo_run as run

        def train(data): ...

        task = run.Partial(train, data=os.path.join(os.environ["DATA_HOME"], "wikitext"))
    """

    code = "NRL629"
    roots = Option(["/lustre", "/gpfs", "/nfs", "/scratch", "/fsx", "/raid"], "directories of one site's file systems")
    message = "`{path}` is a path of one {whose}"
    help = "take it from an argument or an environment variable"

    def check(self, thing: Settings | Buildable | Script, file: File) -> Reports:
        if is_test(file, thing.node):
            return
        for node in _literals(file, thing):
            path = text(node) or ""
            for part in (path, *re.split(r"[:,\s]", path)):
                whose = self._whose(part)
                if whose is not None:
                    yield self.at(node, path=re.split(r"(?<=..):", part)[0], whose=whose)
                    break

    def _whose(self, path: str) -> str | None:
        """Whose a path is; None when it is nobody's, or a placeholder."""
        if re.search(r"[<>{}$*]|\.\.\.|xxx|your|/user(name)?/|/path/to/|example|placeholder", path, re.IGNORECASE):
            return None
        if re.match(r"/(home|Users)/[\w.-]+(/|$)|[A-Za-z]:[\\/]Users[\\/]\w|~[a-z]\w*/", path):
            return "user"
        return "cluster" if any(re.match(re.escape(root) + r"/\w", path) for root in self.roots) else None


def _literals(file: File, thing: Settings | Buildable | Script) -> Iterator[cst.CSTNode]:
    """The texts that what is given comes from: in lists and dicts, variables, and calls of functions of the file."""
    if isinstance(thing, Settings):
        values = [each.value for each in thing.given]
    elif isinstance(thing, Buildable):
        values = [each.value for each in thing.arguments]
    else:
        values = [each.value for name, each in thing.given.items() if name != "inline"]
    stack: list[cst.CSTNode] = list(reversed(values))
    seen: set[cst.CSTNode] = set()
    while stack:
        for node in file.values.sources(stack.pop()):
            if node in seen:
                continue
            seen.add(node)
            if isinstance(node, (cst.List, cst.Tuple, cst.Set, cst.Dict)):
                stack += [each.value for each in reversed(node.elements)]
            elif text(node) is not None:
                yield node
