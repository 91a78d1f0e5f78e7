"""NeMo Run's own classes and functions, where they are not installed: from the recorded API of its newest release."""

from __future__ import annotations

from nemo_run_lint.nemo.versions import Known, api
from nemo_run_lint.signatures.signature import Kind, Parameter, Place, Signature

_KINDS = {
    "place": Kind.POSITIONAL_ONLY,
    "positional": Kind.POSITIONAL_OR_KEYWORD,
    "star": Kind.VAR_POSITIONAL,
    "keyword": Kind.KEYWORD_ONLY,
    "stars": Kind.VAR_KEYWORD,
}

#: A module in which the names that annotations use mean what they mean everywhere.
_NAMES_OF = "typing"


def own_signature(path: str) -> Signature | None:
    """What a class or function takes that is imported by this path, `nemo_run.SlurmExecutor`; None if not recorded."""
    module, _, name = path.rpartition(".")
    found = api().imported(module, name)
    parameters = api().parameters(found) if isinstance(found, Known) and found.kind in ("class", "function") else None
    if parameters is None:
        return None
    return Signature(
        name,
        Place(module, 0, f"nemo_run {api().version}"),
        tuple(
            Parameter(
                each.name,
                _KINDS[each.kind],
                each.annotation,
                None if each.required or each.kind in ("star", "stars") else each.default or "...",
                _NAMES_OF,
            )
            for each in parameters
        ),
    )
