"""The scripts that are compared: targets of every kind, each in several of the uses of `uses.md`. The same every time."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from keyword import iskeyword
from pathlib import Path
from random import Random
from string import Template

from differential.parameters import KEYWORD_ONLY, PLACE_ONLY, Parameter
from differential.targets import Block, Target, blocks, targets

USES = Path(__file__).with_name("uses.md")

SEED = 11
TARGETS_OF_A_KIND = 3
USES_OF_A_TARGET = 7

OPENING = "import fiddle as fdl\nimport nemo_run as run\n"


@dataclass(frozen=True)
class Script:
    """One use of one target.

    name           of its file
    opening_lines  how many lines at its top only bring the target
    """

    name: str
    use: str
    target: Target
    text: str
    opening_lines: int

    @property
    def label(self) -> str:
        """`script_0001.py: unknown keyword, of a frozen dataclass`."""
        return f"{self.name}: {self.use}, of: {self.target.kind}"


def scripts(seed: int = SEED, each: int = TARGETS_OF_A_KIND) -> Iterator[Script]:
    """Every script; each target is put to those of its uses that have had the fewest scripts so far."""
    random = Random(seed)
    uses = blocks(USES)
    had: Counter[str] = Counter()
    number = 0
    for target in targets(random, each):
        words = _words(random, target)
        fitting = [use for use in uses if _names(use) <= words.keys()]
        random.shuffle(fitting)
        fitting.sort(key=lambda use: had[use.heading])
        for use in fitting[:USES_OF_A_TARGET]:
            number += 1
            had[use.heading] += 1
            words["Buildable"] = random.choice(["Config", "Partial"])
            opening = f"{OPENING}\n{target.opening}\n\n"
            body = Template(use.code).substitute(words)
            if random.random() < 0.1 and not re.search(r"fdl\.Config|cli\.|class Config", body):
                opening = f"from nemo_run import Config, Partial\n{opening}"
                body = re.sub(r"\brun\.(Config|Partial)\b", r"\1", body)
            yield Script(f"script_{number:04}.py", use.heading, target, opening + body, opening.count("\n"))


def write(directory: Path, made: list[Script]) -> None:
    """Lay the scripts, and the modules that they import, into `directory`."""
    for script in made:
        for path, text in {**script.target.files, script.name: script.text}.items():
            (directory / path).parent.mkdir(exist_ok=True)
            (directory / path).write_text(text, encoding="utf-8")


def _names(use: Block) -> set[str]:
    return set(re.findall(r"\$(\w+)", use.code))


def _words(random: Random, target: Target) -> dict[str, str]:
    """What stands for the words of a use; words that the target has nothing for are left out."""
    parameters = target.parameters
    required = [each for each in parameters if each.default is None]
    optional = [each for each in parameters if each.default is not None]
    good = required or optional[:1]
    by_keyword = [each for each in parameters if each.sort != PLACE_ONLY]
    spare = [each for each in by_keyword if each not in good]
    words = {
        "Buildable": "Config",
        "target": target.expression,
        "root": re.split(r"\W", target.expression)[0],
        "good": _given(good),
        "all": _given(parameters),
        "unknown": _unknown(random, target),
        "first_value": parameters[0].value,
    }
    places = [each.value for each in parameters if each.sort != KEYWORD_ONLY]
    if places:
        words["places"] = ", ".join(places)
    if parameters[0].sort not in (PLACE_ONLY, KEYWORD_ONLY):
        words["first_name"] = parameters[0].name
    _choose(random, words, "known", by_keyword, "value")
    _choose(random, words, "spare", spare, "spare_value")
    _choose(random, words, "place_only", [each for each in parameters if each.sort == PLACE_ONLY])
    _choose(random, words, "optional", [each for each in spare if each.default in ("1", "2", "0.1")])
    _choose(random, words, "none", [each for each in spare if each.default == "None"])
    _choose(random, words, "made_default", [each for each in spare if each.is_made])
    left_out = [each for each in required if each.sort != PLACE_ONLY]
    if left_out:
        one = random.choice(left_out)
        words |= {"required": one.name, "required_value": one.value}
        words["without"] = _given([each for each in required if each is not one])
    return words


def _choose(random: Random, words: dict[str, str], word: str, among: list[Parameter], value: str = "") -> None:
    """Let `word` be the name of one of the parameters, and `value` its value, if there is any."""
    if among:
        one = random.choice(among)
        words[word] = one.name
        if value:
            words[value] = one.value


def _given(parameters: list[Parameter] | tuple[Parameter, ...]) -> str:
    return ", ".join(each.given for each in parameters)


def _unknown(random: Random, target: Target) -> str:
    """A misspelt parameter, or an unrelated word, that occurs nowhere in the target's source."""
    names = [each.name for each in target.parameters]
    taken = {*names, *re.findall(r"\w+", target.text)}
    while True:
        name = random.choice(names)
        at = random.randrange(len(name))
        found = random.choice(
            [
                name[:at] + name[at + 1 :],
                name[: at + 1] + name[at:],
                name[:at] + random.choice("aeionrst") + name[at + 1 :],
                random.choice(["verbose", "callback", "num_gpus", "steps_per_epoch", "lr"]),
            ]
        )
        if found.isidentifier() and not iskeyword(found) and found not in taken:
            return found
