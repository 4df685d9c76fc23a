"""Commands about what is kept of a person."""

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Outcome
from lib.reply import forget_texts as texts


def forget(call: Call) -> Outcome:
    """Forget the person, or ask whether that is meant."""
    from lib.conversation.erasure import asked_for, is_erasure  # noqa: PLC0415 - few want it

    if not call.argument:
        return call.say(texts.sure(elsewhere=call.tools.forget_elsewhere))
    if not is_erasure(call.command):
        return call.say(texts.HOW_TO_FORGET)
    call.tools.cancel(call.moment)
    said = call.say(texts.forgotten(elsewhere=call.tools.forget_elsewhere))
    # History keeps nothing of it, and the session is left for the erasure.
    return Outcome("", None, said.text, said.chunks, writes=asked_for(call.moment, call.tools))
