"""nemo-run-lint: finds the mistakes in NeMo Run experiments without executing them.

The public API: `lint_source` and `lint_paths` give `Finding`s; `Rule` is what a rule of your own derives from.
Each is loaded only when it is asked for. Of Python's own modules none is, not even `__future__`: under `python -m`, the
directory that is about to be read may have one of that name, which would be run (see `__main__`).
"""

from nemo_run_lint._version import __version__

TYPE_CHECKING = False  # to a type checker it is true
if TYPE_CHECKING:
    from typing import Any

    from nemo_run_lint.finding import Finding
    from nemo_run_lint.rule import Rule

__all__ = ["Finding", "Rule", "__version__", "lint_paths", "lint_source"]


def lint_source(text: str, filename: str = "<source>") -> "list[Finding]":
    """What the settings for `filename` (of the nearest pyproject.toml) find in `text`, without what comments silence.

    Raises nemo_run_lint.settings.SettingsError for settings that cannot be meant.
    """
    from nemo_run_lint.runner import run_source

    return list(run_source(text.encode(), filename).findings)


def lint_paths(*paths: str) -> "list[Finding]":
    """What is found in files and directories, each with the settings nearest to it.

    Raises nemo_run_lint.sources.discovery.DiscoveryError for a path that does not exist, SettingsError as above.
    """
    from nemo_run_lint.runner import run

    return list(run(paths).findings)


def __getattr__(name: str) -> "Any":
    if name == "Finding":
        from nemo_run_lint.finding import Finding

        return Finding
    if name == "Rule":
        from nemo_run_lint.rule import Rule

        return Rule
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
