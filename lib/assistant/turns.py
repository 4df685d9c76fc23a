"""Messages within a text: models that go on as if they wrote a whole conversation.

Sources: OpenAI's "harmony response format"; the chat templates of ChatML, Llama 3, Gemma, Granite.
"""

import re
from dataclasses import dataclass

from lib.assistant.signs import Sign
from lib.assistant.wrappings import CHANNELS, OTHERS, SPEAKERS

# What stands between two signs of harmony: who speaks, to whom, on which channel, in which form.
_HEADER = re.compile(r"([^<\n]{0,200}+)(?:<\|constrain\|>[^<\n]{0,50}+)?<\|(channel|message)\|>")
_WORD = re.compile(r"\s{0,8}+([A-Za-z_]{1,20}+)")
_SPEAKER = re.compile(r"[ \t]{0,8}+([A-Za-z]{1,20}+)[ \t]*+(?=\n|<|\Z)")


@dataclass(frozen=True, slots=True)
class Opening:
    """How a message begins: where its text starts, and whether it is said to the person.

    What is not said is thinking, or else a call of a tool or somebody else's message. A message
    that ``is_final`` is surely the answer, so that what came before it was none.
    """

    end: int
    is_said: bool = True
    is_thinking: bool = False
    is_final: bool = False


def channel(text: str, sign: Sign) -> Opening:
    """What follows the sign of a channel; only the channel ``final`` is said."""
    header = _HEADER.match(text, sign.end)
    word = _WORD.match(text, sign.end)
    name = word[1].lower() if word else ""
    is_final = name == "final"
    if header and header[2] == "message":
        is_thinking = not is_final and "to=" not in header[1]
        return Opening(header.end(), is_final, is_thinking, is_final)
    if word and (is_final or name in CHANNELS):
        return Opening(word.end(), is_final, is_thinking=not is_final)
    return Opening(sign.end)


def start(text: str, sign: Sign, *, follows_end: bool) -> Opening:
    """What follows the sign that a message begins with.

    What somebody else would say is hidden only where a message has ended before: then the model
    plays the other side, too.
    """
    header = _HEADER.match(text, sign.end) if sign.name == "start" else None
    if header:
        return _addressed(text, header)
    word = _SPEAKER.match(text, sign.end)
    if sign.name in SPEAKERS | OTHERS:
        name, end = sign.name, sign.end
    elif word and word[1].lower() in SPEAKERS | OTHERS:
        name, end = word[1].lower(), word.end()
    else:
        return Opening(sign.end)
    return Opening(end, is_said=name in SPEAKERS or not follows_end)


def _addressed(text: str, header: re.Match[str]) -> Opening:
    """A message of harmony, by who speaks to whom: calls of tools and what they return."""
    speaker = header[1].split(" ", 1)[0].strip().lower()
    is_said = speaker in SPEAKERS and "to=" not in header[1]
    if header[2] == "message":
        return Opening(header.end(), is_said)
    rest = _HEADER.match(text, header.end())
    if is_said or not rest:
        return Opening(header.start(2) - len("<|"))  # the channel says the rest
    return Opening(rest.end(), is_said=False)
