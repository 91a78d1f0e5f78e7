import inspect
import re

import libcst as cst

from nemo_run_lint.nemo.docstring_edits import with_fields
from nemo_run_lint.nemo.experiment import Experiment, ExperimentBuilder
from nemo_run_lint.project import File
from nemo_run_lint.rule import Option, Reports, Rule


class MissingExperimentHeader(Rule):
    """A module that defines an experiment opens with the team's header: who, why, what it needs, what comes out.

    The fields are Author, Description, Dependencies, Parameters and Expected Outputs, each a word with a colon, a
    heading, or bold, in any order and any case, in the module's docstring. The option `fields` names others. Only the
    strict profile asks; tests are not asked.

    The fix adds the fields with a TODO in each, and so is unsafe.

    Bad:

        with run.Experiment("ablation") as exp:
            print(exp)

    Good:

        \"\"\"Measure what dropout brings.

        Author: Ada
        Description: one training run with and one without.
        Dependencies: none
        Parameters: none
        Expected Outputs: two logs
        \"\"\"

        import nemo_run as run

        with run.Experiment("ablation") as exp:
            print(exp)
    """

    code = "NRL108"
    strict = True
    message = "this module defines an experiment, and its docstring does not say: {missing}"
    help = "open the module with a docstring that has the fields {fields}"

    fields = Option(
        ("Author", "Description", "Dependencies", "Parameters", "Expected Outputs"), "what the header must say"
    )

    def check(self, module: cst.Module, file: File) -> Reports:
        made: list[cst.CSTNode] = [
            experiment.node for experiment in file.all(Experiment) if experiment.call is not None
        ]
        made += [builder.node.name for builder in file.all(ExperimentBuilder)]
        tests = [node for node in file.tree.nodes(cst.FunctionDef) if node.name.value.startswith("test")]
        made = [node for node in made if not any(file.tree.inside(node, test) for test in tests)]
        header = inspect.cleandoc(module.get_docstring(clean=False) or "")
        missing = [field for field in self.fields if not _has_field(header, field)]
        if made and missing:
            first = min(made, key=file.tree.order)
            fix = with_fields(module, file, missing)
            yield self.at(first, fix=fix, missing=", ".join(missing), fields=", ".join(self.fields))


def _has_field(header: str, field: str) -> bool:
    words = r"[ _-]+".join(map(re.escape, field.split()))
    heading = rf"^[ \t]*(?:[-*#:@]+[ \t]*)?\**{words}\**[ \t]*\**(?::|[ \t]*$)"
    return bool(re.search(heading, header, re.IGNORECASE | re.MULTILINE))
