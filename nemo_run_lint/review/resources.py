"""What is asked of the machines: the fields of executors, and settings that spare memory and time.

A word in a program is little to go by. What is written out counts, and is shown; whether it is right a person must see.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

from nemo_run_lint.nemo.outline import ExecutorOutline
from nemo_run_lint.review.evidence import Answer, Evidence
from nemo_run_lint.review.modules import Module

#: Fields of executors that say how much is asked for.
_AMOUNTS = frozenset(
    "nodes num_nodes ntasks_per_node nprocs_per_node gpus gpus_per_node gpus_per_task num_gpus gres mem memory "
    "mem_per_cpu mem_per_gpu cpus cpus_per_task cpus_per_gpu resource_shape shm_size shared_memory_size disk_size "
    "instance_type cpu_limits cpu_requests memory_limits memory_requests worker_groups exclusive".split()
)

#: The executor of this very machine, where nothing is asked for.
_LOCAL = "LocalExecutor"

#: Settings that spare memory: NeMo's, Megatron's, PyTorch's, Lightning's, Transformers'.
_MEMORY = (
    "activation_checkpointing activations_checkpoint gradient_checkpointing recompute_granularity recompute_method "
    "cpu_offload cpu_offloading offload precision mixed_precision fp8 bf16 fp16 low_cpu_mem_usage load_in_8bit "
    "load_in_4bit tensor_model_parallel_size pipeline_model_parallel_size context_parallel_size "
    "sequence_parallel fsdp sharding_strategy zero_stage distributed_optimizer use_distributed_optimizer empty_cache"
).split()

#: Settings that spare time.
_TIME = (
    "num_workers pin_memory persistent_workers prefetch_factor torch_compile gradient_accumulation_steps "
    "accumulate_grad_batches overlap_grad_reduce overlap_param_gather tp_comm_overlap cuda_graph "
    "enable_cuda_graph packed_sequence_size flash_attention attention_backend fused benchmark cache_dataset"
).split()

MEMORY, TIME = frozenset(_MEMORY), frozenset(_TIME)

_LOCAL_PATH = re.compile(
    r"(?:/home|/Users|/root|/lustre|/gpfs|/nfs|/scratch|/fsx|/raid|/mnt|/data)/[\w.-]|[A-Za-z]:[\\/]\w|~\w*/\w"
)

#: Values that switch a setting off, or say nothing.
_OFF = (None, False, 0, 32, "", "no", "none", "32", "32-true")


def considered(module: Module, executor: ExecutorOutline) -> tuple[Answer, Evidence]:
    """Whether an executor that a module makes is told how long and how much."""
    given, path = dict(executor.fields), module.path
    amounts = [f"{name}={given[name]}" for name in given if name in _AMOUNTS and given[name] != "None"]
    if executor.kind == _LOCAL:
        question = "LocalExecutor asks for nothing: does this machine have what is needed?"
        return Answer.PERSON, Evidence(question, path, executor.line)
    has_time = executor.kind != "SlurmExecutor" or given.get("time", "None") != "None"
    if amounts and has_time:
        time = [f"time={given['time']}"] if "time" in given else []
        asked = ", ".join(f"`{each}`" for each in (*time, *amounts))
        return Answer.PASSES, Evidence(f"{executor.kind} asks for {asked}", path, executor.line)
    if _takes_fields_from_elsewhere(module, executor.line):
        question = f"{executor.kind} is handed its fields: do they say how long and how much?"
        return Answer.PERSON, Evidence(question, path, executor.line)
    lacks = " and ".join(["how long"] * (not has_time) + ["how much"] * (not amounts))
    return Answer.MISSING, Evidence(f"{executor.kind} is not told {lacks}", path, executor.line)


def _takes_fields_from_elsewhere(module: Module, line: int) -> bool:
    """Whether a call on a line has `**fields`."""
    calls = (each for each in ast.walk(module.tree) if isinstance(each, ast.Call) and each.lineno == line)
    return any(given.arg is None for call in calls for given in call.keywords)


def mentions(path: str, nodes: Iterable[ast.AST], names: frozenset[str]) -> Iterator[Evidence]:
    """Where one of the settings is given a value that switches it on: an argument, an attribute, a field."""
    for node in nodes:
        for name, value, line in _given(node):
            if name in names and _is_on(name, value):
                written = ast.unparse(value)
                shown = written if len(written) <= 40 else f"{written[:39]}…"
                yield Evidence(f"`{name}` is set to `{shown}`", path, line)


def local_paths(path: str, node: ast.AST) -> Iterator[Evidence]:
    """Texts that look like paths of one user or one cluster; not in docstrings."""
    said = {id(each.value) for each in ast.walk(node) if isinstance(each, ast.Expr)}
    for each in ast.walk(node):
        written = each.value if isinstance(each, ast.Constant) and id(each) not in said else None
        if isinstance(written, str) and _LOCAL_PATH.match(written):
            shown = written if len(written) <= 60 else f"{written[:59]}…"
            yield Evidence(f"`{shown}` is written in the code: is it there for everybody?", path, each.lineno)  # type: ignore[attr-defined]


def _is_on(name: str, value: ast.expr) -> bool:
    """Whether a value is written out that switches a setting on; what is only handed on says nothing."""
    if isinstance(value, ast.Constant):
        return value.value not in _OFF and not (name.endswith("parallel_size") and value.value == 1)
    return isinstance(value, (ast.Call, ast.List, ast.Tuple, ast.Dict))


def _given(node: ast.AST) -> Iterator[tuple[str, ast.expr, int]]:
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            yield from ((given.arg, given.value, given.value.lineno) for given in each.keywords if given.arg)
        elif isinstance(each, ast.Assign):
            for target in each.targets:
                if isinstance(target, ast.Attribute):
                    yield target.attr, each.value, each.lineno
        elif isinstance(each, ast.AnnAssign) and each.value is not None and isinstance(each.target, ast.Name):
            yield each.target.id, each.value, each.lineno
        elif isinstance(each, ast.Dict):
            for key, value in zip(each.keys, each.values, strict=True):
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value, value, value.lineno
