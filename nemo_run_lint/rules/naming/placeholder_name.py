import re
from pathlib import PurePath

import libcst as cst

from nemo_run_lint.nemo.given_name import GivenName
from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, Reports, Rule


class PlaceholderName(Rule):
    """A name like `test`, `foo` or `TODO` was meant to be replaced.

    Experiments are looked up by their names weeks later, and in a shared queue everybody has a `test`. A name is a
    placeholder when it is one of the words in the setting `placeholders`, in capitals or not, with a number behind it
    or not (`test2`), begins with TODO or FIXME, or repeats one character (`aaa`).

    Not reported in tests, and not for names of which a part is filled in when the program runs.

    Bad:

        def train(): ...

        with run.Experiment("test") as exp:
            exp.add(run.Partial(train), name="foo")

    Good:

        def train(): ...

        with run.Experiment("llama-pretraining") as exp:
            exp.add(run.Partial(train), name="train-llama")
    """

    code = "NRL304"
    message = "{what} `{name}` is a placeholder"
    help = "say what it does: `llama3-8b-pretraining`"

    placeholders = Option(
        tuple(
            "test tests testing foo bar baz qux foobar foo-bar tmp temp asdf qwerty abc xyz todo fixme tbd untitled "
            "unnamed noname placeholder changeme change-me dummy blah whatever my-experiment my-exp my-task my-job "
            "my-name experiment-name task-name your-experiment your-name your-task new-experiment test-experiment "
            "test-exp test-task test-run test-job".split()
        ),
        "names that say nothing, with `-` between words",
    )

    def check(self, name: GivenName, file: File) -> Reports:
        if name.text is not None and self._is_placeholder(name.text) and not _in_test(file, name.node):
            yield self.at(name.node, what=name.what, name=name.text)

    def _is_placeholder(self, name: str) -> bool:
        word = re.sub(r"[\s_-]+", "-", name.strip().lower()).strip("-")
        return (
            word in self.placeholders
            or re.sub(r"-?\d+$", "", word) in self.placeholders
            or re.match(r"(todo|fixme)\b", word) is not None
            or (len(word) > 2 and len(set(word)) == 1 and not word.isdigit())
        )


def _in_test(file: File, node: cst.CSTNode) -> bool:
    path = PurePath(file.path)
    named_so = path.name.startswith("test_") or path.stem.endswith("_test") or path.name == "conftest.py"
    return named_so or "tests" in path.parts or file.in_test(node)
