"""What every person received, and what was reported of it."""

import re
import threading
import time
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from urllib.parse import unquote, urlsplit

from simulator.twilio.account import Account
from simulator.twilio.bus import Step
from tests.chaos.plan import Plan
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN

ARRIVED = frozenset({"delivered", "read"})
FAILED = frozenset({"failed", "undelivered"})
_TITLE = "Status callback: "
# Where an assistant's own files are: not the same in any two runs.
_FILES = re.compile(r"http://127\.0\.0\.1:\d+/files/")


@dataclass(slots=True)
class Copy:
    """A message that Twilio took. ``reports``: status, when, and whether the gateway took it.

    ``url`` is where its file is, if it has one; ``text`` then begins with the file's name.
    """

    text: str
    at: float
    reports: list[tuple[str, float, bool]] = field(default_factory=list)
    url: str = ""

    @property
    def may_have_failed(self) -> bool:
        """Whether a failure was reported; the gateway may have acted without saying so."""
        return any(status in FAILED for status, _, _ in self.reports)

    @property
    def is_known_to_have_failed(self) -> bool:
        """Whether the gateway took the report of a failure, and never one of an arrival."""
        failed = any(status in FAILED and ok for status, _, ok in self.reports)
        return failed and not any(status in ARRIVED for status, _, _ in self.reports)

    def was_known_to_have_arrived(self, at: float) -> bool:
        """Whether the gateway had taken the report of an arrival by then."""
        return any(status in ARRIVED and ok and when <= at for status, when, ok in self.reports)


class Phones:
    """Every copy by person, in the order in which Twilio took them."""

    def __init__(self, faults, plan: Plan | None = None) -> None:
        self.copies: dict[str, list[Copy]] = defaultdict(list)
        self.taken = 0
        self.answered = 0
        self._by_sid: dict[str, Copy] = {}
        self._unanswered: dict[str, Counter[str]] = defaultdict(Counter)
        for person, said in plan.contacts.items() if plan else ():
            self._unanswered[person].update(one.expected[0] for one in said)
        self._lock = threading.Lock()
        self.account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}), on_message=self._take)
        self.account.faults = faults
        self.account.bus.watch(self._see)

    def _take(self, message) -> None:
        url = next(iter(message.media_urls), "")
        copy = Copy(_shown(message.body, url), time.monotonic(), url=url)
        with self._lock:
            self.copies[message.person].append(copy)
            self._by_sid[message.sid] = copy
            self.taken += 1
            first = self._unanswered[message.person]
            self.answered += first[copy.text] > 0
            first[copy.text] -= 1

    def _see(self, event) -> None:
        if isinstance(event, Step) and event.title.startswith(_TITLE):
            report = (event.title.removeprefix(_TITLE), time.monotonic(), event.ok)
            with self._lock:
                self._by_sid[event.message_sid].reports.append(report)


def _shown(body: str, url: str) -> str:
    words = _FILES.sub("", body)
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    return f"<{name}> {words}".strip() if url else words
