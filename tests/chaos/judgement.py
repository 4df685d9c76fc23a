"""Whether the promise was kept towards one person.

A copy is a message that Twilio took. A copy that was reported as failed does not count, unless it
is known to have arrived: another one may take its place, behind whatever was said meanwhile, or
the apology that a part was lost, once for each message. So:

- *lost*: a part of which no copy counts, in a message of which nothing was reported as failed.
- *without a word*: a message of which a part counts in no copy, and for which no apology counts.
- *repeated*: a copy more than expected, where no earlier one was reported as failed, or where one
  was known to have arrived ``SURE`` seconds before; an apology for which there is no such message.
- *out of order*: the first copies of all parts are compared with what was expected, but for parts
  that stand behind a failed one in their message: those wait for it. Two messages may have the
  same words as their answer: then a copy behind a failed one may be another of the first.
"""

from collections import Counter, deque
from dataclasses import astuple, dataclass

from lib.reply.texts import PART_LOST
from tests.chaos.phones import Copy
from tests.chaos.plan import Said

SURE = 9.0
"""Seconds: a send that is retried begins that much before Twilio takes it."""


@dataclass(slots=True)
class Judgement:
    """How often the promise was broken."""

    lost: int = 0
    repeated: int = 0
    disordered: int = 0
    wordless: int = 0

    def __bool__(self) -> bool:
        return any(astuple(self))


def judge(said: list[Said], copies: list[Copy]) -> Judgement:
    """Compare what a person received with what was to come."""
    found = Judgement()
    broken = {one.sid for one in said if any(_failed(text, copies) for text in one.expected)}
    counting = Counter(copy.text for copy in copies if not copy.is_known_to_have_failed)
    unsaid = 0
    for one in said:
        missing = [text for text in one.expected if not _taken_from(counting, text)]
        if one.sid not in broken:
            found.lost += len(missing)
        unsaid += bool(missing) and one.sid in broken
    apologies = counting.pop(PART_LOST, 0)
    found.wordless = max(0, unsaid - apologies)
    found.repeated = max(0, apologies - len(broken)) + _repeated(said, copies)
    found.disordered = _disordered(said, copies)
    return found


def _failed(text: str, copies: list[Copy]) -> bool:
    return any(copy.may_have_failed for copy in copies if copy.text == text)


def _taken_from(counting: Counter[str], text: str) -> bool:
    counting[text] -= 1
    return counting[text] >= 0


def _repeated(said: list[Said], copies: list[Copy]) -> int:
    wanted = Counter(text for one in said for text in one.expected)
    repeated = 0
    for text in {copy.text for copy in copies} - {PART_LOST}:
        these = [copy for copy in copies if copy.text == text]
        for number, copy in enumerate(these):
            if number >= wanted[text]:
                excused = sum(_is_excused(one, copy.at) for one in these[:number])
                repeated += excused <= number - wanted[text]
    return repeated


def _is_excused(copy: Copy, at: float) -> bool:
    """Whether another copy may have been sent by then."""
    return copy.may_have_failed and not copy.was_known_to_have_arrived(at - SURE)


def _disordered(said: list[Said], copies: list[Copy]) -> int:
    wanted = [text for one in said for text in _steady(one, copies)]
    if _in_order(wanted, copies):
        return 0
    left = Counter(wanted)
    received = [copy.text for copy in copies if _taken_from(left, copy.text)]
    here = Counter(received)
    return sum(a != b for a, b in zip([t for t in wanted if here[t]], received, strict=False))


def _in_order(wanted: list[str], copies: list[Copy]) -> bool:
    """Whether each copy is the next one wanted, or takes the place of one that failed."""
    received = {copy.text for copy in copies}
    ahead = deque(text for text in wanted if text in received)
    failed: set[str] = set()
    for copy in (one for one in copies if one.text in wanted):
        if ahead and copy.text == ahead[0]:
            ahead.popleft()
        elif copy.text not in failed:
            return False
        if copy.may_have_failed:
            failed.add(copy.text)
    return not ahead


def _steady(one: Said, copies: list[Copy]) -> tuple[str, ...]:
    """The parts of a message up to the first that failed; what is behind it waited."""
    failed = [number for number, text in enumerate(one.expected) if _failed(text, copies)]
    return one.expected[: failed[0] + 1] if failed else one.expected
