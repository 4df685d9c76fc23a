"""The head of an answer: what the gateway says above it, in the same message.

It is made before the assistant is asked, since parts that leave early begin with it. What is to
stand above an answer is a sentence more of ``head_of``, or of a step that adds it to the moment.
"""

from lib.conversation.breaker import optional
from lib.conversation.moment import Moment, Tools
from lib.model import Session


def head_of(moment: Moment, tools: Tools) -> tuple[str, Session]:
    """Return what is said above the answer, in WhatsApp's formatting; empty where nothing is.

    The session is the one of somebody to whom that was said.
    """
    sentences, session = list(moment.head), moment.session
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
    return "\n\n".join(filter(None, sentences)), session


def _heard(moment: Moment, tools: Tools) -> list[str]:
    """What was heard in the person's recordings, which they are shown once."""
    reading = moment.reading
    if reading is None or not reading.spoken or moment.again or not tools.shows_heard:
        return []
    from lib.conversation.heard import shown  # noqa: PLC0415 - few messages are spoken

    said = shown(reading)
    return [said] if said else []
