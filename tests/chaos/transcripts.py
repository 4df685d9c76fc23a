"""Whether the promise was kept towards one person who was answered in pieces.

An answer is a run of paragraphs, each with its label. It is right if all paragraphs of one attempt
arrived once and in order, perhaps after the beginnings of earlier attempts, each ended by the line
that says so. It may be incomplete where the person cancelled, or where the assistant broke off
and the person was told. Counted are:

- *lost*: messages that no complete answer is about, with nothing that excuses it.
- *repeated*: paragraphs that came twice, and messages that two answers are about.
- *out of order*: paragraphs or answers before an earlier one; bubbles of an answer that *began*
  after "Stopped.", but for the one that may have been leaving.
- *mixed*: paragraphs of another attempt without the line.
- *without a word*: a /cancel, or an answer that broke off, of which nobody was told.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import astuple, dataclass
from itertools import pairwise

from tests.chaos.thinking import Act, Mood

STOPPED = "Stopped. What the assistant had already done stays done."
NOTHING = "Nothing was running."
BROKE_OFF = "_(The answer broke off here. Send /again to have it answered anew.)_"
FAILED = "Something went wrong while the assistant was answering. Please try again."
EMPTY = "The assistant had no answer to this. Please try to put it in other words."
INTERRUPTED = "_(I was interrupted; from the beginning:)_"

_LABEL = re.compile(r"\(([\d+]+) try (\d+): (\d+)/(\d+)\)")
_EXCUSES = frozenset({BROKE_OFF, FAILED, EMPTY})

Question = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What a paragraph says of itself; ``again`` that the line stands before it in its bubble."""

    question: Question
    attempt: int
    number: int
    of: int
    bubble: int
    again: bool


@dataclass(slots=True)
class Judgement:
    """How often the promise was broken."""

    lost: int = 0
    repeated: int = 0
    disordered: int = 0
    mixed: int = 0
    wordless: int = 0

    def __bool__(self) -> bool:
        return any(astuple(self))


def labels(bubbles: list[str]) -> Iterator[Label]:
    """Every paragraph that a person received, in order."""
    for number, text in enumerate(bubbles):
        again = text.startswith(INTERRUPTED)
        for found in _LABEL.finditer(text):
            question = tuple(map(int, found[1].split("+")))
            yield Label(question, int(found[2]), int(found[3]), int(found[4]), number, again)
            again = False


def answered(acts: list[Act], bubbles: list[str]) -> bool:
    """Whether nothing more is to come to a person who has done this so far."""
    ends = Counter(bubbles)
    cancels = sum(act.cancel_after is not None for act in acts)
    if ends[STOPPED] + ends[NOTHING] < cancels:
        return False
    complete = {token for one in labels(bubbles) if one.number == one.of for token in one.question}
    owed = [a for a in acts if a.cancel_after is None and not complete.issuperset(a.tokens)]
    return len(owed) <= sum(ends[text] for text in _EXCUSES)


def judge(acts: list[Act], bubbles: list[str]) -> Judgement:
    """Compare what a person received with what they did."""
    found = Judgement()
    seen = list(labels(bubbles))
    cancelled = {t for act in acts if act.cancel_after is not None for t in act.tokens}
    broken = {t for act in acts if act.mood is Mood.CUT for t in act.tokens}
    complete: Counter[int] = Counter()
    for question in dict.fromkeys(one.question for one in seen):
        mine = [one for one in seen if one.question == question]
        _judge_answer(mine, found)
        if any(one.number == one.of for one in mine):
            complete.update(question)
    everything = [token for act in acts for token in act.tokens]
    found.repeated += sum(number > 1 for number in complete.values())
    unsaid = [t for t in everything if not complete[t] and t not in cancelled]
    excuses = sum(text in _EXCUSES for text in bubbles)
    found.lost += sum(token not in broken for token in unsaid)
    found.wordless += max(0, sum(token in broken for token in unsaid) - excuses)
    found.wordless += abs(sum(text in {STOPPED, NOTHING} for text in bubbles) - _cancels(acts))
    found.disordered += _disordered(seen) + _begun_after_stop(acts, bubbles, seen)
    return found


def _cancels(acts: list[Act]) -> int:
    return sum(act.cancel_after is not None for act in acts)


def _judge_answer(mine: list[Label], found: Judgement) -> None:
    before: Label | None = None
    for one in mine:
        if before is None or (one.again and before.number < one.of):
            expected = 1
        elif one.attempt != before.attempt:
            found.mixed += 1
            expected = 1
        else:
            expected = before.number + 1
        found.repeated += one.number < expected
        found.disordered += one.number > expected
        before = one


def _disordered(seen: list[Label]) -> int:
    first = [question[0] for question in dict.fromkeys(one.question for one in seen)]
    runs = [question for question, last in _runs(seen) if question != last]
    return sum(a > b for a, b in pairwise(first)) + len(runs) - len(set(runs))


def _runs(seen: list[Label]) -> Iterator[tuple[Question, Question | None]]:
    last: Question | None = None
    for one in seen:
        yield one.question, last
        last = one.question


def _begun_after_stop(acts: list[Act], bubbles: list[str], seen: list[Label]) -> int:
    """Bubbles of what was cancelled that came after the word, but for one each."""
    told = [number for number, text in enumerate(bubbles) if text in {STOPPED, NOTHING}]
    late = 0
    stopped = [act.tokens for act in acts if act.cancel_after is not None]
    for tokens, at in zip(stopped, told, strict=False):
        if bubbles[at] == STOPPED:
            after = {one.bubble for one in seen if one.question == tokens and one.bubble > at}
            late += max(0, len(after) - 1)
    return late
