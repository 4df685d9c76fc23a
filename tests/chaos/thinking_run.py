"""A run in which people are answered in pieces, cancel, and write in bursts."""

import time
from collections import deque

from tests.chaos.cancels import Cancel, rows
from tests.chaos.plan import STEPS
from tests.chaos.run import Run
from tests.chaos.thinking import Act
from tests.chaos.transcripts import INTERRUPTED, NOTHING, STOPPED, answered, judge, labels


class ThinkingRun(Run):
    """One backend under a plan of ``thinking``; every person does one thing after the other."""

    steps = (*STEPS, "turn held", "message joined", "turn stopped")

    def __init__(self, backend, plan, phones, kills, **options) -> None:
        super().__init__(backend, plan, phones, kills, **options)
        self._acts = {person: deque(acts) for person, acts in plan.contacts.items()}
        self._people = deque(self._acts)
        self._done: dict[str, list[Act]] = {person: [] for person in self._acts}
        self._numbers = iter(range(10**9, 2 * 10**9))
        self._looked_at: dict[str, tuple[tuple[int, int], bool]] = {}
        self._cancels: list[Cancel] = []

    def _post_all(self) -> None:
        while (person := self._take()) is not None:
            acts = self._acts[person]
            act = acts.popleft()
            if act.cancel_after is not None:
                self._await(person)
            self._carry_out(person, act)
            if act.waits or not acts:
                self._await(person)
            if acts:
                with self._lock:
                    self._people.append(person)

    def _take(self) -> str | None:
        while not self._is_stuck():
            with self._lock:
                if not any(self._acts.values()):
                    return None
                due = self._share * (self.result.kills.total() + 1)
                if self._people and not (self._killing and self._taken >= due):
                    person = self._people.popleft()
                    self._taken += len(self._acts[person][0].tokens)
                    return person
            time.sleep(0.02)
        return None

    def _carry_out(self, person: str, act: Act) -> None:
        with self._lock:
            self._done[person].append(act)
        for token, text, pause in zip(act.tokens, act.texts, act.pauses, strict=True):
            time.sleep(pause)
            self._write(person, f"SM{token:032x}", text)
        if act.cancel_after is not None:
            time.sleep(act.cancel_after)
            began, told = time.monotonic(), self._told(person)
            self._write(person, f"SM{next(self._numbers):032x}", "/cancel")
            taken = time.monotonic()
            while self._told(person) == told and not self._is_stuck():
                time.sleep(0.01)
            told_at, faults = time.monotonic(), self.phones.account.faults
            failed = any(
                to == f"whatsapp:{person}" and began < at < told_at
                for to, at in list(faults.failed)
            )
            with self._lock:
                self._cancels.append(Cancel(began, taken, told_at, failed))

    def _told(self, person: str) -> int:
        return sum(text in {STOPPED, NOTHING} for text in self._bubbles(person))

    def _write(self, person: str, sid: str, text: str) -> None:
        while not self._try(person, sid, text):
            time.sleep(0.1)
        with self._lock:
            self.accepted[sid] = time.monotonic()

    def _await(self, person: str) -> None:
        while not self._is_answered(person) and not self._is_stuck():
            time.sleep(0.02)

    def _is_answered(self, person: str) -> bool:
        """Whether nothing more is to come to a person; looked at again only after news."""
        news = len(self._done[person]), len(self.phones.copies[person])
        if self._looked_at.get(person, (None,))[0] != news:
            found = answered(self._done[person], self._bubbles(person))
            self._looked_at[person] = (news, found)
        return self._looked_at[person][1]

    def _bubbles(self, person: str) -> list[str]:
        return [copy.text for copy in list(self.phones.copies[person])]

    def _due(self) -> int:
        return sum(not self._is_answered(person) for person in self._done)

    def _judge(self) -> None:
        self.result.shares = self._shares()
        for person, acts in self.plan.contacts.items():
            found = judge(acts, self._bubbles(person))
            self.result.add(found)
            if found:
                self.tell(f"  wrong at {person}: {found}")
                for act in acts:
                    self.tell(f"    {act.tokens} {act.mood} cancel {act.cancel_after}")
                for text in self._bubbles(person):
                    self.tell(f"      {text[:60]!r}")

    def _shares(self) -> dict[str, object]:
        """What was measured beside the promise."""
        told = [text for person in self._acts for text in self._bubbles(person)]
        questions = {one.question for one in labels(told)}
        acts = (act for done in self._done.values() for act in done)
        bursts = [act.tokens for act in acts if len(act.tokens) > 1]
        ends = {one.name: one.ends for one in self.backend.processes}
        return {
            **rows(self._cancels, told.count(STOPPED), ends),
            "bursts": f"{len(bursts)}, {sum(one in questions for one in bursts)} one question each",
            "begun anew": sum(text.startswith(INTERRUPTED) for text in told),
        }
