from nemo_run_lint.finding import Severity
from nemo_run_lint.nemo.known import is_guarded
from nemo_run_lint.nemo.lack import among
from nemo_run_lint.nemo.nemo_call import VersionedCall
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule


class PositionalField(Rule):
    """Executors, tunnels, packagers and launchers take their arguments by keyword only.

    `run.SlurmExecutor("team")` raises `TypeError: SlurmExecutor.__init__() takes 1 positional argument but 2 were
    given` (nemo_run 0.11.1). run.Script and run.Experiment take theirs by place as well.

    Not reported where arguments come from `*`, where `...` stands for them, and in a `try` that catches TypeError. The
    fix names the only argument that is required, and is unsafe: another one may be meant.

    Bad:

        import nemo_run as run

        packager = run.GitArchivePackager("src")

    Good:

        import nemo_run as run

        packager = run.GitArchivePackager(subpath="src")
    """

    code = "NRL803"
    severity = Severity.ERROR
    fails = Phase.CONFIGURED
    message = "{owner} takes {most}, and is given {given} by place{where}"
    help = "{instead}"

    def check(self, calls: VersionedCall, file: File) -> Reports:
        refusing = [version for version, call in calls.seen.items() if call.unplaced]
        if not refusing or is_guarded(file, calls.newest.node):
            return
        call = calls.seen[refusing[-1]]
        if call.is_config or call.has_star or call.has_ellipsis:
            return
        places = sum(each.kind in ("positional", "place") for each in call.parameters)
        named = next((each.name for each in call.parameters if each.required and each.name not in call.keywords), None)
        is_only = named is not None and len(call.unplaced) == 1 and not places
        edit = NodeEdit(call.unplaced[0], f"{named}=", "before")
        yield self.at(
            call.unplaced[0].value,
            fix=NodeFix(f"write {named}=", (edit,), safe=False) if is_only else None,
            owner=call.shown,
            most="its arguments by keyword only" if not places else f"{places} argument{'s' * (places > 1)} by place",
            given=places + len(call.unplaced),
            where=f" in nemo_run {among(refusing, file.versions)}" if len(refusing) < len(file.versions) else "",
            instead=f"name it: `{named}=`" if named else "name every argument",
        )
