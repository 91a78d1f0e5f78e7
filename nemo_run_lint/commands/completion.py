"""`completion`: prints what makes a shell complete the words of this program; click writes and serves it."""

from __future__ import annotations

import os
from pathlib import Path

import click
from click.shell_completion import ShellComplete, get_completion_class

from nemo_run_lint.commands.terminal import write

_SHELLS = ("bash", "zsh", "fish")

_NAME = "nemo-run-lint"

#: The variable by which the shell asks, as click derives it from the name.
_VARIABLE = "_NEMO_RUN_LINT_COMPLETE"

#: click leaves the lines behind a \b as they are.
_WHERE = """\b
bash, in ~/.bashrc:  eval "$(nemo-run-lint completion bash)"
zsh, in ~/.zshrc:    eval "$(nemo-run-lint completion zsh)"
fish:                nemo-run-lint completion fish > ~/.config/fish/completions/nemo-run-lint.fish
"""


@click.command(epilog=_WHERE)
@click.argument("shell", type=click.Choice(_SHELLS), required=False)
@click.pass_context
def completion(context: click.Context, shell: str | None) -> None:
    """Print the completion script of a shell (default: the one that SHELL names)."""
    shell = shell or Path(os.environ.get("SHELL", "")).name
    found = get_completion_class(shell) if shell in _SHELLS else None
    if found is None:
        raise click.UsageError(f"name a shell: {', '.join(_SHELLS)}", context)
    made = found(context.find_root().command, {}, _NAME, _VARIABLE)
    write([ShellComplete.source(made), "\n"])  # bash's own `source` starts a bash to ask for its version
