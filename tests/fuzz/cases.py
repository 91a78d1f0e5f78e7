"""What is fuzzed: files of all kinds, made by the grammar or from texts that people wrote, and mutated."""

from __future__ import annotations

from fuzz.containers import notebooks, pages
from fuzz.examples import examples, released
from fuzz.grammar import programs
from fuzz.invariants import Case
from fuzz.mutations import encoded, mutated
from hypothesis import strategies as st

grown = programs()
#: One example after the other, some in a block: what is true of each may not be of all together.
written = st.deferred(lambda: st.lists(st.sampled_from(examples()), min_size=1, max_size=4).map("\n".join))
long = st.deferred(lambda: st.sampled_from(released() or examples()))
short = st.one_of(written, written, grown)


def modules(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Case]:
    """Modules whose text is one of `texts`, mutated."""
    return st.builds(Case, st.just(".py"), encoded(mutated(texts)))


def containers(texts: st.SearchStrategy[str]) -> st.SearchStrategy[Case]:
    """Notebooks and pages with these texts."""
    return st.one_of(
        st.builds(Case, st.just(".ipynb"), notebooks(texts)),
        st.builds(Case, st.just(".md"), encoded(pages(texts, is_markdown=True))),
        st.builds(Case, st.just(".rst"), encoded(pages(texts, is_markdown=False))),
    )


#: By name, what is fuzzed; each campaign goes through all of them.
KINDS: dict[str, st.SearchStrategy[Case]] = {
    "grown": st.builds(Case, st.just(".py"), encoded(grown)),
    "mutated": modules(short),
    "examples": modules(written),
    "released": modules(long),
    "containers": containers(mutated(short)),
}
