"""What is said, what must come back, and every random choice: all of it from one seed."""

import random
from dataclasses import dataclass, field

from lib.reply import texts
from lib.reply.chunks import split
from lib.reply.components import to_markdown
from lib.reply.formatting import to_whatsapp

MOODS = (
    ("plain",) * 78
    + ("long",) * 10
    + ("slow",) * 6
    + ("slower",)
    + ("fail",) * 3
    + ("command",) * 2
)
"""How the assistant behaves, in hundredths."""

CURRENT = "🤖 Current assistant: Default Assistant (default-assistant)"
"""The answer to the command that is the same wherever the gateway runs."""

STEPS = (
    "message queued",
    "turn claimed",
    "assistant asked",
    "answer stored",
    "chunk sent",
    "turn finished",
    "turn taken over",
)
"""Where processes are killed in turn; each also a moment later, and at no step in particular."""


@dataclass(frozen=True, slots=True)
class Said:
    """One message: what is posted, how often, and the chunks that must come back."""

    sid: str
    text: str
    copies: int
    expected: tuple[str, ...]


@dataclass(slots=True)
class Plan:
    """All messages by contact, in the order in which each contact writes them."""

    seed: int
    contacts: dict[str, list[Said]] = field(default_factory=dict)

    @property
    def messages(self) -> int:
        return sum(map(len, self.contacts.values()))

    def random(self, stream: str) -> random.Random:
        """An independent stream of choices, the same for the same seed."""
        return random.Random(f"{self.seed}-{stream}")  # noqa: S311 - to be repeated, not kept


def make_plan(seed: int, messages: int, contacts: int) -> Plan:
    """Return who says what."""
    plan = Plan(seed)
    chance = plan.random("messages")
    people = [f"+1555{number:07d}" for number in range(contacts)]
    for number in range(messages):
        person = people[number % contacts]
        said = plan.contacts.setdefault(person, [])
        said.append(_message(number, chance))
    return plan


def _message(number: int, chance: random.Random) -> Said:
    mood = chance.choice(MOODS)
    copies = chance.choice((1, 1, 2, 3, 5))
    sid = f"SM{number:032x}"
    text = "/current" if mood == "command" else f"{mood} {number}"
    own_words = {"command": CURRENT, "fail": texts.FAILED}
    formatted = own_words.get(mood) or to_whatsapp(to_markdown(answer_to(text)))
    return Said(sid, text, copies, split(formatted))


def answer_to(text: str) -> str:
    """What the assistant says: the same to the same question, however often it is asked."""
    mood, _, number = text.partition(" ")
    if mood != "long":
        return f"Answer {number}."
    paragraph = "and so on, word after word, " * 40
    return "\n\n".join(f"Answer {number}, part {part}: {paragraph}" for part in range(3))
