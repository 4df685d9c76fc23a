"""An assistant that knows this gateway from its own README and documents."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from simulator.assistants.enclosed import Enclosed, enclosed
from simulator.assistants.library import Library, Section, keywords

_LONGEST = 900
_GREETINGS = frozenset({"hello", "hi", "hey", "hallo", "help", "start", "you", "thanks", "thank"})
_HELLO = """\
Hello! I am the **guide** of this gateway: a search over its own README and documents, not a \
language model. Ask me in English, for example

- *What happens when Twilio says 429?*
- *Which settings are there?*
- *How are signatures checked?*

or see what the gateway does with other assistants:

- `/switch observer`, then a photo, a document or a voice note: it says what it can measure
- `/switch formatting` shows every kind of formatting
- `/switch writer`, then `5000`, writes a long answer while you watch
- `/switch thinker` is slow, `/switch failing` fails
- `/list` shows everybody, `/help` all commands"""
_NOTHING = """\
I found nothing about that: it is outside of this gateway's README and documents, and they are all \
I search. These I can answer:

- *How does a message travel?*
- *Which settings are there?*
- *What can people send?*"""
_LONGEST_TOLD = 600
_ARRIVED = """\
**{kinds} arrived.** The gateway tells the assistant so, in these words:

{told}

What is in it I cannot see: I am a search over documents. Send it to `/switch observer`, which \
measures what you send, or to an assistant of yours."""
_TYPES = {"image": "A picture", "audio": "A voice note or sound", "video": "A video"}
_KINDS = {
    "Picture": "A picture",
    "Document": "A document",
    "Recording": "A recording",
    "Voice message": "A voice note",
    "Location": "A place",
}
_EMPTY = "I know nothing: the README and the documents I search are not here."


@dataclass(frozen=True, slots=True)
class Guide:
    """Answers from a library."""

    library: Library

    def answer(self, asked: str, earlier: Sequence[str] = ()) -> str:
        """Return what the documents say; ``more`` reads on about the last question."""
        things, said = enclosed(asked)
        if things:
            return self._arrived(things, said)
        words = keywords(asked)
        if words == ["more"]:
            return self._more(earlier)
        if not set(words) - _GREETINGS:
            return _HELLO
        return _told(self.library.search(asked)) or self._nothing()

    def _arrived(self, things: Sequence[Enclosed], caption: str) -> str:
        """Say what was sent, what an assistant is told of it, and what the words beside it find."""
        kinds = ", ".join(dict.fromkeys(map(_kind, things)))
        note = _ARRIVED.format(kinds=kinds, told=_quoted("\n".join(one.whole for one in things)))
        return f"{note}\n\n{self.answer(caption)}" if caption else note

    def _more(self, earlier: Sequence[str]) -> str:
        asked = [one for one in earlier if keywords(one) not in ([], ["more"])]
        if not asked:
            return _HELLO
        seen = 1 + sum(keywords(one) == ["more"] for one in earlier)
        return _told(self.library.search(asked[-1], seen + 3)[seen:]) or "That was all I found."

    def _nothing(self) -> str:
        return _NOTHING if self.library.search("gateway") else _EMPTY


def _kind(one: Enclosed) -> str:
    if one.what == "Attachment":
        content_type = one.told.split(" ", 1)[0]
        return f"{_TYPES.get(content_type.partition('/')[0], 'A document')} ({content_type})"
    return _KINDS.get(one.what, "A contact")


def _quoted(told: str) -> str:
    """The beginning of a text as code, which nothing in it can end."""
    shown = told if len(told) <= _LONGEST_TOLD else f"{told[:_LONGEST_TOLD]} …"
    fence = "`" * max(3, *(len(run) + 1 for run in re.findall("`+", shown) or [""]))
    return f"{fence}\n{shown}\n{fence}"


def _told(found: Sequence[Section]) -> str:
    if not found:
        return ""
    best, *others = found
    told = f"**{best.title}**\n\n{_beginning(best.text)}\n\nFrom `{best.file}`."
    see_also = "".join(f"\n- {one.title} (`{one.file}`)" for one in others[:2])
    return told + (f"\n\nSee also{see_also}\n\nWrite *more* to read on." if see_also else "")


def _beginning(text: str) -> str:
    """Return the first blocks of a section, whole ones, up to a length that reads well."""
    taken: list[str] = []
    for block in _blocks(text):
        if taken and len("\n\n".join([*taken, block])) > _LONGEST:
            return "\n\n".join(taken) + "\n\n…"
        taken.append(block)
    return "\n\n".join(taken)


def _blocks(text: str) -> list[str]:
    """Cut at blank lines outside of code."""
    blocks, inside = [""], False
    for line in text.splitlines():
        inside ^= line.lstrip().startswith("```")
        if line.strip() or inside:
            blocks[-1] += f"{line}\n"
        elif blocks[-1]:
            blocks.append("")
    return [_unwrapped(block.rstrip("\n")) for block in blocks if block]


def _unwrapped(block: str) -> str:
    """Join the lines of a paragraph or list item: a phone has a width of its own."""
    if block.lstrip().startswith(("```", "|", ">")):
        return block
    return re.sub(r"\n(?!\s*(?:[-*]|\d+\.)\s)\s*", " ", block)
