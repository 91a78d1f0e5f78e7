"""The arguments that may be given next in a run.Config or run.Partial, as an editor lists them."""

from __future__ import annotations

from lsprotocol import types

from nemo_run_lint.language_server.pages import place_of, shown
from nemo_run_lint.language_server.targets import Offered
from nemo_run_lint.signatures.signature import Parameter, Signature


def items(offered: Offered, replaced: types.Range) -> list[types.CompletionItem]:
    """A line for each parameter, the required ones first; each replaces what is typed of the name."""
    return [
        _item(parameter, signature, offered.is_named, replaced, place)
        for place, (parameter, signature) in enumerate(offered.parameters)
    ]


def _item(
    parameter: Parameter, signature: Signature, is_named: bool, replaced: types.Range, place: int
) -> types.CompletionItem:
    text = parameter.name if is_named else f"{parameter.name}="
    told = f"Parameter of `{signature.name}`, defined in {place_of(signature)}"
    return types.CompletionItem(
        label=f"{parameter.name}=",
        kind=types.CompletionItemKind.Field,
        detail=shown(parameter),
        documentation=types.MarkupContent(types.MarkupKind.Markdown, told),
        sort_text=f"{place:05}",
        filter_text=parameter.name,
        text_edit=types.TextEdit(replaced, text),
    )
