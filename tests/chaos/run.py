"""A run: thousands of messages, hundreds of kills, and the count of what went wrong."""

import threading
import time
from collections import Counter, deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import requests

from tests.chaos.judgement import Judgement, judge
from tests.chaos.phones import Copy, Phones
from tests.chaos.plan import STEPS, Plan, Said
from tests.local_gateway import NUMBER, TOKEN
from tests.sample import sign

POSTERS = 12
QUIET = 0.1
"""The share of messages at the end during which nothing is killed, and memory is measured."""

PAUSE = (0.5, 5.0)
"""Seconds between two kills, beside what it takes to come back, unless told otherwise."""

QUIET_SECONDS = 10.0
"""At the end: nothing is left to be done when for so long nothing was sent or unsettled."""

LONGEST_REST = 300.0
"""Seconds for that: what fails again and again is sent again for more than a minute."""

SESSION_WINDOW = 240.0
"""Seconds without any progress after which a run is given up as stuck."""


_COUNTS = ("lost", "repeated", "disordered", "wordless", "mixed", "overpaid")


@dataclass(slots=True)
class Result:
    """What came of a run."""

    backend: str
    seed: int
    messages: int = 0
    webhooks: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    reports: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    repeated: int = 0
    disordered: int = 0
    wordless: int = 0
    mixed: int = 0
    overpaid: int = 0
    stuck: int = 0
    longest_delay: float = 0.0
    seconds: float = 0.0
    memory: tuple[float, float] = (0.0, 0.0)
    shares: dict[str, object] = field(default_factory=dict)

    @property
    def spotless(self) -> bool:
        """Whether the promise was kept."""
        return not any(getattr(self, name) for name in (*_COUNTS, "stuck"))

    def add(self, judgement: object) -> None:
        """Count what went wrong towards one person."""
        for name in _COUNTS:
            setattr(self, name, getattr(self, name) + getattr(judgement, name, 0))

    def table(self) -> str:
        """The result for people."""
        faults = ", ".join(f"{count} {name}" for name, count in sorted(self.faults.items()))
        kills = ", ".join(f"{count} {name}" for name, count in sorted(self.kills.items()))
        reports = ", ".join(f"{count} {name}" for name, count in sorted(self.reports.items()))
        rows = {
            "backend": self.backend,
            "seed": self.seed,
            "messages": f"{self.messages} in {self.webhooks} webhooks",
            "kills": f"{self.kills.total()} ({kills})",
            "faults of Twilio": f"{self.faults.total()} ({faults})",
            "false reports": f"{self.reports.total()} ({reports})",
            "lost": self.lost,
            "repeated": self.repeated,
            "out of order": self.disordered,
            "without a word": self.wordless,
            "mixed": self.mixed,
            "paid for nothing": self.overpaid,
            "turns stuck": self.stuck,
            "longest delay": f"{self.longest_delay:.1f} s",
            "duration": f"{self.seconds:.0f} s",
            "memory at rest": f"{self.memory[0]:.0f} MiB, at the end {self.memory[1]:.0f} MiB",
            **self.shares,
        }
        return "\n".join(f"  {name:<18}{value}" for name, value in rows.items())


