from nemo_run_lint.nemo.docstring import docstring
from nemo_run_lint.nemo.docstring_edits import begun
from nemo_run_lint.nemo.task import Task
from nemo_run_lint.project import File
from nemo_run_lint.rule import Reports, Rule


class UndocumentedTask(Rule):
    """A task runs on another machine, days later, for someone else: its docstring says what it does.

    The team standard asks for one on every function that run.Partial, run.Config or run.Task wraps in the same file,
    by its name, by a variable or by `self.x`. Tests are not asked.

    The fix begins one with a TODO for everything that it has to say, and is unsafe: only a person knows the rest.

    Bad:

        def train(steps: int) -> None:
            print(steps)

        task = run.Partial(train, steps=100)

    Good:

        def train(steps: int) -> None:
            \"\"\"Train the model for a number of steps.\"\"\"
            print(steps)

        task = run.Partial(train, steps=100)
    """

    code = "NRL101"
    message = "task `{name}` has no docstring"
    help = "say in a docstring what it does, what its parameters mean and what it leaves behind"

    def check(self, task: Task, file: File) -> Reports:
        if docstring(task) is None and not task.is_test:
            yield self.at(task.node.name, name=task.name, fix=begun(task))
