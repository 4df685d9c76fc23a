"""The head of an answer: what the gateway says above it, in the same message.

It is made before the assistant is asked, since parts that leave early begin with it. What is to
stand above an answer is a sentence more of ``head_of``, or of a step that adds it to the moment.
"""

from lib.conversation.breaker import optional
from lib.conversation.moment import Moment, Tools
from lib.model import Session
from lib.reply.phrase import Phrase


def head_of(moment: Moment, tools: Tools) -> tuple[str, Session]:
    """Return what is said above the answer, in WhatsApp's formatting; empty where nothing is.

    The session is the one of somebody to whom that was said.
    """
    sentences: list[str] = list(moment.head)
    session = moment.session
    introduction = tools.introduction
    if introduction is not None and session.introduced != introduction.version:
        from lib.conversation.introduction import introduced  # noqa: PLC0415 - once for a person

        has_human = tools.support is not None
        sentence, session = optional(
            "introduction",
            lambda: introduced(moment, introduction, human=has_human),
            lambda: ("", session),
            tools.breaker,
            tools.clock(),
        )
        sentences.insert(0, sentence)
    sentences += _heard(moment, tools)
    return "\n\n".join(filter(None, _told(sentences, moment))), session


def _told(sentences: list[str], moment: Moment) -> list[str]:
    """Sentences of ours in the language of the person; what they said themselves as it is."""
    if not any(isinstance(one, Phrase) for one in sentences):
        return sentences
    from lib.conversation.translation import translator_at  # noqa: PLC0415 - few answers have any

    return list(map(translator_at(moment), sentences))


def _heard(moment: Moment, tools: Tools) -> list[str]:
    """What was heard in the person's recordings, which they are shown once."""
    reading = moment.reading
    if reading is None or not reading.spoken or moment.again or not tools.shows_heard:
        return []
    from lib.conversation.heard import shown  # noqa: PLC0415 - few messages are spoken

    said = shown(reading)
    return [said] if said else []
