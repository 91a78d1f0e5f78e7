"""`index`: exports what is known of an environment, and shows what was exported."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import click

from nemo_run_lint._version import __version__
from nemo_run_lint.settings import load
from nemo_run_lint.signatures.environment import Environment, EnvironmentNotFoundError
from nemo_run_lint.signatures.exporting import dotted, exported, importable, importing
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.index_file import IndexFile, IndexFileError, pack
from nemo_run_lint.signatures.reading import Reader
from nemo_run_lint.signatures.store import Store
from nemo_run_lint.surroundings import cache_directory, project_of

#: Packages that are exported although they do not import NeMo Run themselves.
_ALWAYS = ("nemo_run", "fiddle")

#: Nothing that is configured is defined there.
_TESTS = frozenset(["test", "tests"])


@click.group()
def index() -> None:
    """Export what is known of an environment, and show what was exported."""


@index.command()
@click.argument("packages", nargs=-1, metavar="[PACKAGE]...")
@click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), required=True, help="Where to write it."
)
@click.option("--python", type=click.Path(path_type=Path), help="An interpreter, its directory, or site-packages.")
def build(packages: Sequence[str], output: Path, python: Path | None) -> None:
    """Export the modules of an environment that decide what NeMo Run's configurations accept.

    These are NeMo Run, Fiddle and all packages that import NeMo Run, with what they use; PACKAGE names more.
    """
    settings = load(Path.cwd())
    try:
        environment = Environment.installed_for(project_of(Path.cwd()), python or settings.python)
    except EnvironmentNotFoundError as error:
        raise click.UsageError(str(error)) from None
    files = importable(environment)
    chosen = _chosen(environment, files, packages)
    with_source = set(importing(map(files.__getitem__, chosen.values()), "nemo_run"))
    store = Store(cache_directory(settings))
    reader = Reader(store)
    modules = list(exported(Index(environment, reader.module, reader.source), chosen, with_source))
    store.close()
    data = pack(modules, files, environment.distributions(), environment.version, __version__)
    try:
        output.write_bytes(data)
    except OSError as error:
        raise click.FileError(str(output), error.strerror) from None
    click.echo(f"{output}: {len(modules)} modules, {_size(len(data))}")


def _chosen(environment: Environment, files: Mapping[str, str], packages: Iterable[str]) -> dict[str, str]:
    """The modules to ask about: from dotted names to paths below site-packages."""
    names = {dotted(path): path for path in files if path.endswith(".py") and _TESTS.isdisjoint(path.split("/"))}
    missing = [package for package in (_ALWAYS[0], *packages) if not any(_is_below(name, package) for name in names)]
    if missing:
        where = environment.site[0] if environment.site else "the environment"
        raise click.UsageError(f"`{missing[0]}` is not installed in {where}; --python names another environment")
    paths = {files[path]: name for name, path in names.items()}
    users = (paths[file] for file in importing(paths, "nemo_run") if environment.distribution(file))
    wanted = {*_ALWAYS, *packages, *(_package(name, files) for name in users)}
    return {name: path for name, path in names.items() if any(_is_below(name, package) for package in wanted)}


def _package(name: str, files: Mapping[str, str]) -> str:
    """The package at the top of a module's name; of a namespace package, the one below."""
    top, *below = name.split(".")
    return ".".join([top, *below[:1]]) if below and f"{top}/__init__.py" not in files else top


def _is_below(name: str, package: str) -> bool:
    return f"{name}.".startswith(f"{package}.")


@index.command()
@click.argument("file", type=click.Path(path_type=Path))
def show(file: Path) -> None:
    """Tell what an exported index holds."""
    try:
        found = IndexFile(file)
    except IndexFileError as error:
        raise click.UsageError(str(error)) from None
    told, known = Counter[str](), Counter[str]()
    for path, has_summary in found.modules():
        (told if has_summary else known)[path.partition("/")[0].partition(".")[0]] += 1
    version = ".".join(map(str, found.python))
    click.echo(f"{file}: {_size(found.size)}, of Python {version}, made by nemo-run-lint {found.made_by}")
    click.echo(f"\n{told.total()} modules, and the names of {known.total()} others")
    for package, count in sorted(told.items()):
        click.echo(f"  {package}: {count}")
    click.echo(f"\n{len(found.distributions)} distributions")
    for distribution in found.distributions:
        click.echo(f"  {distribution}")


def _size(count: int) -> str:
    return f"{count / 1_000_000:.1f} MB" if count >= 100_000 else f"{count / 1_000:.1f} kB"
