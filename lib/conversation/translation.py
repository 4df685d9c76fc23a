"""Saying the gateway's own sentences in the language of whoever they are said to.

Most messages are questions, and most answers an assistant's: nothing of languages is loaded until a
sentence is to be said.
"""

from dataclasses import dataclass, replace

from lib.conversation import spelling
from lib.conversation.moment import Moment, Outcome
from lib.model import Assistant, InboundMessage, MessageKind, Session
from lib.reply.chunks import split
from lib.reply.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Translator:
    """Translates for the author of a message: called with a phrase, it returns it as they are told.

    ``session`` is theirs, if they have one; ``assistant`` is who answers them. ``is_command`` says
    that the message is one: its words are not in a language of theirs, but for the first.
    ``spoken`` is the language of what they say in its recordings, if that was told.
    """

    message: InboundMessage
    session: Session | None = None
    assistant: Assistant | None = None
    is_command: bool = False
    spoken: str = ""

    def __call__(self, text: str) -> str:
        """Return a phrase as the person is told it; all other texts as they are."""
        if not isinstance(text, Phrase):
            return text
        from lib.language.choose import Signs, language_of  # noqa: PLC0415 - see above
        from lib.language.wording import worded  # noqa: PLC0415 - as above

        session, words = self.session, self._words()
        signs = Signs(
            chosen=session.language if session else "",
            word=_first_word(words) if self.is_command else "",
            text="" if self.is_command else words,
            spoken="" if self.message.forwarded else self.spoken,
            recent=[pair.question for pair in session.recent] if session else (),
            address=self.message.address,
            assistant=self.assistant.language if self.assistant else "",
        )
        return worded(text, language_of(signs))

    def _words(self) -> str:
        """What the person typed: what they tapped is ours, what they passed on somebody's."""
        message = self.message
        is_theirs = message.kind is not MessageKind.CHOICE and not message.forwarded
        return message.text if is_theirs else ""


def told(outcome: Outcome, moment: Moment) -> Outcome:
    """Return an outcome of a moment that says a sentence of ours, in the language of its person."""
    text = translator_at(moment, outcome.session)(outcome.text)
    return replace(outcome, text=text, chunks=split(text))


def translator_at(moment: Moment, session: Session | None = None) -> Translator:
    """Return who translates for the person at a moment; ``session`` is theirs afterwards."""
    # What is asked again is a question, whatever commands it.
    is_command = moment.command is not None and not moment.again
    spoken = moment.reading.language if moment.reading else ""
    known = session or moment.session
    return Translator(moment.message, known, moment.assistant, is_command, spoken)


def _first_word(said: str) -> str:
    return spelling.words(said).partition(" ")[0]
