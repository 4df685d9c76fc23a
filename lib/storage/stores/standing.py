"""What of a person's consent outlives their session: in the marks that name nobody.

A mark is read with everything else that is known of a person. It has an opting out for good, and
what an operator noted. The later word holds, whether it stands there or in the session: so neither
is lost to a turn that writes a session as it was before.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from lib.model import Session
from lib.ports.documents import Document, Key, Write
from lib.storage.fields import time_if_any


class Standing(NamedTuple):
    """When somebody opted out, or else in; None of both if they said nothing."""

    opted_out_at: datetime | None = None
    opted_in_at: datetime | None = None


def standing_writes(
    keys: Iterable[Key], standing: Standing, expire_at: datetime | None
) -> tuple[Write, ...]:
    """What marks how somebody stands, until then; an opting out is marked for good.

    ``keys`` are those of ``Erasures`` for their names.
    """
    document: Document = {
        "opted_out_at": standing.opted_out_at,
        "opted_in_at": standing.opted_in_at,
        "expire_at": None if standing.opted_out_at else expire_at,
    }
    return tuple(Write(key, document) for key in keys)


def marked(keys: Iterable[Key], found: Mapping[Key, Document]) -> Standing:
    """How somebody stands by the marks found; the latest word of all of them."""
    marks = [found[key] for key in keys if key in found]
    return Standing(_latest(marks, "opted_out_at"), _latest(marks, "opted_in_at"))


def standing_of(session: Session | None, mark: Standing) -> Standing:
    """How somebody stands by their session and their mark.

    What was said under a number before it was theirs is not theirs.
    """
    since = session.number_since if session else None
    theirs = [one if one and not (since and one < since) else None for one in mark]
    out = _later(session.opted_out_at if session else None, theirs[0])
    into = _later(session.opted_in_at if session else None, theirs[1])
    if out and into and into > out:
        out = None
    return Standing(out, into)


def standing_so(session: Session, standing: Standing) -> Session:
    """Return a session of somebody who stands so."""
    if (session.opted_out_at, session.opted_in_at) == standing:
        return session
    return replace(session, opted_out_at=standing.opted_out_at, opted_in_at=standing.opted_in_at)


def _latest(marks: Iterable[Document], field: str) -> datetime | None:
    said = (time_if_any(mark.get(field)) for mark in marks)
    return max(filter(None, said), default=None)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (one, other)), default=None)
