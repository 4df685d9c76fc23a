"""What the gateway says about who may use it, in WhatsApp's formatting."""

from collections.abc import Iterable

INVITATION_NEEDED = (
    "🔑 You need an invitation to use this service. If you have a code, send /login and the code, "
    "for example: /login K7QF-3M9X. If not, please ask the people who run it."
)
LIST_NEEDED = (
    "🔒 This service is for people whose number is registered. Please ask the people who run it to "
    "add yours."
)
HOW_TO_LOG_IN = "🔑 Send /login and the code of your invitation, for example: /login K7QF-3M9X"
WRONG_CODE = (
    "❌ This code cannot be used. Please check it, or ask for a new one: a code works once, and "
    "not for ever."
)
TOO_MANY_CODES = (
    "❌ This code cannot be used, and there were too many that could not. Please wait an hour "
    "before you send another one; until then I do not answer to codes."
)
LOGGED_OUT = "👋 You are logged out."
NOT_LOGGED_IN = "You are not logged in."


def logged_in(email: str) -> str:
    """The answer to a code that was taken; ``email`` is the account, if it names one."""
    what = f"logged in as {email}" if email else "in"
    return f"✅ You are {what}. Just write what you want to know; /help shows what I understand."


def who(known_as: str, email: str, assistants: Iterable[str]) -> str:
    """What /whoami says."""
    account = f"• Account: {email}" if email else "• Account: none"
    names = ", ".join(assistants)
    lines = ["👤 This is what I know you by:", f"• Contact: {known_as}", account]
    return "\n".join((*lines, f"• Assistants: {names}") if names else lines)
