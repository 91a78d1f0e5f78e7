from nemo_run_lint.finding import Note
from nemo_run_lint.nemo.file_facts import WrittenOut
from nemo_run_lint.nemo.laid_out import LaidOut
from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, ProjectRule, Reports


class DuplicateConfiguration(ProjectRule):
    """Two experiments share a configuration instead of writing it out twice.

    What is written twice is changed once, and then two experiments that were meant to be alike are not.

    Compared are run.Config, run.Partial, executors, calls of classes whose name ends with `Config`, and dicts, as far
    as all their values are written out, whatever their layout and the order of keywords; those with fewer literal
    values than the option asks for are too small to matter. Reported in every experiment but the first in the order of
    paths. flake8 does not run this rule, which looks at other files.

    Bad:

        # experiments/bert_large.py
        import nemo_run as run
        from team import BertConfig

        with run.Experiment("bert-large") as exp:
            config = run.Config(BertConfig, layers=12, hidden=768, heads=12)

        # experiments/bert.py
        import nemo_run as run
        from team import BertConfig

        with run.Experiment("bert") as exp:
            config = run.Config(BertConfig, layers=12, heads=12, hidden=768)

        # team.py
        from dataclasses import dataclass

        import nemo_run as run

        @dataclass
        class BertConfig:
            layers: int
            hidden: int
            heads: int

    Good:

        # experiments/bert_large.py
        import nemo_run as run
        from team import bert

        with run.Experiment("bert-large") as exp:
            config = bert()

        # team.py
        from dataclasses import dataclass

        import nemo_run as run

        @dataclass
        class BertConfig:
            layers: int
            hidden: int
            heads: int

        def bert() -> run.Config[BertConfig]:
            return run.Config(BertConfig, layers=12, hidden=768, heads=12)
    """

    code = "NRL907"
    strict = True
    message = "this configuration is also written out in `{path}`, line {line}"
    help = "write it once, in a library of configurations, and import it in both"

    minimum_values = Option(3, "how many literal values a configuration must hold to be compared")

    def check(self, experiment: LaidOut, file: File) -> Reports:
        told: list[WrittenOut] = []
        for written in experiment.written_out:
            if written.values < self.minimum_values or any(_is_inside(written, outer) for outer in told):
                continue
            first = file.project.written_before(written.key, experiment.path)
            if first is not None:
                told.append(written)
                path, line = file.project.shown(first[0]), first[1]
                notes = (Note("the same configuration", path, line),)
                yield self.at(experiment.node_of(written), notes=notes, path=path, line=line)


def _is_inside(inner: WrittenOut, outer: WrittenOut) -> bool:
    begins = (outer.line, outer.column) <= (inner.line, inner.column)
    return begins and (inner.end_line, inner.end_column) <= (outer.end_line, outer.end_column)
