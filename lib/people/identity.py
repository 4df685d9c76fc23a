"""Two sessions of one person, as an operator knows: what becomes of them."""

from dataclasses import replace

from lib.model import Session, Usage


def joined(kept: Session, other: Session, earlier: tuple[str, ...] = ()) -> Session:
    """Return a session with what another one of the same person adds to it.

    ``earlier`` are contacts whose sessions were joined to one of the two before.
    What was used of limits is added up, and what was refused stays refused. What an assistant is
    told of the past is the kept session's alone.
    """
    spent_on = max(kept.spent_on, other.spent_on)
    spoken_on = max(kept.spoken_on, other.spoken_on)
    return replace(
        kept,
        created_at=min(kept.created_at, other.created_at),
        parked=(*kept.parked, *(one for one in other.parked if one not in kept.parked)),
        usage=_added(kept.usage, other.usage),
        opted_out_at=kept.opted_out_at or other.opted_out_at,
        consent=kept.consent if kept.opted_out_at or not other.opted_out_at else other.consent,
        human=kept.human or other.human,
        voice=kept.voice or other.voice,
        spent=_sum(spent_on, (kept.spent_on, kept.spent), (other.spent_on, other.spent)),
        spent_on=spent_on,
        spoken=_sum(spoken_on, (kept.spoken_on, kept.spoken), (other.spoken_on, other.spoken)),
        spoken_on=spoken_on,
        merged=tuple(dict.fromkeys((*kept.merged, *earlier, other.contact, *other.merged))),
    )


def given_up(other: Session, kept: Session) -> Session:
    """Return the session whose person is found under another one from now on."""
    return replace(other, merged_into=kept.contact, parked=(), recent=(), held="", human=None)


def _added(kept: Usage, other: Usage) -> Usage:
    day = max(kept.day, other.day)
    return replace(kept, day=day, asked=_sum(day, (kept.day, kept.asked), (other.day, other.asked)))


def _sum(day: str, *counts: tuple[str, int]) -> int:
    return sum(count for counted_on, count in counts if counted_on == day)
