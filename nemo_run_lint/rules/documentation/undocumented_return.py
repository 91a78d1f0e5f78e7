from nemo_run_lint.nemo.docstring import docstring, returned_value
from nemo_run_lint.nemo.docstring_edits import with_return
from nemo_run_lint.nemo.factory import Factory
from nemo_run_lint.nemo.roles import AnyFunction
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class UndocumentedReturn(Rule):
    """What a task, entrypoint or experiment builder returns is said in its docstring.

    A `Returns:` or `Yields:` section in any style will do, or a sentence that begins with "Return". Not asked:
    functions that return nothing, factories whose return type is written (the type says what they make), tests, and
    functions without a docstring, which have a finding already.

    The fix, for docstrings in Google's style or in none, adds the section with a TODO in it, and so is unsafe.

    Bad:

        def evaluate(path: str) -> dict[str, float]:
            \"\"\"Measure a checkpoint.

            Args:
                path: The checkpoint.
            \"\"\"
            return {"loss": 0.1}

        task = run.Partial(evaluate, path="last.ckpt")

    Good:

        def evaluate(path: str) -> dict[str, float]:
            \"\"\"Measure a checkpoint.

            Args:
                path: The checkpoint.

            Returns:
                The loss and the accuracy by name.
            \"\"\"
            return {"loss": 0.1}

        task = run.Partial(evaluate, path="last.ckpt")
    """

    code = "NRL106"
    message = "the docstring of {role} `{name}` does not say what it returns"
    help = "add a `Returns:` section"

    def check(self, function: AnyFunction, file: File) -> Reports:
        written = docstring(function)
        if written is None or written.describes_return or function.is_test:
            return
        says_by_type = isinstance(function, Factory) and function.node.returns is not None
        if returned_value(function) is not None and not says_by_type:
            yield self.at(function.node.name, role=function.role, name=function.name, fix=with_return(function))
