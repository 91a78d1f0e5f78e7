"""The command line: finds the module of a command, and tells errors in one sentence.

Exit status 0: nothing found; 1: findings; 2: bad usage, bad settings, or a path that does not exist.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

import click

from nemo_run_lint._version import __version__
from nemo_run_lint.rule_files import did_you_mean
from nemo_run_lint.settings import SettingsError
from nemo_run_lint.sources.discovery import DiscoveryError

#: Each is the module of `commands` that bears its name.
COMMANDS = (
    "check",
    "clean",
    "completion",
    "config",
    "docs",
    "doctor",
    "explain",
    "index",
    "migrate",
    "new",
    "review",
    "rules",
    "server",
    "workflow",
)

#: A shell says 128 + 2 of a program that the user interrupted.
INTERRUPTED = 130


class Group(click.Group):
    """Commands, with a hint where a path or a misspelt command stands in a command's place."""

    def list_commands(self, context: click.Context) -> list[str]:
        """All commands, also those that are not imported yet."""
        return list(COMMANDS)

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """The command of that name; only its module is imported."""
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"nemo_run_lint.commands.{name}"), name)
        return command

    def resolve_command(
        self, context: click.Context, arguments: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """As click does, but `nemo-run-lint train.py` says what was meant."""
        try:
            return super().resolve_command(context, arguments)
        except click.UsageError as error:
            word = arguments[0]
            if os.path.exists(word):
                raise click.UsageError(f"{word!r} is a path; to lint it: nemo-run-lint check {word}", context) from None
            near = did_you_mean(word, self.list_commands(context))
            raise click.UsageError(f"{error.format_message()}{near}", context) from None


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="nemo-run-lint", message="%(prog)s %(version)s")
def cli() -> None:
    """Find what would fail in NeMo Run experiments, without executing anything."""


def run() -> None:
    """Run the command that `sys.argv` says, and end with its status.

    Its errors are one sentence, and a reader that goes away is no error.
    """
    try:
        try:
            status = cli.main(prog_name="nemo-run-lint", standalone_mode=False)
        finally:
            sys.stdout.flush()
        sys.exit(status)
    except click.exceptions.Exit as stop:
        sys.exit(stop.exit_code)
    except click.Abort:
        sys.exit(INTERRUPTED)
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except click.ClickException as error:
        error.show()
        sys.exit(2)  # 1, which click has for files that cannot be had, says that something was found
    except (SettingsError, DiscoveryError) as error:
        click.echo(f"nemo-run-lint: {error}", err=True)
        sys.exit(2)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # so that the flush at exit meets no closed pipe
        sys.exit(0)
