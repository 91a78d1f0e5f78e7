"""`server`: the linter as a language server, for editors."""

from __future__ import annotations

import logging
import os
import sys
from io import FileIO
from typing import Any, BinaryIO, cast

import click


@click.command()
@click.option(
    "--config",
    multiple=True,
    metavar="FILE | KEY=VALUE",
    help="A settings file to use for all files, or one setting as TOML: 'profile = \"strict\"'.",
)
@click.option("--isolated", is_flag=True, help="Read no settings files.")
@click.option("--stdio", is_flag=True, hidden=True, help="What it does anyway; some editors say so.")
def server(config: tuple[str, ...], isolated: bool, stdio: bool) -> None:
    """Answer an editor on standard input and output, by the Language Server Protocol."""
    try:
        from nemo_run_lint.language_server.features import register
        from nemo_run_lint.language_server.server import Server
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("pygls", "lsprotocol"):
            raise
        raise click.UsageError("the server needs pygls 2: pip install 'nemo-run-lint[server]'") from None
    from nemo_run_lint.language_server.preferences import Preferences

    logging.getLogger("pygls").setLevel(logging.CRITICAL)  # what goes wrong is told to the client
    # the editor's directory may become another one
    files = [os.path.abspath(each) if os.path.isfile(each) else each for each in config]
    answering = Server(Preferences(config=tuple(files), isolated=isolated))
    register(answering)
    try:
        answering.start_io(sys.stdin.buffer, cast("BinaryIO", _Output()))
    except (OSError, OverflowError, MemoryError, ValueError) as error:  # a client that went away, or talks nonsense
        click.echo(f"nemo-run-lint: the client's connection broke: {error}", err=True)
    answering.worker.end(answering.linter.close)
    sys.exit(answering.status)


class _Output(FileIO):
    """Standard output for the server alone: whatever else is printed goes to standard error."""

    def __init__(self) -> None:
        sys.stdout.flush()
        super().__init__(os.dup(sys.stdout.fileno()), "wb")
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())

    def write(self, data: Any) -> int:
        """Write all of it; where nobody reads any more, end: a thread still waits for what the client says."""
        left = memoryview(data)
        try:
            while left:
                left = left[super().write(left) or 0 :]
        except OSError:
            os._exit(1)
        return len(data)
