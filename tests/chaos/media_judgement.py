"""Whether the promise was kept towards one person who was sent media.

It is judged as that of texts (``judgement``), where a text in the place of a medium is another copy
of it: right where the medium is known to have failed, else a repetition. A medium itself is never
sent a second time, whatever is reported of it. A voice may be missing and may fail, and nobody is
told; what there is of it comes once, behind all else.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace

from tests.chaos.judgement import Judgement, judge
from tests.chaos.media_plan import Attached
from tests.chaos.phones import Copy


def judge_media(said: list[Attached], copies: list[Copy]) -> Judgement:
    """Compare what a person received with what was to come."""
    voices = {one.voice for one in said if one.voice}
    media = {text: medium for one in said for medium, text in one.instead}
    seen = [_seen(copy, voices, media) for copy in copies]
    heard = {copy.text for copy in copies} & voices
    wanted = [_with_voice(one) if one.voice in heard else one for one in said]
    found = judge(wanted, seen)
    found.repeated += _twice(copy for copy in copies if copy.text in media.values())
    return found


def _seen(copy: Copy, voices: set[str], media: dict[str, str]) -> Copy:
    if copy.text in voices:
        return replace(copy, reports=[])
    return replace(copy, text=media.get(copy.text, copy.text))


def _with_voice(one: Attached) -> Attached:
    return replace(one, expected=(*one.expected, one.voice))


def _twice(copies: Iterable[Copy]) -> int:
    """Copies of media behind one that failed: no other count has them."""
    before: Counter[str] = Counter()
    twice = 0
    for copy in copies:
        twice += before[copy.text] > 0
        before[copy.text] += copy.may_have_failed
    return twice
