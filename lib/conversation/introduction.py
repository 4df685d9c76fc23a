"""The introduction: who answers, and that it is an AI, said above a person's first answer.

Source: the EU's AI Act, article 50, by which people are told at the latest at first contact.
"""

from dataclasses import dataclass, replace

from lib.conversation.moment import Moment
from lib.model import Session
from lib.reply import people_texts as texts
from lib.reply.phrase import Phrase


@dataclass(frozen=True, slots=True)
class Introduction:
    """How a person is introduced to the gateway. ``privacy_url`` is empty where there is none."""

    privacy_url: str = ""

    @property
    def version(self) -> str:
        """What was told; whoever was told something else is told again."""
        return f"{texts.INTRODUCTION_VERSION} {self.privacy_url}".strip()


def introduced(
    moment: Moment, introduction: Introduction, *, human: bool
) -> tuple[Phrase, Session]:
    """Return the introduction of the assistant that answers, and the session of who has read it.

    ``human`` is whether there is anybody to ask for.
    """
    name = moment.assistant.name if moment.assistant else ""
    text = texts.introduction(name, introduction.privacy_url, human=human)
    return text, replace(moment.session, introduced=introduction.version)