class Run:
    """One backend under one plan; ``steps`` are where processes are killed.

    ``window`` is how many messages are under way at most, so that kills meet work at every stage.
    """

    steps = STEPS
    window = 120

    def __init__(
        self, backend, plan: Plan, phones: Phones, kills: int, tell=print, pause=PAUSE
    ) -> None:
        self.backend, self.plan, self.phones, self.kills = backend, plan, phones, kills
        self.tell, self.pause = tell, pause
        self.result = Result(backend.name, plan.seed, plan.messages)
        self.accepted: dict[str, float] = {}
        self._lock = threading.Lock()
        self._over = threading.Event()
        self._chance = plan.random("webhooks")
        self._ahead = {person: deque(said) for person, said in plan.contacts.items()}
        self._ready = deque(self._ahead)
        self._last_count = -1
        self._taken = 0
        self._progress = (0, time.monotonic())
        self._share = (1 - QUIET) * plan.messages / max(1, kills)
        self._killing = kills > 0

    def go(self) -> Result:
        """Carry the run out."""
        started = time.monotonic()
        killer = threading.Thread(target=self._kill, daemon=True)
        killer.start()
        watcher = threading.Thread(target=self._report, daemon=True)
        watcher.start()
        with ThreadPoolExecutor(POSTERS) as pool:
            list(pool.map(lambda _: self._post_all(), range(POSTERS)))
        # With nothing left to write the last kill meets what is still under way.
        killer.join()
        self._await_answers()
        self._over.set()
        self.result.stuck = self._settle()
        self.result.seconds = time.monotonic() - started
        self.result.faults = self.phones.account.faults.suffered
        self.result.reports = self.phones.account.faults.reported
        self._judge()
        return self.result

    # Writing

    def _post_all(self) -> None:
        while (turn := self._next()) is not None:
            person, said = turn
            self._post(person, said)
            with self._lock:
                self.accepted[said.sid] = time.monotonic()
                if self._ahead[person]:
                    self._ready.append(person)

    def _next(self) -> tuple[str, Said] | None:
        while True:
            with self._lock:
                if not any(self._ahead.values()) or self._is_stuck():
                    return None
                if self._ready and self._may_write():
                    self._taken += 1
                    person = self._ready.popleft()
                    return person, self._ahead[person].popleft()
            time.sleep(0.02)

    def _may_write(self) -> bool:
        """Whether neither too much is under way nor the kills are behind."""
        due = self._share * (self.result.kills.total() + 1)
        behind = self._killing and self._taken >= due
        return self._due() < self.window and not behind

    def _due(self) -> int:
        """How many messages have no answer yet."""
        return len(self.accepted) - self.phones.answered

    def _post(self, person: str, said: Said) -> None:
        """Deliver a webhook until it is taken, and its copies beside it or later."""
        with self._lock:
            late = [self._chance.random() < 0.5 for _ in range(said.copies - 1)]
        what, beside = (person, said.sid, said.text), self._attached(person, said)
        copies = [threading.Timer(2.0 if one else 0.0, self._try, what, beside) for one in late]
        for copy in copies:
            copy.daemon = True
            copy.start()
        while not self._try(*what, **beside):
            time.sleep(0.1)
        for copy, is_late in zip(copies, late, strict=True):
            if not is_late:
                copy.join(20)

    def _attached(self, person: str, said: Said) -> dict[str, str]:
        """The parameters of what a person sends beside a text."""
        del person, said
        return {}

    def _try(self, person: str, sid: str, text: str, **beside: str) -> bool:
        form = {
            "MessageSid": sid,
            "From": f"whatsapp:{person}",
            "To": f"whatsapp:{NUMBER}",
            "Body": text,
            **beside,
        }
        headers = {"X-Twilio-Signature": sign(TOKEN, self.backend.signed, form)}
        with self._lock:
            self.result.webhooks += 1
        try:
            answer = requests.post(self.backend.webhook, data=form, headers=headers, timeout=15)
        except requests.RequestException:
            return False
        return answer.status_code == 200

    # Killing

    def _kill(self) -> None:
        chance = self.plan.random("kills")
        for number in range(self.kills):
            # Every few seconds: nothing that takes three could ever be done otherwise.
            if self._over.wait(chance.uniform(*self.pause)):
                return
            while len(self.accepted) < self._share * number or not self._alive():
                if self._over.wait(0.05) or self._is_stuck():
                    return
            self._kill_once(number, chance)
        self._killing = False
        while len(self.accepted) < (1 - QUIET / 2) * self.plan.messages:
            if self._over.wait(0.1) or self._is_stuck():
                return
        self.result.memory = (self._memory(), 0.0)

    def _kill_once(self, number: int, chance) -> None:
        step = (*self.steps, "")[number % (len(self.steps) + 1)]
        if not step:
            self._kill_any(chance)
            return
        # In the first round of the steps at once, in the next a moment later.
        later = (number // (len(self.steps) + 1)) % 2
        order = self.backend.orders / step.replace(" ", "_")
        draft = self.backend.orders / "draft"
        draft.write_text(str(round(chance.uniform(0.01, 0.3), 3) if later else 0))
        draft.rename(order)
        for _ in range(200):
            if not order.exists():
                self.result.kills[f"after '{step}'"] += 1
                return
            if self._over.wait(0.05):
                return
        order.unlink(missing_ok=True)
        self._kill_any(chance)

    def _kill_any(self, chance) -> None:
        while not chance.choice(self.backend.processes).kill():
            if self._over.wait(0.05):
                return
        self.result.kills["at no step in particular"] += 1

    def _alive(self) -> bool:
        """Whether something was answered since the last kill: else nothing is tried but starts."""
        count = self.phones.taken
        alive = count > self._last_count
        if alive:
            self._last_count = count
        return alive or self._due() <= 0

    # Ending

    def _await_answers(self) -> None:
        while self._due() > 0 and not self._is_stuck():
            time.sleep(0.1)

    def _is_stuck(self) -> bool:
        """Whether answers are due and none has come for a long time."""
        count, now = self.phones.taken, time.monotonic()
        if count != self._progress[0] or self._due() <= 0:
            self._progress = (count, now)
        return now - self._progress[1] > SESSION_WINDOW

    def _settle(self) -> int:
        """Wait until nothing is under way; return the number of turns that stay unsettled."""
        deadline = time.monotonic() + LONGEST_REST
        # Copies of the last webhooks may still be on their way, and callbacks: a failure moves
        # a turn that was settled.
        quiet_since, seen = time.monotonic(), -1
        while time.monotonic() < deadline:
            left = self.backend.unsettled()
            if left or self.phones.taken != seen:
                quiet_since, seen = time.monotonic(), self.phones.taken
            if time.monotonic() - quiet_since > QUIET_SECONDS:
                break
            time.sleep(1)
        self.result.memory = (self.result.memory[0] or self._memory(), self._memory())
        return left

    def _memory(self) -> float:
        return sum(process.resident() for process in self.backend.processes)

    def _report(self) -> None:
        while not self._over.wait(10):
            self.tell(
                f"  {self.backend.name}: {len(self.accepted)} of {self.plan.messages} messages, "
                f"{self.phones.answered} answered, {self.result.kills.total()} kills"
            )

    def _judge(self) -> None:
        for person, said in self.plan.contacts.items():
            copies = self.phones.copies[person]
            found = self._found(said, copies)
            self.result.add(found)
            if found:
                self.tell(f"  wrong at {person}: {found}")
                for copy in copies:
                    self.tell(f"    {copy.at:.1f} {copy.text[:40]!r} {copy.reports}"[:300])
            self._measure(said, copies)

    def _found(self, said: list[Said], copies: list[Copy]) -> Judgement:
        """What went wrong towards one person."""
        return judge(said, copies)

    def _measure(self, said: list[Said], copies: list[Copy]) -> None:
        """The longest that anybody waited for all of an answer in which nothing failed."""
        first = {copy.text: copy for copy in reversed(copies)}
        for one in said:
            parts = [first[text] for text in one.expected if text in first]
            failed = any(copy.may_have_failed for copy in parts)
            if parts and not failed and all(one.expected.count(t) == 1 for t in one.expected):
                delay = max(copy.at for copy in parts) - self.accepted[one.sid]
                self.result.longest_delay = max(self.result.longest_delay, delay)
