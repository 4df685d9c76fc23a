"""A run in which people send media, and are answered with some."""

import re
from dataclasses import replace

import requests

from tests.chaos.judgement import Judgement
from tests.chaos.media_judgement import judge_media
from tests.chaos.media_plan import Attached, MediaPlan
from tests.chaos.phones import Copy
from tests.chaos.plan import STEPS
from tests.chaos.run import Result, Run
from tests.cloud import medium_fields
from tests.local_gateway import keep_medium

_SPOKEN = re.compile(rb"<spoken \d+>")
_RECORDING = "<answer.mp3>"


class MediaRun(Run):
    """One backend under a plan of media. Reading takes a child each: few messages are under way."""

    steps = ("medium fetched", "recording heard", "transcript stored", "answer spoken", *STEPS)
    window = 24

    def __init__(self, backend, plan: MediaPlan, phones, kills, **options) -> None:
        super().__init__(backend, plan, phones, kills, **options)
        self.paid = plan.paid
        self.paid.is_stored = lambda number: backend.is_heard(f"SM{number:032x}")

    def go(self) -> Result:
        result = super().go()
        result.overpaid = self.paid.for_nothing
        voices = [one.voice for said in self.plan.contacts.values() for one in said if one.voice]
        result.shares = {
            "recordings": f"{len(self.paid.heard)} heard, and {self.paid.heard_again} times again, "
            "where a kill came before what was said was stored",
            "voices": f"{len(voices)} wanted, {len(self.paid.spoken)} paid, "
            f"{sum(map(self._count, voices))} sent",
        }
        return result

    def _attached(self, person: str, said: Attached) -> dict[str, str]:
        if not said.content_type:
            return {}
        path = keep_medium(self.phones.account, said.content_type, said.data, sender=person)
        return medium_fields(self.backend.twilio + path, said.content_type, said.kind)

    def _found(self, said: list[Attached], copies: list[Copy]) -> Judgement:
        copies[:] = map(_named, copies)
        return judge_media(said, copies)

    def _count(self, voice: str) -> int:
        every = self.phones.copies.values()
        return sum(copy.text == voice for copies in every for copy in copies)


def _named(copy: Copy) -> Copy:
    """A recording with the name of what is said in it, which is fetched as Twilio does."""
    if copy.text != _RECORDING:
        return copy
    found = _SPOKEN.search(requests.get(copy.url, timeout=15).content)
    return replace(copy, text=found[0].decode() if found else copy.url)
