"""Keywords: words that are commands without a slash where they are the whole message.

Source: Twilio, "Advanced Opt-Out", whose default words for stopping these are; on WhatsApp it is
for the business to obey them. Of its other words YES and INFO are not here: people say them to
assistants. Words of other languages belong into the same table. For a human only what says so is
here: "agent" or "person" alone is what people answer to a question of an assistant's.
"""

from lib.conversation import spelling
from lib.model import InboundMessage, MessageKind

_KEYWORDS = {
    "stop": (
        *("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"),
        # A button of our templates, and WhatsApp's own, which comes with its label.
        *("BROADCAST STOP", "STOP PROMOTIONS", "PARAR PROMOÇÕES", "ОСТАНОВИТЬ РЕКЛАМУ"),
    ),
    "start": ("START", "UNSTOP"),
    "help": ("HELP",),
    "human": (
        "HUMAN",
        "HUMAN PLEASE",
        "HUMAN AGENT",
        "LIVE AGENT",
        "REAL PERSON",
        "I WANT A HUMAN",
        "I NEED A HUMAN",
        "TALK TO A HUMAN",
        "SPEAK TO A HUMAN",
        "TALK TO AN AGENT",
        "SPEAK TO AN AGENT",
        "TALK TO A PERSON",
        "SPEAK TO A PERSON",
        "TALK TO A REAL PERSON",
        "SPEAK TO A REAL PERSON",
    ),
    "bot": ("BACK TO THE BOT", "BACK TO THE ASSISTANT"),
}
_COMMANDS = {
    word.casefold().replace(" ", ""): name for name, words in _KEYWORDS.items() for word in words
}
_LONGEST = 100
"""Characters of a message that may be a keyword, with everything around it."""


def keyword(message: InboundMessage) -> str:
    """Return the name of the command that a message is the keyword of, if it is one.

    Case, blanks, punctuation and invisible characters do not count.
    """
    given = message.choice.id if message.choice else message.text
    whole = message.kind in {MessageKind.TEXT, MessageKind.CHOICE} and not message.forwarded
    if not whole or len(given) > _LONGEST or spelling.visible(given).lstrip().startswith("/"):
        return ""
    return _COMMANDS.get(spelling.letters(given), "")
