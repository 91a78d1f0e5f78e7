"""Where the open `**kwargs` of well-known classes end up: the names that are read there, as data.

These ends lie in libraries that are seldom installed where code is linted, such as torch. A name that nothing reads is
passed over in silence, or refused on the node.
"""

from __future__ import annotations

from collections.abc import Iterable

from nemo_run_lint.signatures.callables import signatures
from nemo_run_lint.signatures.index import Index
from nemo_run_lint.signatures.signature import Signature
from nemo_run_lint.signatures.symbols import Class

#: Parameters of torch.nn.parallel.DistributedDataParallel (torch 2.3 to 2.9), to which these classes hand them.
_DATA_PARALLEL = frozenset(
    "module device_ids output_device dim broadcast_buffers init_sync process_group bucket_cap_mb "
    "find_unused_parameters check_reduction gradient_as_bucket_view static_graph delay_all_reduce_named_params "
    "param_to_hook_all_reduce mixed_precision device_mesh skip_all_reduce_unused_params".split()
)

#: By the path of the class whose `**kwargs` are meant; classes that descend from it hand theirs on to it.
_READ = {
    "lightning.pytorch.strategies.ddp.DDPStrategy": _DATA_PARALLEL,
    "pytorch_lightning.strategies.ddp.DDPStrategy": _DATA_PARALLEL,
}


def read_names(index: Index, cls: Class) -> frozenset[str] | None:
    """The names that are read of what a class takes, by keyword or by `**kwargs`; None where that is not known."""
    ancestors, _ = index.mro(cls)
    reading = next((place for place, each in enumerate(ancestors) if each.name in _READ), None)
    if reading is None:
        return None
    names = set(_READ[ancestors[reading].name])
    for each in ancestors[: reading + 1]:
        accepted = signatures(index, each)
        if not isinstance(accepted, tuple):
            return None
        names.update(_names(accepted))
    return frozenset(names)


def _names(accepted: Iterable[Signature]) -> Iterable[str]:
    return (name for signature in accepted for name in signature.names)
