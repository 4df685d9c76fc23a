"""An assistant that says of what it is sent what can be measured, and that this is all it can."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from simulator.assistants.enclosed import Enclosed, enclosed
from simulator.assistants.measuring import Measured, MeasuringError, measured

_MOST_PICTURES = 10
_FIRST_WORDS = 25
_HELLO = """\
I am the **observer**, a demonstration: I measure what you send, and understand nothing of it. No \
model is behind me.

Send me

- a *photo*: I say its size, its colours and how light it is
- several photos at once: they come as one question
- a *document*: PDF, Word, Excel, PowerPoint, text; I say its name and how it begins
- a *voice note*: I repeat what the gateway heard
- a *place* or a *contact*: I say what I was told"""
_HONEST = "I am a demonstration: I say what can be measured, and understand nothing of it."
_COLOURS = "its quarters, from top left to bottom right: {}"


def answer(asked: str, pictures: Sequence[str] = ()) -> str:
    """Return what can be said of a question and of the pictures shown with it, as Markdown.

    ``pictures`` are their URLs.
    """
    things, words = enclosed(asked)
    said = [*_pictures(pictures), *_others(things, shown=len(pictures))]
    if not said:
        return _HELLO
    if words:
        said.insert(0, f"You wrote {_count(words)}: *{_beginning(words)}*")
    return "\n\n".join([*said, _HONEST])


def _pictures(urls: Sequence[str]) -> Iterator[str]:
    for number, url in enumerate(urls[:_MOST_PICTURES], 1):
        name = f"Picture {number} of {len(urls)}" if len(urls) > 1 else "A picture"
        try:
            yield f"**{name}**: {_picture(measured(url))}"
        except MeasuringError as error:
            yield f"**{name}** cannot be measured: {error}."
    if len(urls) > _MOST_PICTURES:
        yield f"The other {len(urls) - _MOST_PICTURES} I did not look at."


def _picture(seen: Measured) -> str:
    form = "square" if seen.width == seen.height else "upright" if _is_upright(seen) else "wide"
    named = ", ".join(f"{name} ({share}\N{NO-BREAK SPACE}%)" for name, share in seen.colours)
    lines = [
        f"{seen.width} × {seen.height} pixels, {form}; {seen.kind}, {_size(seen.size)}",
        f"colours: {named}" if named else "colours: too many to name",
        f"on the whole {seen.brightness}",
    ]
    if len(set(seen.quarters)) > 1:
        lines.append(_COLOURS.format(", ".join(seen.quarters)))
    return "\n" + "\n".join(f"- {line}" for line in lines)


def _is_upright(seen: Measured) -> bool:
    return seen.height > seen.width


def _others(things: Sequence[Enclosed], shown: int) -> Iterator[str]:
    counts = Counter(one.what for one in things)
    if hidden := counts["Picture"] - shown:
        yield f"I was told of {hidden} picture{'s' if hidden > 1 else ''} that I was not shown."
    for one in things:
        if one.what in _SAID:
            yield _SAID[one.what](one)


def _document(one: Enclosed) -> str:
    said = f"**A document**{f': {one.told}' if one.told else ''}"
    if not one.text:
        return f"{said}. I was told nothing of what is in it."
    rest = f"\n\nOf the rest I was told: {one.rest}." if one.rest else ""
    return f"{said}. It has {_count(one.text)}, and begins:\n\n> {_beginning(one.text)}{rest}"


def _spoken(one: Enclosed) -> str:
    length = f" of {one.told}" if one.told else ""
    return f"**A voice note**{length}. The gateway heard {_count(one.text)}:\n\n> {_line(one.text)}"


def _attachment(one: Enclosed) -> str:
    return f"**Something that was not read**: {one.told}"


_SAID: Mapping[str, Callable[[Enclosed], str]] = {
    "Document": _document,
    "Voice message": _spoken,
    "Recording": lambda one: f"**A recording** {one.told}",
    "Attachment": _attachment,
    "Contact": lambda one: f"**A contact**: {one.told}",
    "Shared contact": _attachment,
    "Location": lambda one: f"**A place**: {one.told}",
}


def _count(text: str) -> str:
    count = len(text.split())
    return f"{count:,} word{'' if count == 1 else 's'}"


def _beginning(text: str) -> str:
    words = text.split()
    return _line(" ".join(words[:_FIRST_WORDS])) + (" …" if len(words) > _FIRST_WORDS else "")


def _line(text: str) -> str:
    """Somebody else's words on one line, without what would format them."""
    return re.sub(r"([*_`~<>\[\]|\\#])", r"\\\1", " ".join(text.split())[:400])


def _size(count: int) -> str:
    return f"{count / 1024:.0f} kB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"
