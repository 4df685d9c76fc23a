"""The judgement sees what is wrong, and only that."""

import pytest

from lib.reply.texts import PART_LOST
from tests.chaos.judgement import Judgement, judge
from tests.chaos.phones import Copy
from tests.chaos.plan import Said

SAID = [Said("SM1", "long 1", 1, ("a1", "a2")), Said("SM2", "plain 2", 1, ("b",))]


def copies(*taken):
    """Copies, 20 seconds apart; each a text, or a text with its reports."""
    return [
        Copy(one, 20.0 * number)
        if isinstance(one, str)
        else Copy(one[0], 20.0 * number, [(s, 20.0 * number + 1, ok) for s, ok in one[1:]])
        for number, one in enumerate(taken)
    ]


GOOD, BAD = ("delivered", True), ("undelivered", True)
UNHEARD, UNHEARD_GOOD = ("undelivered", False), ("delivered", False)


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        (("a1", "a2", "b"), Judgement()),
        (("a1", "b"), Judgement(lost=1)),
        ((), Judgement(lost=3)),
        (("a1", "a2", "a2", "b"), Judgement(repeated=1)),
        (("a1", "a2", "b", "c"), Judgement(repeated=1)),
        (("a2", "a1", "b"), Judgement(disordered=2)),
        (("a1", "b", "a2"), Judgement(disordered=2)),
        # What failed comes again, behind whatever was said meanwhile.
        (("a1", ("a2", BAD), "b", "a2"), Judgement()),
        (("a1", ("a2", BAD), "b", "a2", "a2"), Judgement(repeated=1)),
        ((("a1", BAD), "b", "a1", "a2"), Judgement()),
        (("a1", ("a2", UNHEARD), "b", "a2"), Judgement()),
        (("a1", ("a2", UNHEARD), "b"), Judgement()),
        # What arrived does not.
        (("a1", ("a2", GOOD, BAD), "b", "a2"), Judgement(repeated=1)),
        (("a1", ("a2", BAD, GOOD), "b", "a2"), Judgement(repeated=1)),
        (("a1", ("a2", BAD, UNHEARD_GOOD), "b", "a2"), Judgement()),
        (("a1", ("a2", BAD, GOOD), "b"), Judgement()),
        # What is lost for good is apologised for, once.
        (("a1", ("a2", BAD), "b"), Judgement(wordless=1)),
        ((("a1", BAD), "b"), Judgement(wordless=1)),
        (("a1", ("a2", BAD), PART_LOST, "b"), Judgement()),
        ((("a1", BAD), PART_LOST, "b"), Judgement()),
        (("a1", ("a2", BAD), (PART_LOST, BAD), "b"), Judgement(wordless=1)),
        (("a1", ("a2", BAD), (PART_LOST, BAD), "b", PART_LOST), Judgement()),
        (("a1", ("a2", BAD), PART_LOST, PART_LOST, "b"), Judgement(repeated=1)),
        (("a1", "a2", "b", PART_LOST), Judgement(repeated=1)),
        (("a1", ("a2", BAD), ("b", BAD), PART_LOST), Judgement(wordless=1)),
    ],
)
def test_a_person_s_copies_are_judged(taken, found):
    assert judge(SAID, copies(*taken)) == found
    assert bool(judge(SAID, copies(*taken))) is (found != Judgement())


SAME = [Said(f"SM{number}", text, 1, (text,)) for number, text in enumerate(("h", "a", "h"))]


@pytest.mark.parametrize(
    ("taken", "disordered"),
    [
        (("h", "a", "h"), 0),
        # Of two answers with the same words the first failed, and came again at once.
        ((("h", BAD), "h", "a", "h"), 0),
        ((("h", BAD), "a", "h", "h"), 0),
        (("h", "h", "a"), 2),
        (("a", "h", "h"), 2),
        ((("h", BAD), "h", "h", "a"), 2),
    ],
)
def test_the_order_of_answers_with_the_same_words_is_judged(taken, disordered):
    assert judge(SAME, copies(*taken)).disordered == disordered
