"""What people are told of budgets, in WhatsApp's formatting.

Numbers stand behind a label, so that no sentence depends on how many there are.
"""

RENEWED = "00:00 UTC"
"""When every budget begins anew."""

USED_UP = f"You have used up what you may ask today. You can ask again at {RENEWED}."
ALL_USED_UP = f"As much was asked today as I may answer. You can ask again at {RENEWED}."
ASSISTANT_USED_UP = (
    f"This assistant has answered as much as it may today. You can ask it again at {RENEWED}; "
    "/list shows who else is there."
)


def nearly_used(percent: int, questions_left: int | None) -> str:
    """What is said below an answer, once a day, when little is left of the person's budget."""
    left = "" if questions_left is None else f" Questions left: {questions_left}."
    return f"Used of what you may ask today: {percent} %.{left} It begins anew at {RENEWED}."


def cost(millionths: int) -> str:
    """What an answer cost."""
    return f"• Cost: {_amount(millionths)}"


def budget_left(millionths: int, percent_used: int) -> str:
    """How much more the person's answers may cost before the next day."""
    return f"• Budget left today: {_amount(millionths)} (used: {percent_used} %)"


def _amount(millionths: int) -> str:
    """A plain decimal, with as many digits as say something."""
    whole, rest = divmod(millionths, 1_000_000)
    digits = f"{rest:06d}".rstrip("0")
    return f"{whole}.{digits:0<2}"
