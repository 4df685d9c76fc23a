"""Commands about the last answer: how it came about, and having it given anew."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace

from lib.conversation.access import undescribed
from lib.conversation.commands.entry import Call
from lib.conversation.limits import Limits, own_limits, questions_left
from lib.conversation.moment import Moment, Outcome, Tools, anew
from lib.conversation.sessions import without_comment
from lib.errors import DocumentError
from lib.model import Chunk, ChunkKind, ChunkState, DeliveryReport, DeliveryState, Session, Turn
from lib.reply import command_texts as texts
from lib.reply.phrase import Phrase, lines
from lib.storage.stores.turns import stays

_STATES = {
    DeliveryState.READ: texts.PART_READ,
    DeliveryState.DELIVERED: texts.PART_DELIVERED,
    DeliveryState.SENT: texts.PART_SENT,
    DeliveryState.QUEUED: texts.PART_SENT,
    DeliveryState.FAILED: texts.PART_FAILED,
}


def last_turn(turn_id: str, tools: Tools) -> Turn | None:
    """Return a turn whose message was a question; None where there is none, or it is gone.

    It is gone, too, where it cannot be read, or may be deleted at any moment.

    Raises:
        StoreError: nobody can tell now.
    """
    try:
        turn = tools.stores.turns.find(turn_id) if turn_id else None
    except DocumentError:
        return None
    return turn if turn is not None and stays(turn, tools.clock()) else None


def explain(call: Call) -> Outcome:
    """Tell how the last answer came about. Two more round trips than other commands take."""
    turn = last_turn(call.session.question, call.tools)
    if turn is None:
        return call.say(texts.NOTHING_TO_TELL)
    return call.say(lines(texts.ABOUT_THE_ANSWER, *_lines(turn, call)))


def _lines(turn: Turn, call: Call) -> Iterator[Phrase]:
    if turn.assistant_id:
        yield texts.answered_by(_name(turn.assistant_id, call))
    if turn.answered_at and turn.answered_at >= turn.created_at:
        yield texts.took((turn.answered_at - turn.created_at).total_seconds())
    if states := _states(turn, call.tools):
        yield texts.parts(states)
    if turn.stopped_by:
        yield texts.STOPPED_BY_YOU
    if turn.tokens:
        yield texts.tokens(turn.tokens)
    limits = own_limits(call.moment.person.permissions, call.tools.limits)
    left = questions_left(call.session, limits, call.tools.clock())
    if left is not None:
        yield texts.questions_left(left)
    yield from _money(turn, limits, call)
    yield texts.trace_id(turn.trace_id)


def _money(turn: Turn, limits: Limits, call: Call) -> Iterator[Phrase]:
    """Give what an answer cost, and what the next ones may; nothing where nobody counts that."""
    most = limits.budget_per_person
    if turn.cost is None and not most:
        return
    from lib.conversation.spending import left, spent  # noqa: PLC0415 - few gateways count money
    from lib.people.budget import percent  # noqa: PLC0415 - as above
    from lib.reply import budget_texts  # noqa: PLC0415 - as above

    if turn.cost is not None:
        yield budget_texts.cost(turn.cost)
    now = call.tools.clock()
    rest = left(call.session, limits, now)
    if rest is not None:
        yield budget_texts.budget_left(rest, percent(spent(call.session, now), most))


def _name(assistant_id: str, call: Call) -> str:
    known = (*call.moment.person.assistants, call.tools.default_assistant)
    names = (one.name for one in known if one.id == assistant_id)
    return next(names, undescribed(assistant_id, "", {}).name)


def _states(turn: Turn, tools: Tools) -> Counter[Phrase]:
    """What became of the parts of an answer, in words, and of how many of them."""
    parts = _parts(turn)
    sids = [chunk.sid for chunk in parts if chunk.state is ChunkState.SENT]
    reports = tools.stores.deliveries.find_all(sids) if sids else {}
    return Counter(_state(turn, chunk, reports.get(chunk.sid)) for chunk in parts)


def _parts(turn: Turn) -> Sequence[Chunk]:
    """The parts of the answer itself: no apology, no note that it takes a while, and no voice."""
    chunks = turn.chunks[:-1] if turn.apologised else turn.chunks
    return [chunk for chunk in chunks if chunk.kind not in {ChunkKind.NOTE, ChunkKind.VOICE}]


def _state(turn: Turn, chunk: Chunk, report: DeliveryReport | None) -> Phrase:
    match chunk.state:
        case ChunkState.SENT:
            return _STATES[report.state if report else DeliveryState.QUEUED]
        case ChunkState.GIVEN_UP:
            return texts.PART_STOPPED if turn.stopped_by else texts.PART_FAILED
    return texts.PART_WAITING


def ask_again(call: Call) -> Moment | Outcome:
    """Let the last question be asked anew, as the message that the person sent just now."""
    moment, turn_id = call.moment, _source(call.session)
    asked = call.tools.asked(turn_id) if turn_id else None
    if asked is None:
        return call.say(texts.NOTHING_TO_ASK)
    return anew(replace(moment, session=without_comment(call.session)), asked, turn_id)


def _source(session: Session) -> str:
    """The turn whose message has the words of the last question; nothing if there is none."""
    return session.original or session.question
