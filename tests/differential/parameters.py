"""Lists of parameters, drawn at random, and how they are written in functions, class bodies and calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random

PLACE_ONLY, EITHER, KEYWORD_ONLY = range(3)

NAMES = """
    hidden_size num_layers learning_rate seq_length vocab_size dropout devices precision seed max_steps warmup_steps
    weight_decay batch_size micro_batch tokenizer path dtype bias heads experts window scale momentum epochs
""".split()

#: An annotation, a value that suits it, and a default.
TYPES = [
    ("int", "4", "2"),
    ("float", "0.5", "0.1"),
    ("str", "'large'", "'small'"),
    ("bool", "True", "False"),
    ("'int | None'", "4", "None"),
]


@dataclass(frozen=True)
class Parameter:
    """One parameter.

    sort        how a call may give it
    value       what a call may give
    default     its default, or None
    is_made     whether its default is a list, which class bodies make with `default_factory`
    """

    name: str
    value: str
    sort: int = EITHER
    annotation: str = ""
    default: str | None = None
    is_made: bool = False

    @property
    def written(self) -> str:
        """As in the head of a function."""
        head = f"{self.name}: {self.annotation}" if self.annotation else self.name
        if self.default is None:
            return head
        return f"{head} = {self.default}" if self.annotation else f"{head}={self.default}"

    @property
    def bare(self) -> str:
        """As in the head of a lambda."""
        return replace(self, annotation="").written

    @property
    def given(self) -> str:
        """As in a call."""
        return self.value if self.sort == PLACE_ONLY else f"{self.name}={self.value}"

    def field(self, factory: str) -> str:
        """As in the body of a class; `factory` is the keyword of `field(...)` for a default that is made."""
        head = f"    {self.name}: {self.annotation or 'object'}"
        if self.is_made:
            return f"{head} = field({factory}=list)" if factory else f"{head} = []"
        return head if self.default is None else f"{head} = {self.default}"


def head(parameters: Sequence[Parameter], args: bool = False, kwargs: bool = False) -> str:
    """What stands between the parentheses of a `def`."""
    parts: list[str] = []
    for sort in (PLACE_ONLY, EITHER, KEYWORD_ONLY):
        own = [each.written for each in parameters if each.sort == sort]
        if sort == KEYWORD_ONLY and (own or args):
            parts.append("*rest" if args else "*")
        parts += own
        if sort == PLACE_ONLY and own:
            parts.append("/")
    return ", ".join([*parts, "**options"] if kwargs else parts)


def drawn(random: Random, count: int, *, plain: bool) -> list[Parameter]:
    """`count` parameters in an order in which they may be written; `plain` ones can all be given either way."""
    required = random.randint(0 if count > 1 else 1, count)
    place_only = 0 if plain or random.random() < 0.7 else random.randint(1, count)
    keyword_only = 0 if plain or random.random() < 0.6 else random.randint(0, count - place_only)
    found = []
    for index, name in enumerate(random.sample(NAMES, count)):
        annotation, value, default = random.choice(TYPES)
        is_made = index >= required and random.random() < 0.3
        if is_made:
            annotation, value, default = "list", "[1]", "()"
        sort = PLACE_ONLY if index < place_only else KEYWORD_ONLY if index >= count - keyword_only else EITHER
        annotation = annotation if plain or random.random() < 0.8 else ""
        found.append(Parameter(name, value, sort, annotation, default if index >= required else None, is_made))
    return found
