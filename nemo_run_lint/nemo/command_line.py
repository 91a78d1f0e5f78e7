"""Commands that start experiments: `python train.py lr=0.1`, `nemo llm pretrain ...`, behind srun, torchrun or uv.

The options are those of `RunContext.cli_command` in `cli/api.py` of nemo_run 0.11.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from nemo_run_lint.nemo.override import Form, Override, override
from nemo_run_lint.sources.shell import Command, Word

_PYTHON = re.compile(r"python[\d.]*")
_NEMO = frozenset({"nemo", "nemorun"})

#: Programs that start another one in the same directory; those of packages do so behind `run`.
_STARTERS = frozenset("env nohup srun mpirun mpiexec timeout nice stdbuf numactl sudo".split())
_RUNNERS = frozenset("uv poetry pipenv pdm hatch rye pixi conda".split())

#: Options of theirs that lead elsewhere, and options of Python with a value.
_ELSEWHERE = ("--directory", "--chdir", "-D", "--wdir", "-wdir", "-C", "--cwd", "--project")
_WITH_VALUE_OF_PYTHON = frozenset({"-X", "-W", "--check-hash-based-pycs"})

#: Modules that start a script.
_LAUNCHERS = frozenset({"torch.distributed.run", "torch.distributed.launch"})

#: Options of the command itself.
_WITH_VALUE = {"-n": "--name", "-f": "--factory", "-l": "--load"} | {
    each: each for each in "--name --factory --load --yaml --to-yaml --to-toml --to-json --rich-theme".split()
}
_FLAGS = frozenset(
    "--direct --no-direct --dryrun --repl -r --detach --yes -y --no-confirm --tail-logs --no-tail-logs --verbose -v "
    "--rich-exceptions --no-rich-exceptions --rich-traceback-short --rich-traceback-full --rich-show-locals "
    "--rich-hide-locals --".split()
)
_ELSE = frozenset("--help --lazy --install-completion --show-completion".split())

#: The letters of short options, which may stand together.
_LETTERS = frozenset("nflyrv")


@dataclass(frozen=True)
class Started:
    """What a command starts: a script, a module, or a command of `nemo`; and the words behind it."""

    arguments: tuple[Word, ...]
    script: str = ""
    module: str = ""
    entry: tuple[str, str] | None = None


@dataclass(frozen=True)
class Arguments:
    """What a command gives to an entrypoint.

    overrides   in their order
    factory     what `--factory` names; None without it
    has_file    whether a file of settings is read as well
    is_open     whether there is more that cannot be told
    is_other    whether the command does something else, as with `--help`
    """

    overrides: tuple[Override, ...] = ()
    factory: Word | None = None
    has_file: bool = False
    is_open: bool = False
    is_other: bool = False


def started(command: Command) -> Started | None:
    """What a command starts that may be an entrypoint; None for any other."""
    words = command.words
    begin = _program(words)
    if begin is None:
        return None
    name, rest = _base(words[begin]), words[begin + 1 :]
    if name in _NEMO:
        return _of_nemo(rest)
    if name == "torchrun":
        return _of_torchrun(rest)
    return _of_python(rest if _PYTHON.fullmatch(name) else words[begin:])


def _program(words: Sequence[Word]) -> int | None:
    """The place of the word that names Python, torchrun, nemo, or a script that is started without them."""
    if not words:
        return None
    first = _base(words[0])
    if _is_program(first):
        return 0
    is_runner = first in _RUNNERS and len(words) > 1 and words[1].text == "run"
    if first not in _STARTERS and not is_runner:
        return None
    for place, word in enumerate(words[1:], 1):
        if word.text.startswith(_ELSEWHERE):
            return None
        if _is_program(_base(word)) or (is_runner and word.text.endswith(".py")):
            return place
    return None


def _base(word: Word) -> str:
    return word.text.rpartition("/")[2] if word.is_known else ""


def _is_program(name: str) -> bool:
    return name in _NEMO or name == "torchrun" or _PYTHON.fullmatch(name) is not None


def _of_python(words: Sequence[Word]) -> Started | None:
    place = 0
    while place < len(words) and words[place].is_known:
        text = words[place].text
        if text == "-m":
            return _of_module(words[place + 1 :])
        if text in ("-c", "-"):
            return None
        if not text.startswith("-"):
            return Started(tuple(words[place + 1 :]), script=text) if text.endswith(".py") else None
        place += 2 if text in _WITH_VALUE_OF_PYTHON else 1
    return None


def _of_module(words: Sequence[Word]) -> Started | None:
    if not words or not words[0].is_known or words[0].text == "nemo_run":
        return None
    if words[0].text in _LAUNCHERS:
        return _of_torchrun(words[1:])
    return Started(tuple(words[1:]), module=words[0].text)


def _of_torchrun(words: Sequence[Word]) -> Started | None:
    for place, word in enumerate(words):
        if word.text == "-m":
            return _of_module(words[place + 1 :])
        if word.text == "--no-python":
            return None
        if word.is_known and word.text.endswith(".py") and not word.text.startswith("-"):
            return Started(tuple(words[place + 1 :]), script=word.text)
    return None


def _of_nemo(words: Sequence[Word]) -> Started | None:
    if len(words) < 2 or not all(re.fullmatch(r"\w[\w-]*", each.text) for each in words[:2]):
        return None
    return Started(tuple(words[2:]), entry=(words[0].text, words[1].text))


def arguments(words: Sequence[Word]) -> Arguments:
    """What these words give to an entrypoint."""
    found = Arguments()
    rest = iter(words)
    before: Word | None = None
    for word in rest:
        found = _with(found, word, rest, before)
        before = word
    return replace(found, overrides=tuple(_last_of_each(found.overrides)))


def _with(found: Arguments, word: Word, rest: Iterator[Word], before: Word | None) -> Arguments:
    name, equals, _ = word.text.partition("=")
    if name in _ELSE:
        return replace(found, is_other=True)
    if name in _WITH_VALUE:
        long = _WITH_VALUE[name]
        value = _behind_equals(word) if equals else next(rest, None)
        found = replace(found, has_file=found.has_file or long in ("--yaml", "--load"))
        return replace(found, factory=value) if long == "--factory" else found
    if word.text in _FLAGS:
        return found
    if re.match(r"-\w", word.text) and _LETTERS & set(name[1:]):
        return replace(found, is_open=True)
    read = override(word)
    if read is None or (read.form is Form.PLACED and before is not None and not before.is_known):
        return replace(found, is_open=True)
    return replace(found, overrides=(*found.overrides, read))


def _behind_equals(word: Word) -> Word:
    place = word.text.index("=") + 1
    return Word(word.text[place:], word.places[place:], word.begin, word.end)


def _last_of_each(overrides: Sequence[Override]) -> Iterator[Override]:
    """The overrides without the values that a later one of the same name replaces."""
    last = {(each.form, each.key, each.operator): each for each in overrides}
    for each in overrides:
        is_replaced = last[each.form, each.key, each.operator] is not each
        yield replace(each, value=None) if is_replaced else each
