from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.api import public
from nemo_run_lint.nemo.edits import added_argument, without
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeFix, Phase, Reports, Rule

_PATTERNS = {
    "PatternPackager": ("include_pattern", "relative_path"),
    "GitArchivePackager": ("include_pattern", "include_pattern_relative_path"),
}


class ConflictingFields(Rule):
    """Fields of an executor or packager that do not go together stop the launch.

    In nemo_run 0.11.1:

    - the patterns of PatternPackager and GitArchivePackager and the directories they are relative to are as many
      (`ValueError: include_pattern and relative_path should have the same length`, at exp.run);
    - `het_group_indices` of SlurmExecutor needs `heterogeneous=True` (`AssertionError`, at exp.add of a group);
    - SkypilotExecutor and SkypilotJobsExecutor take only a GitArchivePackager, and `infra` not together with `cloud`,
      `region` or `zone` (`AssertionError`, where they are made).

    Only literal lists and packagers that are certain are judged. The fixes are unsafe: which of two fields is meant is
    not said.

    Bad:

        import nemo_run as run

        packager = run.PatternPackager(include_pattern=["src/*", "conf/*"], relative_path=["."])
        executor = run.SlurmExecutor(account="team", packager=packager)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()

    Good:

        import nemo_run as run

        packager = run.PatternPackager(include_pattern=["src/*", "conf/*"], relative_path=[".", "."])
        executor = run.SlurmExecutor(account="team", packager=packager)

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()
    """

    code = "NRL659"
    severity = Severity.ERROR
    fails = Phase.LAUNCHED
    message = "{kind}: {problem}"
    help = "{instead}"

    def check(self, settings: Settings, file: File) -> Reports:
        for node, problem, instead in (*_lengths(settings, file), *_slurm(settings, file), *_skypilot(settings, file)):
            fix = _fix(settings, file, node, instead)
            yield self.at(node, fix=fix, kind=settings.kind, problem=problem, instead=instead)


Problems = Iterator[tuple[cst.CSTNode, str, str]]


def _lengths(settings: Settings, file: File) -> Problems:
    names = _PATTERNS.get(settings.kind)
    first, second = (settings.get(name) for name in names) if names else (None, None)
    if names and first is not None and second is not None:
        counts = _count(file, first), _count(file, second)
        if None not in counts and counts[0] != counts[1]:
            problem = f"`{names[0]}` has {counts[0]}, and `{names[1]}` {counts[1]}, but they must be as many"
            yield second, problem, f"give a `{names[1]}` for every `{names[0]}`"


def _count(file: File, node: cst.CSTNode) -> int | None:
    value = file.values.value(node)
    if isinstance(value, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString)):
        return 1
    if isinstance(value, cst.List) and not any(isinstance(each, cst.StarredElement) for each in value.elements):
        return len(value.elements)
    return None


def _slurm(settings: Settings, file: File) -> Problems:
    indices = settings.get("het_group_indices") if settings.kind == "SlurmExecutor" and not settings.has_star else None
    if indices is None or not isinstance(file.values.value(indices), cst.List):
        return
    heterogeneous = settings.get("heterogeneous")
    if not settings.sets("heterogeneous") or file.names.is_builtin(heterogeneous or indices, "False"):
        yield indices, "`het_group_indices` needs `heterogeneous=True`", "add `heterogeneous=True`"


def _skypilot(settings: Settings, file: File) -> Problems:
    if settings.kind not in ("SkypilotExecutor", "SkypilotJobsExecutor"):
        return
    packager = settings.get("packager")
    made = file.values.value(packager) if packager is not None else None
    kind = public(file.names.qualified(made.func)) if isinstance(made, cst.Call) else None
    if packager is not None and kind in ("Packager", "PatternPackager", "HybridPackager"):
        yield packager, f"it takes only a GitArchivePackager, not a {kind}", "write `run.GitArchivePackager(...)`"
    infra = settings.get("infra")
    if infra is None or file.names.is_builtin(infra, "None"):
        return
    for name in ("cloud", "region", "zone"):
        value = settings.get(name)
        if value is not None and not file.names.is_builtin(value, "None"):
            yield value, f"`infra` and `{name}` cannot be given together", f"leave `{name}` out"


def _fix(settings: Settings, file: File, node: cst.CSTNode, instead: str) -> NodeFix | None:
    """What the advice says, where it names one thing to add or to leave out."""
    if instead == "add `heterogeneous=True`" and not settings.sets("heterogeneous"):
        edit = added_argument(settings.node, "heterogeneous=True")
        return NodeFix("add heterogeneous=True", (edit,), safe=False) if edit is not None else None
    edits = without(file, file.tree.parent(node)) if instead.startswith("leave") else ()
    return NodeFix("leave it out", edits, safe=False) if edits else None
