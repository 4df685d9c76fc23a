"""Speaking: which answers a person hears beside reading them, and in what words."""

import logging
from dataclasses import dataclass, replace

from lib.conversation.cpu import cpu_limit
from lib.conversation.limits import spend_speech
from lib.conversation.moment import Moment, Outcome, Tools
from lib.model import Chunk, ChunkKind, OutboundKind, OutboundMedia

ON, OFF, AUTO = "on", "off", ""
"""What a session says of its person's wish."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Speech:
    """How answers are spoken.

    ``characters_per_day`` may be spoken to one person, 0 without limit. ``robotic``: by a
    synthesiser that nobody takes for a human being.
    """

    characters_per_day: int = 0
    robotic: bool = False


def aloud(outcome: Outcome, answer: str, moment: Moment, tools: Tools) -> Outcome:
    """Return the outcome of an answer, with its voice behind all else where that is wanted.

    Not where there is nothing to say, or the person heard as much today as they may.
    """
    if tools.speech is None or outcome.session is None or not is_wanted(moment):
        return outcome
    words = _words(answer)
    most = tools.speech.characters_per_day
    session = words and spend_speech(outcome.session, len(words), most, tools.clock())
    if not session:
        _log.info("answer not to be spoken", extra={"characters": len(words)})
        return outcome
    voice = OutboundMedia(OutboundKind.VOICE, words=words, language=_language(words, moment))
    chunk = Chunk("", kind=ChunkKind.VOICE, media=voice)
    return replace(outcome, session=session, enclosed=(*outcome.enclosed, chunk))


def is_wanted(moment: Moment) -> bool:
    """Whether the person wants to hear the answer to this message."""
    wish = moment.session.voice
    return wish == ON or (wish == AUTO and was_spoken(moment))


def was_spoken(moment: Moment) -> bool:
    """Whether anything was said in the message, and heard."""
    return moment.reading is not None and any(one.text for one in moment.reading.spoken)


def _language(words: str, moment: Moment) -> str:
    """The language that the person chose or spoke, else that of the words; empty for none of it."""
    if known := moment.session.language or (moment.reading.language if moment.reading else ""):
        return known
    from lib.language.choose import SURE  # noqa: PLC0415 - few answers are spoken
    from lib.language.countries import spoken_at  # noqa: PLC0415 - as above
    from lib.language.detect import detected  # noqa: PLC0415 - as above

    return detected([words], spoken_at(moment.message.address), SURE)


def _words(answer: str) -> str:
    from lib.reply.spoken import spoken  # noqa: PLC0415 - few answers are spoken

    try:
        return spoken(answer, cpu_limit().check)
    except Exception as error:  # noqa: BLE001 - the answer is there to be read, whatever this is
        _log.error("answer not put into words", extra={"reason": type(error).__name__})
        return ""
