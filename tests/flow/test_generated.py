"""Generated recipes: whatever they do, the walk ends, and what it says depends on the program alone.

Not on what was followed before with the same index, nor on the order of the files, nor on what is remembered.
"""

from __future__ import annotations

import ast
import tempfile
from pathlib import Path

from flow.following import followed, written
from hypothesis import given, settings
from hypothesis import strategies as st

from nemo_run_lint.signatures.index import Index

TARGETS = """
import nemo_run as run

class Adam:
    def __init__(self, lr=1e-3, *, model=None): ...

class Model:
    def __init__(self, size: int = 1, inner=None): ...

def train(model, optim=None, steps: int = 1): ...

def any_of(size=1, **others): ...
"""

#: The functions of the two files that others import, each of which may call all of them.
FUNCTIONS = {"first": ("f0", "f1", "f2"), "second": ("f3", "f4", "f5")}

names = st.sampled_from(["a", "b", "c", "task"])
fields = st.sampled_from(["size", "inner", "model", "optim", "steps", "lr", "sise"])
targets = st.sampled_from(["Adam", "Model", "train", "any_of", "target"])
functions = st.sampled_from([name for listed in FUNCTIONS.values() for name in listed])
conditions = st.sampled_from(
    ["x", "a", "a is None", "task is not None", "task.inner", "a == 1", "True", "0", "hasattr(b, 'size')", "x > 1 or a"]
)


def joined(*parts: st.SearchStrategy[str] | str, by: str = "") -> st.SearchStrategy[str]:
    """Texts made of these parts."""
    return st.tuples(*(st.just(each) if isinstance(each, str) else each for each in parts)).map(by.join)


atoms = st.one_of(names, st.sampled_from(["None", "0", "1", "'text'", "x", "x()", "make"]))
expressions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        joined("run.Config(", targets, ")"),
        joined("run.Config(", targets, ", ", fields, "=", inner, ")"),
        joined("run.Partial(", targets, ", ", inner, ", ", fields, "=", inner, ")"),
        joined(functions, "(", inner, ")"),
        joined(functions, "(", inner, ", b=", inner, ")"),
        joined(functions, "(*[", inner, "], **{'b': ", inner, "})"),
        joined(names, ".", fields),
        joined(names, ".", fields, ".", fields),
        joined("(", inner, " if ", conditions, " else ", inner, ")"),
        joined("(", inner, " or ", inner, ")"),
        joined("[", inner, ", ", inner, "][", st.sampled_from(["0", "1", "x", "-1"]), "]"),
        joined("{'a': ", inner, "}.get('a')"),
        joined("(lambda a=", inner, ": ", inner, ")()"),
        joined("[", inner, " for ", names, " in [", inner, "]]"),
        joined("(", names, " := ", inner, ")"),
        joined(names, ".clone()"),
        joined(names, "()"),
    ),
    max_leaves=6,
)


def block(statement: st.SearchStrategy[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(statement, min_size=1, max_size=4)


def indented(block: list[str]) -> str:
    return "\n".join(f"    {line}" for statement in block for line in statement.splitlines())


simple = st.one_of(
    joined(names, " = ", expressions),
    joined(names, ".", fields, " = ", expressions),
    joined(names, ".", fields, ".", fields, " = ", expressions),
    joined(names, ".append(", expressions, ")"),
    joined("del ", names, ".", fields),
    joined("a, b = ", expressions, ", ", expressions),
    joined("run.run(", names, ")"),
    joined("x(", names, ")"),
    joined("return ", expressions),
    st.sampled_from(["break", "continue", "raise KeyError", "pass", "global task", "yield a", "import x as b"]),
    expressions,
)
statements = st.recursive(
    simple,
    lambda inner: st.one_of(
        *(
            st.tuples(st.just(form), st.lists(conditions, min_size=2, max_size=2), block(inner), block(inner)).map(
                lambda parts: parts[0].format(parts[1][0], indented(parts[2]), indented(parts[3]), parts[1][1])
            )
            for form in (
                "if {0}:\n{1}\nelse:\n{2}",
                "if {0}:\n{1}\nelif {3}:\n{2}",
                "for task in [a, b]:\n{1}\nelse:\n{2}",
                "while {0}:\n{1}",
                "while True:\n{1}\n    if {0}: break",
                "try:\n{1}\nexcept KeyError:\n{2}",
                "try:\n{1}\nfinally:\n{2}",
                "try:\n{1}\nexcept AttributeError:\n{2}",
                "with x as c:\n{1}",
                "def make(a=task):\n{1}",
                "def make():\n    nonlocal_ = a\n{1}\nc = make()",
                "match {0}:\n    case 1:\n        pass\n    case task:\n        x(task)",
            )
        )
    ),
    max_leaves=5,
)


def module(functions_of: tuple[str, ...], imported: str, first: str) -> st.SearchStrategy[str]:
    """The text of a file with these functions."""
    bodies = st.lists(block(statements), min_size=len(functions_of), max_size=len(functions_of))

    def text(listed: list[list[str]]) -> str:
        made = "".join(
            f"def {name}(a=None, b=1, target=Model):\n    task = c = None\n{indented(body)}\n    return task\n\n"
            for name, body in zip(functions_of, listed, strict=True)
        )
        return f"{first}from {imported} import *\n\n{made}"

    return bodies.map(text).filter(is_python)


def script() -> st.SearchStrategy[str]:
    """A file that uses the others."""
    body = block(statements).map(
        lambda body: f"def main(x, a, b=run.Config(Model), target=train):\n    task = a\n{indented(body)}\n"
    )
    lines = st.lists(
        simple.filter(lambda line: is_python(line) and "return" not in line and "yield" not in line), max_size=5
    )
    imports = "from targets import *\nfrom first import *\nfrom second import *\n\n"
    return (
        st.tuples(body, lines)
        .map(lambda parts: f"{imports}a = b = c = task = target = None\n{parts[0]}\n" + "\n".join(parts[1]))
        .filter(is_python)
    )


def is_python(text: str) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


programs = st.fixed_dictionaries(
    {
        "targets.py": st.just(TARGETS),
        "first.py": module(FUNCTIONS["first"], "second", "from targets import *\n"),
        "second.py": module(FUNCTIONS["second"], "first", "from targets import *\n"),
        "one.py": script(),
        "two.py": script(),
    }
)


def said(index: Index, directory: Path, name: str) -> list[str]:
    """All that is said of a file, with every detail."""
    path = directory / name
    found = followed(path.read_text(encoding="utf-8"), index, str(path)).problems
    return sorted(
        f"{each.node.lineno}:{each.node.col_offset} {each.wrong.name} {each.when.name} {each.owner} {each.name} "  # type: ignore[attr-defined]
        f"{each.near} {each.detail} {each.is_conditional} {each.steps} {each.callers}"
        for each in found
    )


@settings(max_examples=12, deadline=None)
@given(programs)
def test_what_is_said_depends_on_the_program_alone(program: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory() as name:
        directory = Path(name)
        fresh = {file: said(written(directory, program), directory, file) for file in program}
        for order in (sorted(program), sorted(program, reverse=True)):
            used = written(directory, program)
            for file in [*order, *order]:
                assert said(used, directory, file) == fresh[file], f"{file} after {order}"
