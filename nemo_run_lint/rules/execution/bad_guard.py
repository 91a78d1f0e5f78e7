from pathlib import PurePath

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text


class BadGuard(Rule):
    """`if __name__ == "main":` is not true when the script is run, so that nothing under it is done.

    The name of the script that Python runs is `__main__`, with two underscores on each side. Nothing fails: the script
    ends well, and no experiment was launched.

    Not reported in a file of that name, which may be imported under it.

    Bad:

        def train():
            print("training")

        if __name__ == "main":
            run.run(run.Partial(train))

    Good:

        def train():
            print("training")

        if __name__ == "__main__":
            run.run(run.Partial(train))
    """

    code = "NRL621"
    severity = Severity.ERROR
    fails = Phase.SILENT
    of_scripts = True
    message = "`{written}` is not true when the script is run: what is under it is not done"
    help = 'write `__name__ == "__main__"`'

    def check(self, comparison: cst.Comparison, file: File) -> Reports:
        target = comparison.comparisons[0]
        if len(comparison.comparisons) != 1 or not isinstance(target.operator, (cst.Equal, cst.Is)):
            return
        for name, other in ((comparison.left, target.comparator), (target.comparator, comparison.left)):
            is_name = isinstance(name, cst.Name) and name.value == "__name__" and not file.names.lookup(name)
            wrong = text(other)
            if is_name and wrong is not None and _means_main(wrong, file):
                node, replacement = other, '"__main__"'
            elif text(name) == "__name__" and text(other) == "__main__":
                node, replacement = name, "__name__"
            else:
                continue
            fix = NodeFix(f"write {replacement}", (NodeEdit(node, replacement),))
            yield self.at(node, fix=fix, written=file.code(comparison))
            return


def _means_main(name: str, file: File) -> bool:
    """Whether a name that `__name__` is compared to seems to be `__main__`; `main.py` may be imported as `main`."""
    if name in ("__main__", "__mp_main__", PurePath(file.path).stem):
        return False
    return name.strip("_- .").lower() in ("main", "mian", "name")
