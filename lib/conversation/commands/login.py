"""Commands about who somebody is: taking an invitation, and giving it back."""

from dataclasses import replace
from datetime import timedelta

from lib.conversation.commands.entry import Call
from lib.conversation.moment import Moment, Outcome, Tools
from lib.conversation.sessions import forget
from lib.model.access import Access, Login
from lib.people.invitations import id_of, read_code
from lib.reply import access_texts as texts

MOST_WRONG = 5
"""Wrong codes of a person within the hour; after that nothing is said to codes, and none taken."""

WITHIN = timedelta(hours=1)


def log_in(call: Call) -> Outcome:
    """Take an invitation. Of a code that cannot be taken nobody learns why.

    Raises:
        StoreError: nobody can tell now.
    """
    if not call.argument:
        return call.say(texts.HOW_TO_LOG_IN)
    at = call.moment.message.received_at
    wrong = tuple(one for one in call.session.wrong_codes if at - one < WITHIN)
    if len(wrong) >= MOST_WRONG:
        return Outcome("ignored", call.session, forgets=True)
    taken = _taken(call)
    if taken is None:
        tried = replace(call.session, wrong_codes=(*wrong, at))
        is_last = len(tried.wrong_codes) >= MOST_WRONG
        return _discreet(call.say(texts.TOO_MANY_CODES if is_last else texts.WRONG_CODE, tried))
    session = replace(call.session, login=taken, wrong_codes=())
    return _discreet(call.say(texts.logged_in(taken.email), session))


def _taken(call: Call) -> Login | None:
    """What the invitation of a code gives; the same is asked for every code."""
    message, invitations = call.moment.message, call.tools.stores.invitations
    invitation_id = id_of(read_code(call.argument))
    found = invitations.take(invitation_id, message.id, call.tools.clock())
    if found is None:
        return None
    return Login(invitation_id, message.received_at, found.email, found.assistants)


def log_out(call: Call) -> Outcome:
    """Forget the account, and what was said as it."""
    if call.session.login is None:
        return call.say(texts.NOT_LOGGED_IN)
    return call.say(texts.LOGGED_OUT, replace(forget(call.session), login=None))


def who_am_i(call: Call) -> Outcome:
    """Tell a person what they are known by."""
    usable = (one.name for one in call.moment.assistants)
    person = call.moment.person
    return call.say(texts.who(person.contact, person.account, usable))


def may_log_in(_: Moment, tools: Tools) -> bool:
    """Whether an invitation is of any use."""
    return tools.access is not Access.LISTED


def _discreet(outcome: Outcome) -> Outcome:
    return replace(outcome, forgets=True)
