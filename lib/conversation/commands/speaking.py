"""Commands about whether answers are spoken."""

from collections.abc import Iterator
from dataclasses import replace

from lib.conversation import spelling
from lib.conversation.commands.entry import Call
from lib.conversation.limits import speech_left
from lib.conversation.moment import Outcome
from lib.conversation.speaking import AUTO, OFF, ON
from lib.model import Session
from lib.reply import command_texts as texts
from lib.reply.phrase import Phrase, lines

_WORDS = {
    ON: """
on yes always sí si siempre activar sim sempre ligar ativar oui toujours activer ja an ein immer sì
attiva til altid på alltid نعم دائمًا تشغيل हाँ हां चालू हमेशा 开 開 开启 開啟 是 はい オン
""",
    OFF: """
off no never nunca desactivar não nao desligar desativar non jamais désactiver nein aus nie mai
disattiva nej fra aldrig nei av aldri لا أبدًا إيقاف नहीं बंद कभी 关 關 关闭 關閉 不 いいえ オフ
""",
    AUTO: """
auto automatic automático automatico automatique automatisch automatisk تلقائي स्वचालित ऑटो 自动 自動
""",
}
_WISHES = {spelling.words(one): wish for wish, words in _WORDS.items() for one in words.split()}
_SAID = {ON: texts.VOICE_ON, OFF: texts.VOICE_OFF}


def choose_voice(call: Call) -> Outcome:
    """Let answers be spoken, or not; without a word that is known, tell how it is."""
    wish = _WISHES.get(spelling.words(call.argument))
    if wish is None:
        return call.say(lines(*_told(call, call.session), texts.VOICE_WAYS))
    chosen = replace(call.session, voice=wish)
    return call.say(lines(*_told(call, chosen)), chosen)


def _told(call: Call, session: Session) -> Iterator[Phrase]:
    """What is spoken to a person, and how."""
    yield _SAID.get(session.voice, texts.VOICE_AUTO)
    speech = call.tools.speech
    if speech is None or session.voice == OFF:
        return
    yield texts.WHAT_IS_SPOKEN
    if speech.robotic:
        yield texts.ROBOT
    left = speech_left(session, speech.characters_per_day, call.tools.clock())
    if left is not None:
        yield texts.speech_left(left)
