"""The judgement of media sees what is wrong, and only that."""

import pytest

from lib.reply.texts import PART_LOST
from tests.chaos.judgement import Judgement
from tests.chaos.media_judgement import judge_media
from tests.chaos.media_plan import Attached
from tests.chaos.phones import Copy

SAID = [
    Attached("SM1", "", 1, ("a", "<m>"), instead=(("<m>", "m in words"),), voice="<spoken a>"),
    Attached("SM2", "", 1, ("b",)),
]
GOOD, BAD, UNHEARD = ("delivered", True), ("undelivered", True), ("undelivered", False)


def copies(*taken):
    """Copies, 20 seconds apart; each a text, or a text with its reports."""
    told = [(one,) if isinstance(one, str) else one for one in taken]
    return [
        Copy(text, 20.0 * number, [(status, 20.0 * number + 1, ok) for status, ok in reports])
        for number, (text, *reports) in enumerate(told)
    ]


@pytest.mark.parametrize(
    ("taken", "found"),
    [
        (("a", "<m>", "<spoken a>", "b"), Judgement()),
        # Nobody misses a voice, whatever became of it.
        (("a", "<m>", "b"), Judgement()),
        (("a", "<m>", ("<spoken a>", BAD), "b"), Judgement()),
        (("a", "<m>", "<spoken a>", "<spoken a>", "b"), Judgement(repeated=1)),
        (("a", "<m>", ("<spoken a>", BAD), "<spoken a>", "b"), Judgement(repeated=1)),
        (("a", "<spoken a>", "<m>", "b"), Judgement(disordered=2)),
        (("a", "<m>", "b", "<spoken a>"), Judgement(disordered=2)),
        (("<spoken a>", "a", "<m>", "b"), Judgement(disordered=3)),
        (("<m>", "a", "b"), Judgement(disordered=2)),
        # A medium that failed comes as its text, once.
        (("a", ("<m>", BAD), "m in words", "b"), Judgement()),
        (("a", ("<m>", BAD), "<spoken a>", "m in words", "b"), Judgement()),
        (("a", ("<m>", BAD), "b", "m in words"), Judgement()),
        (("a", ("<m>", UNHEARD), "m in words", "b"), Judgement()),
        (("a", ("<m>", BAD), "m in words", "m in words", "b"), Judgement(repeated=1)),
        (("a", ("<m>", BAD), "<m>", "b"), Judgement(repeated=1)),
        (("a", ("<m>", BAD), "<m>", "m in words", "b"), Judgement(repeated=2)),
        # It may as well be sent as its text alone.
        (("a", "m in words", "b"), Judgement()),
        (("m in words", "a", "b"), Judgement(disordered=2)),
        (("a", "<m>", "m in words", "b"), Judgement(repeated=1)),
        (("a", ("<m>", GOOD, BAD), "m in words", "b"), Judgement(repeated=1)),
        (("a", "b"), Judgement(lost=1)),
        (("a", ("<m>", BAD), "b"), Judgement(wordless=1)),
        (("a", ("<m>", BAD), ("m in words", BAD), PART_LOST, "b"), Judgement()),
        (("a", ("<m>", BAD), ("m in words", BAD), "b"), Judgement(wordless=1)),
        (("a", "<m>", "b", PART_LOST), Judgement(repeated=1)),
        (("a", "<m>", "c", "b"), Judgement(repeated=1)),
    ],
)
def test_a_person_s_copies_are_judged(taken, found):
    assert judge_media(SAID, copies(*taken)) == found
