from nemo_run_lint.nemo.given_name import GivenName
from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, Reports, Rule


class ShortName(Rule):
    """A name of one or two characters tells nobody what ran.

    The names of experiments and tasks are what the team sees in the queue, in the directories of results and in
    `nemorun experiment`. The team's standard asks for a descriptive name of at least three characters.

    The name is found however it is given: to `exp.add(name=)`, `run.run(name=)`, `run.Experiment(...)` and
    `run.Task(...)`, directly or by a variable. An f-string with something to fill in is not judged.

    Bad:

        with run.Experiment("e1") as exp:
            pass

    Good:

        with run.Experiment("llama-pretraining") as exp:
            pass
    """

    code = "NRL302"
    message = "{what} `{name}` is shorter than {minimum} characters"
    help = "say what it does: `llama3-8b-pretraining`"

    minimum_length = Option(3, "the shortest name that is accepted, in characters")

    def check(self, name: GivenName, file: File) -> Reports:
        if name.text is None or (not name.text and name.is_task):
            return  # an empty name of a task is none at all: unnamed-task
        if len(name.text.strip()) < self.minimum_length:
            yield self.at(name.node, what=name.what, name=name.text, minimum=self.minimum_length)
