"""How arguments meet parameters, against `inspect` and real calls; and which parameter a wrong name was meant to be."""

from __future__ import annotations

import inspect
import string
from collections.abc import Sequence

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from nemo_run_lint.signatures.binding import Bound, Given, bind, is_near_miss, near
from nemo_run_lint.signatures.signature import Kind, Parameter

NAMES = "abcde"
UNKNOWN = "xy"


@st.composite
def parameter_lists(draw: st.DrawFn) -> list[Parameter]:
    """Any list of parameters that Python allows."""
    names = draw(st.lists(st.sampled_from(NAMES), unique=True, max_size=5))
    kinds = sorted(draw(st.tuples(*(st.sampled_from(list(Kind)) for _ in names))))
    found: list[Parameter] = []
    for name, kind in zip(names, kinds, strict=True):
        stars = (Kind.VAR_POSITIONAL, Kind.VAR_KEYWORD)
        if kind in stars and any(each.kind is kind for each in found):
            continue
        needs_default = kind <= Kind.POSITIONAL_OR_KEYWORD and any(each.default for each in found)
        has_default = kind not in stars and (needs_default or draw(st.booleans()))
        found.append(Parameter(name, kind, default="0" if has_default else None))
    return found


calls = st.builds(
    Given,
    st.lists(st.integers(1, 9), max_size=6).map(tuple),
    st.dictionaries(st.sampled_from(NAMES + UNKNOWN), st.integers(1, 9), max_size=5),
)


def signature(parameters: Sequence[Parameter]) -> inspect.Signature:
    def default(parameter: Parameter) -> object:
        return 0 if parameter.default else inspect.Parameter.empty

    return inspect.Signature(
        [
            inspect.Parameter(each.name, inspect._ParameterKind(int(each.kind)), default=default(each))
            for each in parameters
        ]
    )


def function(parameters: Sequence[Parameter]) -> object:
    """A real function with these parameters, that returns what each of them got."""
    space: dict[str, object] = {}
    exec(f"def function{signature(parameters)}: return dict(locals())", space)
    return space["function"]


def is_refused(bound: Bound[int]) -> bool:
    return bool(bound.unknown or bound.by_place_only or bound.twice or bound.surplus)


def meets_place_only(parameters: Sequence[Parameter], call: Given[int]) -> bool:
    """Whether a keyword has the name of a positional-only parameter, which some versions of `inspect` misjudge."""
    return any(each.kind is Kind.POSITIONAL_ONLY and each.name in call.keywords for each in parameters)


@given(parameter_lists(), calls)
def test_a_call_is_accepted_exactly_if_python_accepts_it(parameters: list[Parameter], call: Given[int]) -> None:
    bound = bind(parameters, call)
    try:
        got = function(parameters)(*call.placed, **call.keywords)  # type: ignore[operator]
    except TypeError:
        assert is_refused(bound) or bound.missing
        return
    assert not is_refused(bound)
    assert not bound.missing
    plain = {each.name for each in parameters if each.kind not in (Kind.VAR_POSITIONAL, Kind.VAR_KEYWORD)}
    assert bound.arguments == {name: value for name, value in got.items() if name in plain and value != 0}
    taken = next((got[each.name] for each in parameters if each.kind is Kind.VAR_KEYWORD), {})
    assert taken == {name: call.keywords[name] for name in bound.swallowed}


@given(parameter_lists(), calls, st.booleans())
def test_inspect_binds_and_partially_binds_the_same_calls(
    parameters: list[Parameter], call: Given[int], is_partial: bool
) -> None:
    assume(not meets_place_only(parameters, call) or not any(each.kind is Kind.VAR_KEYWORD for each in parameters))
    bound = bind(parameters, call)
    real = signature(parameters)
    try:
        (real.bind_partial if is_partial else real.bind)(*call.placed, **call.keywords)
    except TypeError:
        assert is_refused(bound) or (bound.missing and not is_partial)
    else:
        assert not is_refused(bound)
        assert is_partial or not bound.missing


