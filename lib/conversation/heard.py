"""What was said in recordings, as its person sees it: shown back, or asked about where in doubt."""

from dataclasses import replace

from lib.conversation import spelling
from lib.conversation.moment import Moment, Outcome, Tools, anew, in_own_words
from lib.conversation.translation import told, translator_at
from lib.model import MessageKind, Option, Reading, Transcript
from lib.reply import media_texts as texts
from lib.reply import menus
from lib.reply.visible import clean

MOST_SHOWN = 280
"""UTF-16 units of what is shown back: with more, no beginning of an answer could leave early."""

MOST_ASKED = 900
"""Of what somebody is asked about: it fits above two buttons."""

_LONGEST_WORD = 40
# What people say where they are asked in English: their own word comes first to them.
_YES = """
yes y yeah yep yup ok okay sure right correct exactly ja jawohl jo genau stimmt richtig oui ouais
si sí sì claro correcto exacto sim certo esatto giusto rigtigt riktig tak da evet 是 是的 对 對 对的
はい うん そうです 네 نعم أجل صحيح да так हाँ हां जी सही
"""
_NO = """
no n nope nah wrong nein nee ne falsch non não nao nej nei nie net нет hayır 不 不是 不对 不對
いいえ いや 違います 아니요 لا خطأ नहीं नही ग़लत गलत
"""
_MEANINGS = {
    spelling.letters(word): meant
    for meant, words in ((True, _YES), (False, _NO))
    for word in words.split()
}
_THUMBS = {"👍": True, "👎": False}
# Signs that WhatsApp formats by, and that nobody says.
_MARKS = str.maketrans(dict.fromkeys("*_~`"))


def shown(reading: Reading) -> str:
    """Return what was said as a quotation, each recording by itself; empty if nothing was."""
    said = list(filter(None, map(_words, reading.spoken)))
    return "\n".join(texts.quoted(menus.cut(one, MOST_SHOWN // len(said))) for one in said)


def is_doubtful(reading: Reading) -> bool:
    """Whether some of it may have been something else."""
    return any(one.doubtful for one in reading.spoken)


def asked_back(moment: Moment, reading: Reading, tools: Tools) -> Outcome:
    """Ask the person whether that is what they said, before anybody works on it."""
    words = " ".join(filter(None, map(_words, reading.spoken)))
    message_id = moment.message.id
    session = replace(moment.session, unsure=message_id, question=message_id, original="")
    heard = replace(moment, reading=reading)
    asked = in_own_words("notice", texts.did_you_say(menus.cut(words, MOST_ASKED)), session)
    asked = replace(told(asked, heard), attachments=reading.summary)
    if not tools.menus:
        return asked
    say = translator_at(heard, session)
    choices = (Option("yes", say(texts.YES)), Option("no", say(texts.NO)))
    return replace(asked, menu=menus.replies(asked.text, choices))


def confirmed(moment: Moment, tools: Tools) -> Moment | Outcome:
    """Take a yes or no as the answer to that; whatever else is said goes on by itself."""
    turn_id, session = moment.session.unsure, replace(moment.session, unsure="")
    meant = _meant(moment)
    if meant is False:
        return in_own_words("command", texts.SAY_IT_AGAIN, session)
    asked = tools.asked(turn_id) if meant else None
    moment = replace(moment, session=session)
    return anew(moment, asked, turn_id) if asked else moment


def _meant(moment: Moment) -> bool | None:
    message = moment.message
    is_word = message.kind in {MessageKind.TEXT, MessageKind.CHOICE} and not message.forwarded
    given = (message.choice.id if message.choice else message.text).strip()
    if not is_word or not 0 < len(given) <= _LONGEST_WORD:
        return None
    word = spelling.letters(given)
    return _MEANINGS.get(word) if word else _THUMBS.get(given[0])


def _words(said: Transcript) -> str:
    return " ".join(clean(said.text).translate(_MARKS).split())
