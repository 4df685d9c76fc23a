"""What the gateway says to commands, in WhatsApp's formatting."""

from collections.abc import Iterable, Mapping

from lib.model import TokenUsage

SWITCH = "/switch assistant-id - Switch to a different assistant"
LIST = "/list - Show available assistants"
HELP = "/help - Show this help message"
CURRENT = "/current - Show current assistant info"
NEW = "/new - Start a new conversation"
CANCEL = "/cancel - Stop the answer that is being written"
AGAIN = "/again - Ask your last question anew"
WHY = "/why - Show how the last answer came about"
RATE = "/rate 1-5 - Rate the last answer"
VOICE = "/voice on|off|auto - Have answers spoken, too"

NEW_CONVERSATION = "🆕 This is a new conversation: what we said before is not passed on any more."

NOTHING_TO_ASK = "There is nothing to ask again: I know of no question of yours in the last days."

NOTHING_TO_TELL = "There is nothing to tell yet: I know of no answer to you in the last days."
ABOUT_THE_ANSWER = "🔎 About the last answer:"
PART_READ = "read"
PART_DELIVERED = "delivered"
PART_SENT = "sent"
PART_WAITING = "waiting"
PART_STOPPED = "stopped"
PART_FAILED = "failed"
STOPPED_BY_YOU = "• Stopped: by you"

HOW_TO_RATE = (
    "Send /rate and a number from 1 (bad) to 5 (very good), perhaps with a comment. "
    "For example: /rate 4"
)
NOTHING_TO_RATE = "There is nothing to rate yet: I know of no answer to you in the last days."
RATED = "🙏 Thank you for the rating."
WHAT_WAS_WRONG = (
    "🙏 Thank you. What should have been better? Your next message within 10 minutes is kept as "
    "your comment, unless it is a command; /again asks your question anew."
)
COMMENT_KEPT = "🙏 Thank you for the comment."

VOICE_ON = "🔊 I write my answers, and speak them, too."
VOICE_OFF = "🔇 I write my answers, and do not speak them."
VOICE_AUTO = "🔊 I write my answers, and speak those to your voice messages, too."
WHAT_IS_SPOKEN = (
    "The text always comes first. Code, tables and addresses stand in it only, and so does what "
    "comes after about a minute and a half of speech."
)
ROBOT = "It is the voice of a robot."
VOICE_WAYS = (
    "Send /voice on to hear every answer, /voice off to hear none, or /voice auto to hear those to "
    "your voice messages."
)

_HELP_TITLE = "🤖 WhatsApp Aitana Commands:"
_STATES = (PART_READ, PART_DELIVERED, PART_SENT, PART_WAITING, PART_STOPPED, PART_FAILED)
_EXACT_BELOW = 10
"""Seconds: of shorter times the tenths are told."""


def help_with(lines: Iterable[str]) -> str:
    """What /help says."""
    return "\n".join((_HELP_TITLE, *lines))


def answered_by(name: str) -> str:
    """Who was asked."""
    return f"• Assistant: {name}"


def took(seconds: float) -> str:
    """How long it took until the whole answer was there."""
    return f"• Time: {seconds:.{1 if seconds < _EXACT_BELOW else 0}f} seconds"


def parts(states: Mapping[str, int]) -> str:
    """How many parts the answer has, and what became of how many of them, in words."""
    count = sum(states.values())
    told = [(states[state], state) for state in _STATES if states.get(state)]
    if len(told) > 1:
        became = ", ".join(f"{many} {state}" for many, state in told)
    else:
        became = told[0][1] if count == 1 else f"all {told[0][1]}"
    return f"• Parts: {count} ({became})"


def tokens(used: TokenUsage) -> str:
    """What the answer took of the model."""
    return f"• Tokens: {used.prompt} read, {used.completion} written"


def questions_left(count: int) -> str:
    """How many more questions the person may ask before the next day."""
    return f"• Questions left today: {count}"


def speech_left(characters: int) -> str:
    """How much more may be spoken to the person before the next day."""
    return f"Left to be spoken today: {characters} characters."


def trace_id(trace: str) -> str:
    """What operators find everything about the answer by."""
    return f"• Trace id: {trace}"