@given(parameter_lists(), calls)
@example([Parameter("a"), Parameter("b")], Given((1, 2, 3), {"a": 1, "x": 2}))
def test_without_the_culprits_and_with_what_is_missing_a_call_is_accepted(
    parameters: list[Parameter], call: Given[int]
) -> None:
    bound = bind(parameters, call)
    wrong = {*bound.unknown, *bound.by_place_only, *bound.twice}
    placed = call.placed[: len(call.placed) - len(bound.surplus)]
    assert call.placed == (*placed, *bound.surplus)
    missing_places = [each for each in parameters if each.kind is Kind.POSITIONAL_ONLY and each.name in bound.missing]
    keywords = {name: value for name, value in call.keywords.items() if name not in wrong}
    keywords |= {name: 1 for name in bound.missing if name not in {each.name for each in missing_places}}
    function(parameters)(*placed, *(1 for _ in missing_places), **keywords)  # type: ignore[operator]


@given(parameter_lists(), calls)
def test_every_culprit_alone_is_refused(parameters: list[Parameter], call: Given[int]) -> None:
    bound = bind(parameters, call)
    bind_partial = signature(parameters).bind_partial
    for name in (*bound.unknown, *bound.by_place_only):
        with pytest.raises(TypeError):
            bind_partial(**{name: 1})
    for name in bound.twice:
        with pytest.raises(TypeError):
            bind_partial(*call.placed, **{name: 1})
    if bound.surplus:
        with pytest.raises(TypeError):
            bind_partial(*call.placed)


@given(parameter_lists(), calls, st.booleans(), st.booleans(), calls)
def test_what_a_star_may_give_is_not_missing(
    parameters: list[Parameter], call: Given[int], more_placed: bool, more_keywords: bool, more: Given[int]
) -> None:
    bound = bind(parameters, Given(call.placed, call.keywords, more_placed, more_keywords))
    whole = Given(
        (*call.placed, *(more.placed if more_placed else ())),
        {**(more.keywords if more_keywords else {}), **call.keywords},
    )
    real = bind(parameters, whole)
    assert set(bound.missing) <= set(real.missing)
    assert set(bound.unknown) <= set(real.unknown)
    assert set(bound.twice) <= set(real.twice)
    assert real.surplus[: len(bound.surplus)] == bound.surplus


def test_a_star_of_one_kind_does_not_give_the_other() -> None:
    parameters = [Parameter("a", Kind.POSITIONAL_ONLY), Parameter("b"), Parameter("c", Kind.KEYWORD_ONLY)]
    assert bind(parameters, Given((), {})).missing == ("a", "b", "c")
    assert bind(parameters, Given((), {}, more_placed=True)).missing == ("c",)
    assert bind(parameters, Given((), {}, more_keywords=True)).missing == ("a",)


def test_of_an_argument_given_twice_the_placed_one_counts() -> None:
    bound = bind([Parameter("a"), Parameter("b")], Given((1,), {"a": 2, "b": 3}))
    assert bound.twice == ("a",)
    assert bound.arguments == {"a": 1, "b": 3}


def test_keywords_are_told_in_the_order_of_the_call() -> None:
    assert bind([Parameter("a")], Given((1,), {"y": 1, "a": 2, "x": 3})).unknown == ("y", "x")


# -- near names --------------------------------------------------------------------------------------------------

#: Parameters of one training strategy, such as they occur together.
PARAMETERS = (
    "tensor_model_parallel_size pipeline_model_parallel_size context_parallel_size sequence_parallel "
    "expert_model_parallel_size gradient_accumulation_fusion ckpt_async_save ddp find_unused_parameters "
    "virtual_pipeline_model_parallel_size num_nodes devices precision max_steps val_check_interval lr bias"
).split()

words = st.lists(st.text(string.ascii_lowercase, min_size=4, max_size=9), min_size=1, max_size=4)


