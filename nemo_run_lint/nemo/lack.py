"""What versions of NeMo Run that count for a file lack, and what the other releases tell about it.

Whether a name is new, removed or renamed is worked out from the releases; only which two names are one thing is written
down here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache

import libcst as cst

from nemo_run_lint.nemo.known import apis
from nemo_run_lint.nemo.versions import Api, Known, Missing, api
from nemo_run_lint.project import File
from nemo_run_lint.releases import NEWEST, RELEASES
from nemo_run_lint.rule import NodeEdit, NodeFix

#: What a thing was called, and what the release that took that name away calls it.
RENAMED = {
    "nemo_run.core.execution.base.FaultTolerance": "nemo_run.core.execution.launcher.FaultTolerance",
    "nemo_run.core.execution.base.Torchrun": "nemo_run.core.execution.launcher.Torchrun",
    "nemo_run.core.execution.dgxcloud.DGXCloudExecutor.app_id": (
        "nemo_run.core.execution.dgxcloud.DGXCloudExecutor.client_id"
    ),
    "nemo_run.core.execution.dgxcloud.DGXCloudExecutor.app_secret": (
        "nemo_run.core.execution.dgxcloud.DGXCloudExecutor.client_secret"
    ),
    "nemo_run.lazy": "nemo_run.cli.lazy",
}

#: From either name to the other one.
OTHER_NAME = RENAMED | {new: old for old, new in RENAMED.items()}


@dataclass(frozen=True)
class Lack:
    """What some of the versions that count do not have.

    missing   the name, and whose it would be
    versions  those that lack it, oldest first
    counting  all that count; empty where the project names none, and the newest release is taken
    change    "new" or "removed" by which release, as the releases say; None where none ever had it
    renamed   the path of the same thing under another name, which some release has instead
    """

    missing: Missing
    versions: tuple[str, ...]
    counting: tuple[str, ...]
    change: tuple[str, str] | None
    renamed: str | None

    @property
    def story(self) -> str:
        """`new in 0.10.0`, `removed in 0.5.0`, "renamed to `client_id` in 0.10.0", or nothing."""
        if self.change is None:
            return ""
        what, release = self.change
        if self.renamed is not None:
            what = f"renamed {'to' if what == 'removed' else 'from'} `{self._shown(self.renamed)}`"
        return f"{what} in {release}"

    @property
    def where(self) -> str:
        """The versions, as a message names them: `0.9.0, which this project also uses (new in 0.10.0)`."""
        told = f" ({self.story})" if self.story and self.counting else ""
        return among(self.versions, self.counting) + told

    def advice(self, otherwise: str) -> str:
        """What helps: the story, and `otherwise` where the name may just be a wrong one."""
        is_wrong = self.renamed is None and (self.change is None or self.change[0] == "removed")
        return "; ".join(filter(None, [self.story, otherwise if is_wrong else ""]))

    def fix(self, node: cst.CSTNode, text: str = "") -> NodeFix | None:
        """The other name, or `text`, in place of `node`, where all versions that count have that name.

        It is safe if those versions are known.
        """
        if self.renamed is None or not all(_has(api(each), self.renamed) for each in self.counting or (NEWEST,)):
            return None
        text = text or self._shown(self.renamed)
        return NodeFix(f"write {text}", (NodeEdit(node, text),), safe=bool(self.counting))

    def _shown(self, path: str) -> str:
        """A member by its name, a module or what is imported from another one by its path."""
        owner, _, name = path.rpartition(".")
        return name if owner == self.missing.owner.path else path


def lacking(
    file: File, ask: Callable[[Api], Missing | None], has: Callable[[Api, Missing], bool] | None = None
) -> Lack | None:
    """What `ask` finds missing in versions that count; None if in none.

    `has` tells whether another release has it; without one, it is an attribute.
    """
    missing = {each.version: found for each in apis(file) if (found := ask(each)) is not None}
    if not missing:
        return None
    newest, last = list(missing.items())[-1]
    change = _change(newest, lambda other: (has or _has_attribute)(other, last))
    renamed = OTHER_NAME.get(f"{last.owner.path}.{last.name}")
    return Lack(last, tuple(missing), file.versions, change, renamed)


def has_parameter(other: Api, missing: Missing) -> bool:
    """Whether another release has the callable `missing.owner`, with a parameter of this name."""
    owner = _counterpart(other, missing.owner)
    return owner is not None and missing.name in {each.name for each in other.parameters(owner) or ()}


def other_name(owner: Known, name: str) -> str:
    """What other releases call this member of `owner`, if they do; or the empty string."""
    return OTHER_NAME.get(f"{owner.path}.{name}", "").rpartition(".")[2]


def among(versions: Sequence[str], counting: Sequence[str]) -> str:
    """Versions in words, and that they are only some of those that count: `0.9.0, which this project also uses`."""
    return _listed(versions) + (", which this project also uses" if len(versions) < len(counting) else "")


def _listed(versions: Sequence[str]) -> str:
    """`0.9.0`, `0.9.0 and 0.11.1`, or `0.5.0 to 0.9.0` for what follows one another."""
    first, last = RELEASES.index(versions[0]), RELEASES.index(versions[-1])
    if len(versions) > 2 and last - first + 1 == len(versions):
        return f"{versions[0]} to {versions[-1]}"
    return " and ".join(filter(None, [", ".join(versions[:-1]), versions[-1]]))


def _change(version: str, has: Callable[[Api], bool]) -> tuple[str, str] | None:
    """Which later release than `version` brings what it lacks, or which one took it away."""
    having = [release for release in RELEASES if has(api(release))]
    if version in having:  # it has the name, but in another way: `import nemo_run.Config`
        return None
    later = [release for release in having if RELEASES.index(release) > RELEASES.index(version)]
    if later:
        return "new", later[0]
    return ("removed", RELEASES[RELEASES.index(having[-1]) + 1]) if having else None


def _has_attribute(other: Api, missing: Missing) -> bool:
    owner = _counterpart(other, missing.owner)
    return owner is not None and _has(other, f"{owner.path}.{missing.name}")


def _counterpart(other: Api, known: Known) -> Known | None:
    """The same thing in another release, where it may be defined in another module."""
    if known.kind == "method":
        path, _, name = known.path.rpartition(".")
        owner = _counterpart(other, Known("object", path))
        found = other.attribute(owner, name) if owner is not None else None
        return found if isinstance(found, Known) else None
    path = known.path if other.at(known.path) is not None else other.public.get(known.name, "")
    at = other.at(path)
    if at is None or at.kind != ("class" if known.kind == "object" else known.kind):
        return None
    return Known(known.kind, path)


@cache
def _has(release: Api, path: str) -> bool:
    """Whether a release certainly has a module, something in one, or a member of a class under this path."""
    owner, _, name = path.rpartition(".")
    if owner in release.classes:
        return name in release.members(owner)
    return path in release.modules or (owner in release.modules and name in release.modules[owner]["names"])
