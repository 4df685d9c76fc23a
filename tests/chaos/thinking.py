"""What people do while an assistant answers in pieces: they wait, cancel, and write in bursts.

Every message carries a token, ``<number>``; every paragraph of an answer says which tokens it
answers, in which attempt, and which paragraph of how many it is: ``(3+4 try 1: 2/5)``.
"""

import random
import re
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count

FILLER = "and so on, word after word, "
PARAGRAPH = 700
"""Characters of a paragraph: two of them fit into a chunk."""


class Mood(StrEnum):
    """How the assistant answers: always alike, otherwise each time, or never to the end."""

    SAME = "same"
    DIFFERS = "differs"
    CUT = "cut"


@dataclass(frozen=True, slots=True)
class Act:
    """Messages that a person writes one after another, and what they do then.

    ``cancel_after`` are the seconds to a /cancel, None for none; ``waits`` says whether the person
    waits for the end of it before they go on.
    """

    tokens: tuple[int, ...]
    texts: tuple[str, ...]
    pauses: tuple[float, ...]
    mood: Mood = Mood.SAME
    cancel_after: float | None = None
    waits: bool = True


@dataclass(slots=True)
class Plan:
    """What everybody does, in their order."""

    seed: int
    contacts: dict[str, list[Act]] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        """How many messages are written, without any /cancel."""
        return sum(len(act.tokens) for acts in self.contacts.values() for act in acts)

    def random(self, stream: str) -> random.Random:
        """An independent stream of choices, the same for the same seed."""
        return random.Random(f"{self.seed}-{stream}")  # noqa: S311 - to be repeated, not kept


def make_plan(seed: int, messages: int, contacts: int) -> Plan:
    """Return who does what, so many messages at least."""
    plan = Plan(seed)
    chance = plan.random("acts")
    people = [f"+1555{number:07d}" for number in range(contacts)]
    numbers = count(1)
    while plan.messages < messages:
        for person in people:
            plan.contacts.setdefault(person, []).append(_act(numbers, chance))
    return plan


def _act(numbers: "count[int]", chance: random.Random) -> Act:
    kind = chance.choices(("ask", "cancel", "burst", "cut"), (40, 25, 30, 5))[0]
    if kind == "burst":
        return _burst([next(numbers) for _ in range(chance.randint(1, 6))], chance)
    mood = Mood.CUT if kind == "cut" else chance.choice((Mood.SAME, Mood.DIFFERS))
    number = next(numbers)
    text = f"<{number}> Please answer this {mood} question in {chance.randint(1, 7)} paragraphs."
    after = chance.uniform(0, 3) if kind == "cancel" else None
    waits = after is not None or chance.random() < 0.8
    return Act((number,), (text,), (0.0,), mood, after, waits)


def _burst(numbers: list[int], chance: random.Random) -> Act:
    texts = tuple(f"<{number}> and" for number in numbers)
    pauses = tuple(chance.choice((0.0, 0.1, 0.4)) for _ in numbers)
    return Act(tuple(numbers), texts, pauses)


_TOKEN = re.compile(r"<(\d+)>")
_ASKED = re.compile(r"this (\w+) question in (\d) paragraphs")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as the assistant got it: the tokens in it, and how it is to be answered."""

    tokens: tuple[int, ...]
    mood: Mood
    paragraphs: int


def asked(text: str) -> Asked:
    """Read a question."""
    tokens = tuple(map(int, _TOKEN.findall(text)))
    found = _ASKED.search(text)
    return Asked(tokens, Mood(found[1]), int(found[2])) if found else Asked(tokens, Mood.SAME, 1)


def paragraphs(question: Asked, attempt: int) -> list[str]:
    """The paragraphs with which a question is answered."""
    number = attempt if question.mood is Mood.DIFFERS else 1
    names = "+".join(map(str, question.tokens))
    heads = [
        f"({names} try {number}: {one + 1}/{question.paragraphs}) "
        for one in range(question.paragraphs)
    ]
    return [head + FILLER * ((PARAGRAPH - len(head)) // len(FILLER)) for head in heads]
