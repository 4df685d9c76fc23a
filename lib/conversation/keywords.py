"""Keywords: words that are commands without a slash where they are the whole message.

Source: Twilio, "Advanced Opt-Out", whose default words for stopping these are; on WhatsApp it is
for the business to obey them. Of its other words YES and INFO are not here: people say them to
assistants. Those of other languages are words of commands as well (``lib/language/commands.toml``).
For a human only what says so is here: "agent" or "person" alone is what people answer to a question
of an assistant's.
"""

from lib.cancel_words import is_stop_label
from lib.conversation import spelling
from lib.model import InboundMessage, MessageKind

_ENGLISH = {
    "stop": (
        *("STOP", "STOPALL", "UNSUBSCRIBE", "END", "QUIT", "REVOKE", "OPTOUT", "CANCEL"),
        "BROADCAST STOP",  # a button of our templates
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
    "human": (
        # Spanish
        *("hablar con una persona", "quiero hablar con una persona", "hablar con un humano"),
        *("quiero hablar con un humano", "hablar con un agente", "quiero hablar con un agente"),
        *("agente humano", "persona real"),
        # Portuguese
        *("falar com uma pessoa", "quero falar com uma pessoa", "falar com um humano"),
        *("falar com um atendente", "quero falar com um atendente", "falar com atendente"),
        *("atendente humano", "atendimento humano", "pessoa real"),
        # French
        *("parler à un humain", "je veux parler à un humain", "parler à une personne"),
        *("je veux parler à une personne", "parler à un conseiller"),
        *("je veux parler à un conseiller", "agent humain", "vraie personne"),
        # German
        *("mit einem Menschen sprechen", "ich möchte mit einem Menschen sprechen"),
        *("mit einem Mitarbeiter sprechen", "ich möchte mit einem Mitarbeiter sprechen"),
        *("ich will mit einem Menschen sprechen", "echter Mensch", "menschlicher Mitarbeiter"),
        # Italian
        *("parlare con una persona", "voglio parlare con una persona", "parlare con un umano"),
        *("parlare con un operatore", "voglio parlare con un operatore", "operatore umano"),
        *("persona reale", "persona vera"),
        # Danish
        *("tal med et menneske", "jeg vil tale med et menneske", "tale med et menneske"),
        *("tal med en medarbejder", "jeg vil tale med en medarbejder", "rigtigt menneske"),
        # Norwegian
        *("snakk med et menneske", "jeg vil snakke med et menneske", "snakke med et menneske"),
        *("snakk med en medarbeider", "jeg vil snakke med en medarbeider", "ekte menneske"),
        # Arabic
        *("أريد التحدث مع شخص", "اريد التحدث مع شخص", "التحدث مع شخص", "التحدث مع موظف"),
        *("أريد التحدث مع موظف", "اريد التحدث مع موظف", "شخص حقيقي"),
        # Hindi
        *("इंसान से बात करनी है", "मुझे इंसान से बात करनी है", "इंसान से बात करें"),
        "किसी इंसान से बात कराएँ",
        # Chinese
        *("转人工", "轉人工", "人工客服", "人工服务", "人工服務", "真人客服"),
        *("我要人工", "我要找人工"),
        # Japanese
        *("人と話したい", "人間と話したい", "担当者と話したい", "オペレーターと話したい"),
        *("オペレーターにつないで", "担当者につないで", "有人対応"),
    ),
    "bot": (
        *("volver al asistente", "voltar ao assistente", "revenir à l'assistant"),
        *("zurück zum Assistenten", "zurück zum Bot", "torna all'assistente"),
        *("tilbage til assistenten", "tilbake til assistenten", "العودة إلى المساعد"),
        *("सहायक पर वापस", "转回机器人", "轉回機器人", "アシスタントに戻る"),
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
    if is_stop_label(message):
        return "stop"
    given = message.choice.id if message.choice else message.text
    whole = message.kind in {MessageKind.TEXT, MessageKind.CHOICE} and not message.forwarded
    if not whole or len(given) > _LONGEST or spelling.visible(given).lstrip().startswith("/"):
        return ""
    return _COMMANDS.get(spelling.letters(given), "")
