"""The head of an answer: what the gateway says above it, in the same message.

It is made before the assistant is asked, since parts that leave early begin with it. What is to
stand above an answer is a sentence more of ``head_of``, or of a step that adds it to the moment.
"""

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
        sentence, session = introduced(moment, introduction, human=has_human)
        sentences.insert(0, sentence)
    return "\n\n".join(sentences), session