@st.composite
def slips(draw: st.DrawFn) -> tuple[str, str]:
    """A name, and the same with one letter missing, too many, wrong, or two that have changed places."""
    name = "_".join(draw(words))
    place = draw(st.integers(0, len(name) - 1).filter(lambda place: name[place] != "_"))
    letter = draw(st.sampled_from(string.ascii_lowercase))
    swapped = name[:place] + name[place : place + 2][::-1] + name[place + 2 :]
    return name, draw(
        st.sampled_from(
            [
                name[:place] + name[place + 1 :],
                name[:place] + letter + name[place:],
                name[:place] + letter + name[place + 1 :],
                swapped,
            ]
        )
    )


@given(slips())
def test_one_slip_is_recognised(pair: tuple[str, str]) -> None:
    name, slip = pair
    assume(slip != name)
    assert near(slip, [name]) == name
    assert near(name, [slip]) == slip


@given(slips())
def test_a_slip_in_a_long_name_is_a_near_miss_both_ways(pair: tuple[str, str]) -> None:
    name, slip = pair
    assume(min(len(name.replace("_", "")), len(slip.replace("_", ""))) >= 9)
    assert is_near_miss(name, slip)
    assert is_near_miss(slip, name)


@given(words)
def test_case_and_underscores_do_not_matter(parts: list[str]) -> None:
    name = "_".join(parts)
    for spelling in ("".join(parts), name.upper(), "".join(map(str.title, parts)), f"_{name}", f"{name}_"):
        if spelling != name:
            assert near(spelling, [name, "quite_another_one"]) == name
            assert is_near_miss(spelling, name)


@given(slips(), st.lists(st.sampled_from(PARAMETERS)))
def test_the_order_and_number_of_candidates_does_not_matter(pair: tuple[str, str], others: list[str]) -> None:
    assert near(pair[1], [pair[0], *others]) == near(pair[1], [*reversed(others), pair[0], pair[0]])


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("tensor_model_paralel_size", "tensor_model_parallel_size"),
        ("tensor_parallel_model_size", None),
        ("tensor_model_parallel", "tensor_model_parallel_size"),
        ("gradient_acumulation_fusoin", "gradient_accumulation_fusion"),
        ("find_unused_parameter", "find_unused_parameters"),
        ("maxSteps", "max_steps"),
        ("device", "devices"),
        ("dp", "ddp"),
        ("dddp", "ddp"),
        ("r", None),
        ("wd", None),
        ("baseline", None),
        ("min_steps", None),
        ("max_epochs", None),
        ("", None),
    ],
)
def test_the_parameter_that_was_meant(name: str, meant: str | None) -> None:
    assert near(name, PARAMETERS) == meant


@pytest.mark.parametrize(
    ("name", "candidates"),
    [
        ("tp_size", ["dp_size", "pp_size"]),
        ("tp_size", ["dp_size"]),
        ("hidden_sizes", ["hidden_size", "hidden_sizess"]),
        ("beta3", ["beta1", "beta2"]),
        ("beta2", ["beta1"]),
        ("fp8_recipe", ["fp4_recipe"]),
        ("a_b", ["ab", "a__b"]),
        ("name", ["name"]),
        ("name", []),
    ],
)
def test_names_are_not_guessed_where_two_are_as_near_or_none_is(name: str, candidates: list[str]) -> None:
    assert near(name, candidates) is None


@pytest.mark.parametrize(
    ("name", "candidate"),
    [
        ("min_position_embeddings", "max_position_embeddings"),
        ("encoder_num_layers", "decoder_num_layers"),
        ("tp_comm_overlap_enabled", "dp_comm_overlap_enabled"),
        ("conv1_kernel_size", "conv2_kernel_size"),
        ("use_cache", "use_kv_cache"),
        ("bais", "bias"),
        ("lr", "l"),
    ],
)
def test_names_that_may_well_both_exist_are_no_near_miss(name: str, candidate: str) -> None:
    assert not is_near_miss(name, candidate)
    assert not is_near_miss(candidate, name)
