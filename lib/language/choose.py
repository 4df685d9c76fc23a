"""Choosing the language that a person is spoken to in, when a sentence of ours is to be said.

Nothing of it is kept but what the person chose: whoever writes in another language from now on is
answered in that one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lib.language.countries import spoken_at
from lib.language.words import language_of_word
from lib.model.language import ENGLISH, known

SURE, SURE_OF_SEVERAL = 0.9, 0.8
"""How likely a language must be: by one message, and by it and the last questions together."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What tells a person's language.

    ``chosen`` is what they said themselves, ``word`` the command that they gave just now, as they
    typed it, ``text`` what they write without one, ``spoken`` the language of what they say,
    ``recent`` their last questions, oldest first, ``address`` their number or business-scoped id.
    ``assistant`` is the language of who answers them, as its settings have it.
    """

    chosen: str = ""
    word: str = ""
    text: str = ""
    spoken: str = ""
    recent: Sequence[str] = ()
    address: str = ""
    assistant: str = ""


def language_of(signs: Signs) -> str:
    """Return the code of the language to speak: the first that any sign tells, else English."""
    if chosen := known(signs.chosen):
        return chosen
    at_home = spoken_at(signs.address)
    return (
        language_of_word(signs.word, at_home)
        or _written(signs, at_home)
        or next(iter(at_home), "")
        or known(signs.assistant)
        or ENGLISH
    )


def _written(signs: Signs, at_home: Sequence[str]) -> str:
    """What a person's own words tell; nothing is loaded where there are none."""
    spoken = known(signs.spoken)
    if not signs.text and (spoken or not signs.recent):
        return spoken
    from lib.language.detect import detected  # noqa: PLC0415 - most who give a command are new

    now = detected([signs.text], at_home, SURE) or spoken
    if now or not signs.recent:
        return now
    return detected((signs.text, *signs.recent), at_home, SURE_OF_SEVERAL)
