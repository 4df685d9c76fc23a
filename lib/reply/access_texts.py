"""What the gateway says about who may use it, in WhatsApp's formatting."""

from collections.abc import Iterable

from lib.reply.phrase import Phrase, lines

INVITATION_NEEDED = Phrase(
    "invitation_needed",
    "🔑 You need an invitation to use this service. If you have a code, send /login and the code, "
    "for example: /login K7QF-3M9X. If not, please ask the people who run it.",
)
LIST_NEEDED = Phrase(
    "list_needed",
    "🔒 This service is for people whose number is registered. Please ask the people who run it to "
    "add yours.",
)
HOW_TO_LOG_IN = Phrase(
    "how_to_log_in",
    "🔑 Send /login and the code of your invitation, for example: /login K7QF-3M9X",
)
WRONG_CODE = Phrase(
    "wrong_code",
    "❌ This code cannot be used. Please check it, or ask for a new one: a code works once, and "
    "not for ever.",
)
TOO_MANY_CODES = Phrase(
    "too_many_codes",
    "❌ This code cannot be used, and there were too many that could not. Please wait an hour "
    "before you send another one; until then I do not answer to codes.",
)
LOGGED_OUT = Phrase("logged_out", "👋 You are logged out.")
NOT_LOGGED_IN = Phrase("not_logged_in", "You are not logged in.")

_LOGGED_IN = Phrase(
    "logged_in",
    "✅ You are in. Just write what you want to know; /help shows what I understand.",
)
_LOGGED_IN_AS = Phrase(
    "logged_in_as",
    "✅ You are logged in as {email}. Just write what you want to know; /help shows what I "
    "understand.",
)
_KNOWN_BY = Phrase("known_by", "👤 This is what I know you by:")
_CONTACT = Phrase("known_contact", "• Contact: {contact}")
_ACCOUNT = Phrase("known_account", "• Account: {email}")
_NO_ACCOUNT = Phrase("known_no_account", "• Account: none")
_ASSISTANTS = Phrase("known_assistants", "• Assistants: {names}")


def logged_in(email: str) -> Phrase:
    """The answer to a code that was taken; ``email`` is the account, if it names one."""
    return _LOGGED_IN_AS.with_values(email=email) if email else _LOGGED_IN


def who(known_as: str, email: str, assistants: Iterable[str]) -> Phrase:
    """What /whoami says."""
    account = _ACCOUNT.with_values(email=email) if email else _NO_ACCOUNT
    told = [_KNOWN_BY, _CONTACT.with_values(contact=known_as), account]
    names = ", ".join(assistants)
    return lines(*told, _ASSISTANTS.with_values(names=names)) if names else lines(*told)
