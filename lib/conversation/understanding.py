"""Understanding a message: what its media say, or a sentence where that cannot be told."""

from collections.abc import Iterable
from dataclasses import replace

from lib.conversation.moment import Moment, Outcome, Tools, in_own_words
from lib.conversation.question import question_text
from lib.model import MessageKind
from lib.reply.phrase import Phrase, lines
from lib.reply.texts import UNSUPPORTED


def understanding(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Read the media of a message; say so where nothing of it can be understood."""
    message = moment.message
    if message.kind is MessageKind.UNSUPPORTED:
        return in_own_words("notice", UNSUPPORTED, moment.session)
    if not message.media or tools.read is None or moment.assistant is None:
        return moment
    with tools.typing((moment.parts or (message,))[-1].id):
        reading = tools.read(message, tools.stop, tools.hearing(moment.again))
    if not reading.understood and not question_text(message, attachments=""):
        said = in_own_words("notice", lines(*notes(reading.faults)), moment.session)
        return replace(said, attachments=reading.summary)
    if reading.spoken and not moment.again:
        from lib.conversation.heard import asked_back, is_doubtful  # noqa: PLC0415 - few are spoken

        if is_doubtful(reading):
            return asked_back(moment, reading, tools)
    return replace(moment, reading=reading)


def notes(faults: Iterable[str]) -> list[Phrase]:
    """What a person is told of what could not be read: each sentence once."""
    from lib.reply import media_texts as texts  # noqa: PLC0415 - most messages have no media

    return list(dict.fromkeys(map(texts.sentence, faults)))
