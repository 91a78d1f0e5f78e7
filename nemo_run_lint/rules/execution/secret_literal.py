import re
from collections.abc import Iterator

import libcst as cst

from nemo_run_lint.finding import Confidence
from nemo_run_lint.nemo.environment import EnvironmentVariable
from nemo_run_lint.nemo.executor import Settings
from nemo_run_lint.nemo.importing import spelling
from nemo_run_lint.project import File
from nemo_run_lint.rule import NodeEdit, NodeFix, Phase, Reports, Rule
from nemo_run_lint.syntax.values import text

#: What tokens of well-known services look like.
_TOKEN = re.compile(
    r"hf_\w{8,}|sk-[\w-]{16,}|gh[pousr]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{12,}|AKIA[0-9A-Z]{12,}|"
    r"xox[bp]-\S{8,}|nvapi-\S{12,}"
)

#: Names of what is kept secret.
_KEY = re.compile(
    r"(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|API_?KEY|ACCESS_KEY|PRIVATE_KEY|CREDENTIALS?)(?:$|_)", re.IGNORECASE
)

#: What stands for a secret, or is a path or the name of a variable.
_PLACEHOLDER = re.compile(
    r"^(?:(.)\1*|none|null|true|false|todo|changeme|secret|password|dummy.*|fake.*|test.*)$|"
    r"[<>${}\s/]|your|example|placeholder|redacted|\.\.\.",
    re.IGNORECASE,
)
_VARIABLE = re.compile(r"[A-Z]+(?:_[A-Z]+)+")


class SecretLiteral(Rule):
    """A secret that is written in the code is stored in plain text with every experiment.

    nemo_run 0.11.1 writes the values of `env_vars` into the batch script, into the saved executor
    (`<task>_executor.yaml`) and, with the launching script itself, into the directory of the experiment, all readable
    for everybody (mode 0644). The same goes for `client_secret` of DGXCloudExecutor.

    The value is judged, not the name alone: a token of a known service (`hf_...`, `ghp_...`, `sk-...`), or any other
    literal under a name such as `WANDB_API_KEY`. Placeholders (`""`, `"xxx"`, `"<token>"`, `"your-key"`, `"$TOKEN"`),
    paths and everything read from elsewhere are fine. Medium confidence: a long value need not be a secret.

    The fix reads the variable from the environment of the launching script, and is unsafe: it has to be set there. The
    secret stays in the history of the repository, and is to be replaced by another one.

    Bad:

        import nemo_run as run

        executor = run.LocalExecutor(env_vars={"WANDB_API_KEY": "8e2f0c1d9a7b4c55"})

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()

    Good:

        import os

        import nemo_run as run

        executor = run.LocalExecutor(env_vars={"WANDB_API_KEY": os.environ.get("WANDB_API_KEY", "")})

        with run.Experiment("nightly", executor=executor) as exp:
            exp.add(run.Script(inline="hostname"), name="hosts")
            exp.run()
    """

    code = "NRL653"
    confidence = Confidence.MEDIUM
    fails = Phase.SILENT
    message = "{what} looks like a secret: it is stored in plain text with the experiment"
    help = "read it from the environment or from a file where the job runs"

    def check(self, thing: EnvironmentVariable | Settings, file: File) -> Reports:
        for name, value in _candidates(thing):
            written = text(value)
            if written is not None and _is_secret(name, written):
                fix = _fix(file, name, value) if isinstance(thing, EnvironmentVariable) else None
                yield self.at(value, fix=fix, what=f"`{name}`" if name else "this value")


def _candidates(thing: EnvironmentVariable | Settings) -> Iterator[tuple[str, cst.BaseExpression]]:
    if isinstance(thing, EnvironmentVariable):
        yield thing.name or "", thing.value
    else:
        yield from ((each.name, each.value) for each in thing.given if each.name != "env_vars")


def _is_secret(name: str, value: str) -> bool:
    if _TOKEN.match(value):
        return len(set(value.rpartition("_")[2])) > 3  # not hf_xxxxxxxx
    if len(value) < 8 or _PLACEHOLDER.search(value) or _VARIABLE.fullmatch(value):
        return False
    return _KEY.search(name) is not None


def _fix(file: File, name: str, value: cst.BaseExpression) -> NodeFix | None:
    environment = spelling(file, "os.environ", value, by_module=True)
    if environment is None or not re.fullmatch(r"[A-Za-z_]\w*", name):
        return None
    written = f'{environment.text}["{name}"]'
    return NodeFix(f"write {written}", (NodeEdit(value, written), *environment.edits), safe=False)
