"""The frame of an answer: what the gateway says above and below it, in the same message.

The head is made before the assistant is asked, since parts that leave early begin with it. What is
to stand above an answer is a sentence more of ``head_of``, or of a step that adds it to the moment;
what is to stand below, one of ``with_foot``.
"""

from dataclasses import replace

from lib.conversation.breaker import optional
from lib.conversation.budgets import warned
from lib.conversation.moment import Moment, Tools
from lib.model import Answer, Session
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


def with_foot(
    answer: Answer, moment: Moment, session: Session, tools: Tools
) -> tuple[Answer, Session]:
    """Return an answer with what is said below it, and the session of somebody who read that.

    It is what they should know of what they sent, and may ask, and the news of operators.
    """
    warning, session = warned(session, moment, tools)
    news, session = _news(moment, session)
    below = [*_about(moment, answer), *filter(None, [warning])]
    if not below and not news:
        return answer, session
    said = [answer.text]
    if below:
        from lib.conversation.translation import translator_at  # noqa: PLC0415 - few have any

        said += [f"_{one}_" for one in map(translator_at(moment), below)]
    return replace(answer, text="\n\n".join((*said, *filter(None, [news])))), session


def _about(moment: Moment, answer: Answer) -> list[Phrase]:
    """What of the person's media could not be read, or not be shown to the assistant."""
    if (reading := moment.reading) is None:
        return []
    from lib.conversation.understanding import notes  # noqa: PLC0415 - few messages have media
    from lib.reply.media_texts import UNSEEN  # noqa: PLC0415 - as above

    return [*notes(reading.faults), *([UNSEEN] if answer.unseen else [])]


def _news(moment: Moment, session: Session) -> tuple[str, Session]:
    """The news that a person was not told yet, and the session of who has read them."""
    news = moment.person.switches.news if moment.person.switches else None
    if news is None or news.id == session.news:
        return "", session
    return news.text, replace(session, news=news.id)
