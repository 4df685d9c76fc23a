"""What happened to each message: the gateway's own log lines and Twilio's side, joined.

A story is named by the inbound message it begins with. A reply belongs to the story whose
trace id stands in the log line that tells its SID.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from simulator.page import media_lines
from simulator.twilio.bus import Step
from simulator.twilio.messages import INBOUND, Message

_PREFIX = "whatsapp-"
_LONGEST = 200

# Log message -> who acts, what is told, and which of the line's facts are shown.
_Told = tuple[str, str, tuple[str, ...]]
_LINES: Mapping[str, _Told] = {
    "message queued": ("queue", "Queued, so Twilio gets its 200", ("kind", "media")),
    "turn claimed": ("turn", "Turn claimed: this message is worked on once", ()),
    "turn taken over": ("turn", "Turn taken over from a worker that is gone", ("state",)),
    "turn held": ("turn", "Waits: more of the question may follow", ()),
    "message joined": ("turn", "Part of the question before it", ("held",)),
    "assistant asked": ("assistant", "Assistant asked", ("assistant_id",)),
    "assistant gave no answer": ("assistant", "No answer", ("code", "reason")),
    "answer stored": ("turn", "Answer stored, before anything is sent", ("kind", "chunks")),
    "chunk sent": ("turn", "Part sent and marked", ("chunk", "chunks", "media", "found")),
    "chunk postponed": ("turn", "Part postponed", ("code", "provider_code")),
    "send tried again": ("turn", "Sent again after a pause", ("provider_code", "pause_ms")),
    "chunk not delivered": ("turn", "Part not delivered", ("error_code", "cause")),
    "chunk waits for a failed one": ("turn", "Part waits for a failed one", ("chunk",)),
    "answer parked until the person writes": ("turn", "Answer parked until they write", ()),
    "parked answer delivered": ("turn", "Parked answer goes out first", ()),
    "delivery failure ignored": ("turn", "Failure reported, but known or moot", ("known",)),
    "chunk arrived after all": ("turn", "Part arrived after all: not sent again", ("chunk",)),
    "parked answer given up": ("turn", "Parked answer given up: a dead letter", ()),
    "lease renewed": ("turn", "Lease renewed while the assistant works", ()),
    "turn picked up": ("queue", "Left lying, so queued again", ("state",)),
    "message not admitted": ("queue", "Not on the list of who may write", ()),
    "budget used up": ("assistant", "Not asked: today's questions are used up", ()),
    "medium not sent": ("turn", "Not taken as a file: its text is sent", ("code", "provider_code")),
    "medium not made": ("turn", "Could not be made: its text is sent", ("reason",)),
    "voice given up": ("turn", "Not spoken: the text has to do", ("code", "provider_code")),
    "chunk split again": ("turn", "Part split again", ("code", "provider_code")),
    "reply given up": ("turn", "Reply given up: a dead letter", ("code", "provider_code")),
    "turn finished": ("turn", "Turn finished", ("state", "attempt")),
    "turn stopped by its person": ("turn", "Stopped by its person", ()),
    "turn stopped": ("turn", "What was running is stopped", ()),
    "message seen before": ("turn", "Seen before", ("state", "verdict")),
    "message will be redelivered": ("queue", "Comes again later", ("status", "deliveries")),
    "message given up": ("queue", "Given up by the queue", ("reason",)),
    "delivery status": ("status", "Status stored", ("status", "in_force", "error_code")),
    **media_lines.LINES,
}
# Of a turn that waits for more of its question: it is not finished, and nobody is gone.
_OF_HELD: Mapping[str, _Told | None] = {
    "turn taken over": ("turn", "The wait for more is over", ()),
    "turn finished": None,
}
_BAD = frozenset({"WARNING", "ERROR", "CRITICAL"})
_ENDS = frozenset({"turn finished", "turn stopped by its person", "message given up"})


@dataclass(slots=True)
class _Span:
    """From when to when a story was worked on."""

    trace: str
    since: datetime
    until: datetime | None = None


@dataclass(slots=True)
class Stories:
    """All stories. Not safe for threads: its user holds a lock."""

    steps: dict[str, list[Step]] = field(default_factory=dict)
    working: dict[str, str] = field(default_factory=dict)
    """The stories that are not at their end, the oldest first, with the person of each."""

    _queued: set[str] = field(default_factory=set)
    _trace_by_sid: dict[str, str] = field(default_factory=dict)
    _spans: dict[str, list[_Span]] = field(default_factory=dict)

    def meet(self, message: Message) -> None:
        """Take notice of a message; a reply answers the current one until a line says otherwise."""
        if message.direction == INBOUND:
            if message.sid not in self._trace_by_sid:
                self._trace_by_sid[message.sid] = message.sid
                self.working[message.sid] = message.person
                span = _Span(message.sid, message.created_at)
                self._spans.setdefault(message.person, []).append(span)
        else:
            current = self._current(message.person, message.created_at) or message.sid
            self._trace_by_sid.setdefault(message.sid, current)

    def trace_of(self, sid: str) -> str:
        """Return the story a message belongs to."""
        return self._trace_by_sid.get(sid, sid)

    def is_awaited(self, trace: str) -> bool:
        """Whether the gateway has queued a message and is not at the end of its answer."""
        return trace in self._queued and trace in self.working

    def add(self, step: Step) -> str:
        """Append a step; return its story."""
        trace = self.trace_of(step.message_sid) if step.message_sid else ""
        trace = trace or self._current(step.address, step.at)
        story = self.steps.setdefault(trace, [])
        story.append(step)
        del story[:-_LONGEST]
        return trace

    def read(self, line: Mapping[str, Any]) -> tuple[Step | None, str]:
        """Read a log line: the step in it, if any, and the message that is now seen otherwise.

        That is a reply which has its story now, or the message whose answer is awaited or ended.
        """
        said = str(line.get("message", ""))
        known = _LINES.get(said)
        if _is_held(line):
            known = _OF_HELD.get(said, known)
        trace = str(line.get("trace_id", "")).removeprefix(_PREFIX)
        sid = str(line.get("sid", ""))
        moved = ""
        if said == "chunk sent" and trace and self._trace_by_sid.get(sid) != trace:
            self._trace_by_sid[sid], moved = trace, sid
        if said == "message queued" and trace in self.working:
            self._queued.add(trace)
            moved = trace
        if _is_end(said, line) and trace in self.working:
            self._end(trace, _time(line.get("time")))
            moved = trace
        if known is None or not (trace or sid):
            return None, moved
        return replace(_step(known, line), message_sid=trace or sid), moved

    def clear(self) -> None:
        """Forget all."""
        self.steps.clear()
        self.working.clear()
        self._queued.clear()
        self._trace_by_sid.clear()
        self._spans.clear()

    def _end(self, trace: str, at: datetime) -> None:
        person = self.working.pop(trace)
        self._queued.discard(trace)
        for span in self._spans.get(person, ()):
            if span.trace == trace:
                span.until = at

    def _current(self, person: str, at: datetime) -> str:
        """Return the story that was worked on then: messages of one person are answered in order.

        A request is told when it ends, which may be long after its story did.
        """
        begun = [span for span in self._spans.get(person, ()) if span.since <= at]
        working = (span.trace for span in begun if span.until is None or span.until >= at)
        return next(working, begun[-1].trace if begun else "")


def _is_end(said: str, line: Mapping[str, Any]) -> bool:
    """Whether nothing more is done for a message: it may also be found done after a crash."""
    return (said in _ENDS and not _is_held(line)) or line.get("verdict") == "done"


def _is_held(line: Mapping[str, Any]) -> bool:
    return line.get("state") == "held"


def _step(known: _Told, line: Mapping[str, Any]) -> Step:
    actor, title, names = known
    facts = [f"{name.replace('_', ' ')}: {line[name]}" for name in names if line.get(name)]
    elapsed = line.get("elapsed_ms")
    return Step(
        message_sid="",
        actor=actor,
        title=title,
        at=_time(line.get("time")),
        detail=", ".join(facts),
        milliseconds=elapsed if isinstance(elapsed, int) else None,
        ok=line.get("severity") not in _BAD,
    )


def _time(text: Any) -> datetime:
    try:
        return datetime.fromisoformat(str(text))
    except ValueError:
        return datetime.now(UTC)
