"""What people are told of budgets, in WhatsApp's formatting.

Numbers stand behind a label, so that no sentence depends on how many there are.
"""

from decimal import Decimal

from lib.reply.phrase import Phrase, joined


def _until_renewed(sentence: Phrase) -> Phrase:
    """Say in a sentence when every budget begins anew."""
    return sentence.with_values(time="00:00 UTC")


USED_UP = _until_renewed(
    Phrase("used_up", "You have used up what you may ask today. You can ask again at {time}.")
)
ALL_USED_UP = _until_renewed(
    Phrase("all_used_up", "As much was asked today as I may answer. You can ask again at {time}.")
)
ASSISTANT_USED_UP = _until_renewed(
    Phrase(
        "assistant_used_up",
        "This assistant has answered as much as it may today. You can ask it again at {time}; "
        "/list shows who else is there.",
    )
)

_USED = Phrase("budget_part_used", "Used of what you may ask today: {percent} %.")
_QUESTIONS_LEFT = Phrase("budget_questions_left", "Questions left: {count}.")
_RENEWED = _until_renewed(Phrase("budget_renewed", "It begins anew at {time}."))
_COST = Phrase("cost", "• Cost: {amount}")
_BUDGET_LEFT = Phrase("budget_left", "• Budget left today: {amount} (used: {percent} %)")


def nearly_used(percent: int, questions_left: int | None) -> Phrase:
    """What is said below an answer, once a day, when little is left of the person's budget."""
    used = _USED.with_values(percent=percent)
    if questions_left is None:
        return joined(" ", used, _RENEWED)
    return joined(" ", used, _QUESTIONS_LEFT.with_values(count=questions_left), _RENEWED)


def cost(millionths: int) -> Phrase:
    """What an answer cost."""
    return _COST.with_values(amount=_amount(millionths))


def budget_left(millionths: int, percent_used: int) -> Phrase:
    """How much more the person's answers may cost before the next day."""
    return _BUDGET_LEFT.with_values(amount=_amount(millionths), percent=percent_used)


def _amount(millionths: int) -> Decimal:
    """A plain decimal, with as many digits as say something, and with cents."""
    whole, rest = divmod(millionths, 1_000_000)
    digits = f"{rest:06d}".rstrip("0")
    return Decimal(f"{whole}.{digits:0<2}")
