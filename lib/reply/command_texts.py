"""What the gateway says to commands, in WhatsApp's formatting."""

from collections.abc import Iterable, Mapping

from lib.model import TokenUsage
from lib.reply.phrase import Phrase, joined, lines

SWITCH = Phrase("help_switch", "/switch assistant-id - Switch to a different assistant")
LIST = Phrase("help_list", "/list - Show available assistants")
HELP = Phrase("help_help", "/help - Show this help message")
CURRENT = Phrase("help_current", "/current - Show current assistant info")
NEW = Phrase("help_new", "/new - Start a new conversation")
CANCEL = Phrase("help_cancel", "/cancel - Stop the answer that is being written")
AGAIN = Phrase("help_again", "/again - Ask your last question anew")
WHY = Phrase("help_why", "/why - Show how the last answer came about")
RATE = Phrase("help_rate", "/rate 1-5 - Rate the last answer")
LANGUAGE = Phrase("help_language", "/language - Choose the language that I write in")
VOICE = Phrase("help_voice", "/voice on|off|auto - Have answers spoken, too")

NEW_CONVERSATION = Phrase(
    "new_conversation",
    "🆕 This is a new conversation: what we said before is not passed on any more.",
)

NOTHING_TO_ASK = Phrase(
    "nothing_to_ask",
    "There is nothing to ask again: I know of no question of yours in the last days.",
)

NOTHING_TO_TELL = Phrase(
    "nothing_to_tell", "There is nothing to tell yet: I know of no answer to you in the last days."
)
ABOUT_THE_ANSWER = Phrase("about_the_answer", "🔎 About the last answer:")
PART_READ = Phrase("part_read", "read")
PART_DELIVERED = Phrase("part_delivered", "delivered")
PART_SENT = Phrase("part_sent", "sent")
PART_WAITING = Phrase("part_waiting", "waiting")
PART_STOPPED = Phrase("part_stopped", "stopped")
PART_FAILED = Phrase("part_failed", "failed")
STOPPED_BY_YOU = Phrase("stopped_by_you", "• Stopped: by you")

HOW_TO_RATE = Phrase(
    "how_to_rate",
    "Send /rate and a number from 1 (bad) to 5 (very good), perhaps with a comment. "
    "For example: /rate 4",
)
NOTHING_TO_RATE = Phrase(
    "nothing_to_rate", "There is nothing to rate yet: I know of no answer to you in the last days."
)
RATED = Phrase("rated", "🙏 Thank you for the rating.")
WHAT_WAS_WRONG = Phrase(
    "what_was_wrong",
    "🙏 Thank you. What should have been better? Your next message within 10 minutes is kept as "
    "your comment, unless it is a command; /again asks your question anew.",
)
COMMENT_KEPT = Phrase("comment_kept", "🙏 Thank you for the comment.")

_HELP_TITLE = Phrase("help_title", "🤖 WhatsApp Aitana Commands:")
_ANSWERED_BY = Phrase("answered_by", "• Assistant: {name}")
_TOOK = Phrase("took", "• Time: {seconds} seconds")
_PARTS = Phrase("parts", "• Parts: {count} ({became})")
_SO_MANY = Phrase("so_many", "{count} {state}")
_ALL = Phrase("all_of_them", "all {state}")
_TOKENS = Phrase("tokens", "• Tokens: {read} read, {written} written")
_QUESTIONS_LEFT = Phrase("questions_left", "• Questions left today: {count}")
_TRACE_ID = Phrase("trace_id", "• Trace id: {trace}")

VOICE_ON = Phrase("voice_on", "🔊 I write my answers, and speak them, too.")
VOICE_OFF = Phrase("voice_off", "🔇 I write my answers, and do not speak them.")
VOICE_AUTO = Phrase(
    "voice_auto", "🔊 I write my answers, and speak those to your voice messages, too."
)
WHAT_IS_SPOKEN = Phrase(
    "what_is_spoken",
    "The text always comes first. Code, tables and addresses stand in it only, and so does what "
    "comes after about a minute and a half of speech.",
)
ROBOT = Phrase("robot", "It is the voice of a robot.")
VOICE_WAYS = Phrase(
    "voice_ways",
    "Send /voice on to hear every answer, /voice off to hear none, or /voice auto to hear those to "
    "your voice messages.",
)
_SPEECH_LEFT = Phrase("speech_left", "Left to be spoken today: {count} characters.")

_STATES = (PART_READ, PART_DELIVERED, PART_SENT, PART_WAITING, PART_STOPPED, PART_FAILED)
_EXACT_BELOW = 10
"""Seconds: of shorter times the tenths are told."""


def help_with(commands: Iterable[Phrase]) -> Phrase:
    """What /help says."""
    return lines(_HELP_TITLE, *commands)


def answered_by(name: str) -> Phrase:
    """Who was asked."""
    return _ANSWERED_BY.with_values(name=name)


def took(seconds: float) -> Phrase:
    """How long it took until the whole answer was there."""
    exact = round(float(seconds), 1)
    return _TOOK.with_values(seconds=exact if seconds < _EXACT_BELOW else round(seconds))


def parts(states: Mapping[Phrase, int]) -> Phrase:
    """How many parts the answer has, and what became of how many of them, in words."""
    count = sum(states.values())
    told = [(states[state], state) for state in _STATES if states.get(state)]
    if len(told) > 1:
        each = (_SO_MANY.with_values(count=many, state=state) for many, state in told)
        became = joined(", ", *each)
    else:
        state = told[0][1]
        became = state if count == 1 else _ALL.with_values(state=state)
    return _PARTS.with_values(count=count, became=became)


def tokens(used: TokenUsage) -> Phrase:
    """What the answer took of the model."""
    return _TOKENS.with_values(read=used.prompt, written=used.completion)


def questions_left(count: int) -> Phrase:
    """How many more questions the person may ask before the next day."""
    return _QUESTIONS_LEFT.with_values(count=count)


def speech_left(characters: int) -> Phrase:
    """How much more may be spoken to the person before the next day."""
    return _SPEECH_LEFT.with_values(count=characters)


def trace_id(trace: str) -> Phrase:
    """What operators find everything about the answer by."""
    return _TRACE_ID.with_values(trace=trace)
