"""What people are told of budgets, in WhatsApp's formatting.

Numbers stand behind a label, so that no sentence depends on how many there are.
"""

from lib.reply.phrase import Phrase

RENEWED = "00:00 UTC"
"""When every budget begins anew."""

USED_UP = Phrase(
    "used_up", "You have used up what you may ask today. You can ask again at {hour}."
).with_values(hour=RENEWED)
ALL_USED_UP = Phrase(
    "all_used_up", "As much was asked today as I may answer. You can ask again at {hour}."
).with_values(hour=RENEWED)
ASSISTANT_USED_UP = Phrase(
    "assistant_used_up",
    "This assistant has answered as much as it may today. You can ask it again at {hour}; /list "
    "shows who else is there.",
).with_values(hour=RENEWED)

_NEARLY_USED = Phrase(
    "nearly_used", "Used of what you may ask today: {percent} %. It begins anew at {hour}."
)
_NEARLY_ASKED = Phrase(
    "nearly_asked",
    "Used of what you may ask today: {percent} %. Questions left: {left}. It begins anew at "
    "{hour}.",
)
_COST = Phrase("answer_cost", "• Cost: {amount}")
_BUDGET_LEFT = Phrase("budget_left", "• Budget left today: {amount} (used: {percent} %)")


def nearly_used(percent: int, questions_left: int | None) -> Phrase:
    """What is said below an answer, once a day, when little is left of the person's budget."""
    if questions_left is None:
        return _NEARLY_USED.with_values(percent=percent, hour=RENEWED)
    return _NEARLY_ASKED.with_values(percent=percent, left=questions_left, hour=RENEWED)


def cost(millionths: int) -> Phrase:
    """What an answer cost."""
    return _COST.with_values(amount=_amount(millionths))


def budget_left(millionths: int, percent_used: int) -> Phrase:
    """How much more the person's answers may cost before the next day."""
    return _BUDGET_LEFT.with_values(amount=_amount(millionths), percent=percent_used)


def _amount(millionths: int) -> str:
    """A plain decimal, with as many digits as say something."""
    whole, rest = divmod(millionths, 1_000_000)
    digits = f"{rest:06d}".rstrip("0")
    return f"{whole}.{digits:0<2}"
