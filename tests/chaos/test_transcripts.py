"""The judgement of answers in pieces sees what is wrong, and only that."""

import pytest

from tests.chaos.thinking import Act, Mood
from tests.chaos.transcripts import Judgement, answered, judge

ASK = Act((1,), ("<1>",), (0.0,))
NEXT = Act((2, 3), ("<2>", "<3>"), (0.0, 0.0))
CANCELLED = Act((1,), ("<1>",), (0.0,), cancel_after=1.0)
CUT = Act((1,), ("<1>",), (0.0,), Mood.CUT)
AGAIN = "_(I was interrupted; from the beginning:)_\n\n"
STOPPED = "Stopped. What the assistant had already done stays done."
BROKE_OFF = "_(The answer broke off here. Send /again to have it answered anew.)_"


def part(number, of=3, attempt=1, tokens="1"):
    return f"({tokens} try {attempt}: {number}/{of}) and so on"


WHOLE = (part(1), part(2), part(3))


@pytest.mark.parametrize(
    ("acts", "bubbles", "found"),
    [
        ([ASK], WHOLE, Judgement()),
        ([ASK], ("\n\n".join(WHOLE),), Judgement()),
        ([ASK, NEXT], (*WHOLE, part(1, 1, tokens="2+3")), Judgement()),
        ([ASK, NEXT], (*WHOLE, part(1, 1, tokens="2"), part(1, 1, tokens="3")), Judgement()),
        ([ASK], (part(1), AGAIN + part(1, attempt=2), part(2, 3, 2), part(3, 3, 2)), Judgement()),
        ([ASK], (), Judgement(lost=1)),
        ([ASK], (part(1), part(2)), Judgement(lost=1)),
        ([ASK], (part(1), part(3)), Judgement(disordered=1)),
        ([ASK], (part(1), part(1), part(2), part(3)), Judgement(repeated=1)),
        ([ASK], (part(1), part(1, 3, 2), part(2, 3, 2), part(3, 3, 2)), Judgement(mixed=1)),
        ([NEXT], (part(1, 1, tokens="2+3"), part(1, 1, tokens="3")), Judgement(repeated=1)),
        ([NEXT], (part(1, 1, tokens="2"),), Judgement(lost=1)),
        ([ASK, NEXT], (part(1, 1, tokens="2+3"), *WHOLE), Judgement(disordered=1)),
        ([CANCELLED], (part(1), STOPPED), Judgement()),
        ([CANCELLED], (part(1), STOPPED, part(2)), Judgement()),
        ([CANCELLED], (part(1), STOPPED, part(2), part(3)), Judgement(disordered=1)),
        ([CANCELLED], (part(1),), Judgement(wordless=1)),
        ([CANCELLED], (STOPPED, STOPPED), Judgement(wordless=1)),
        ([CANCELLED], (*WHOLE, "Nothing was running."), Judgement()),
        ([CUT], (part(1), BROKE_OFF), Judgement()),
        ([CUT], (part(1),), Judgement(wordless=1)),
    ],
)
def test_what_was_received_is_judged(acts, bubbles, found):
    assert judge(acts, list(bubbles)) == found


@pytest.mark.parametrize(
    ("acts", "bubbles", "done"),
    [
        ([ASK], WHOLE, True),
        ([ASK], WHOLE[:2], False),
        ([CANCELLED], WHOLE, False),
        ([CANCELLED], (part(1), STOPPED), True),
        ([CUT], (part(1),), False),
        ([CUT], (part(1), BROKE_OFF), True),
        ([NEXT], (part(1, 1, tokens="2"),), False),
    ],
)
def test_it_is_known_when_nothing_more_is_to_come(acts, bubbles, done):
    assert answered(acts, list(bubbles)) is done
