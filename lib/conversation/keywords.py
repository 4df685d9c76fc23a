"""Keywords: words that are commands without a slash where they are the whole message.

Source: Twilio, "Advanced Opt-Out", whose default words for stopping these are; on WhatsApp it is
for the business to obey them. Of its other words YES and INFO are not here: people say them to
assistants. Those of other languages are words of commands as well (``lib/language/commands.toml``).
"""

from lib.conversation import spelling
from lib.model import InboundMessage, MessageKind

_ENGLISH = {
    "stop": ("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"),
    "start": ("START", "UNSTOP"),
    "help": ("HELP",),
}
_OTHERS = {
    "stop": (
        *("baja", "alto", "parar", "cancelar"),  # Spanish
        *("pare", "sair", "descadastrar"),  # Portuguese
        *("arrêt", "arret", "désabonner", "desabonner"),  # French
        *("stopp", "abmelden", "abbestellen"),  # German, Norwegian
        *("ferma", "disiscrivi"),  # Italian
        *("afmeld", "avmeld"),  # Danish, Norwegian
        *("إيقاف", "ايقاف", "توقف"),  # Arabic
        *("रोकें", "रोको"),  # Hindi
        *("退订", "退訂", "停止", "配信停止"),  # Chinese, Japanese
    ),
    "start": (
        *("alta", "voltar", "reprendre", "anmelden", "inizia", "tilmeld", "påmeld"),
        *("ابدأ", "ابدا", "शुरू", "订阅", "訂閱", "再開"),
    ),
    "help": (
        *("ayuda", "ajuda", "aide", "hilfe", "aiuto", "hjælp", "hjelp"),
        *("مساعدة", "मदद", "帮助", "幫助", "ヘルプ"),
    ),
}
_COMMANDS = {
    spelling.letters(word): name
    for table in (_ENGLISH, _OTHERS)
    for name, words in table.items()
    for word in words
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
