"""What is yet to be done of an erasure, as fields of its document, and back.

It stands in ``work``, or in ``bounded`` where a name was somebody else's, too: there a version that
knows of no spans, and would take what is theirs, does not find it.
"""

from lib.model.erasure import Erasure
from lib.ports.documents import Document
from lib.storage.fields import number, text, texts, time, time_if_any
from lib.storage.stores.session_documents import spans_field
from lib.storage.stores.span_documents import spans_of

WORK, BOUNDED = "work", "bounded"

DONE: Document = {WORK: None, BOUNDED: None, "overdue_at": None}
"""What is said of one that is done."""


def work_document(erasure: Erasure) -> Document:
    """What says how far an erasure is."""
    work = {
        "names": list(erasure.names),
        "histories": list(erasure.histories),
        "turn": erasure.turn,
        "passes": erasure.passes,
        "answered_at": erasure.answered_at,
        "told": erasure.told,
        "contacts": list(erasure.contacts),
        "spans": spans_field(erasure.spans),
    }
    kept = {WORK: None, BOUNDED: work} if erasure.spans else {WORK: work, BOUNDED: None}
    return {"overdue_at": erasure.due_at} | kept


def work_of(document: Document) -> Document | None:
    """What is to be done, by a document; None where nothing is."""
    found = (document.get(field) for field in (BOUNDED, WORK))
    return next((one for one in found if isinstance(one, dict)), None)


def read_erasure(erasure_id: str, document: Document, revision: str) -> Erasure | None:
    """An erasure as long as anything of it is left to be done."""
    work = work_of(document)
    if work is None:
        return None
    at = time(document.get("at"))
    return Erasure(
        id=erasure_id,
        names=texts(work.get("names")),
        histories=texts(work.get("histories")),
        turn=text(work.get("turn")),
        before=time(document.get("before")),
        at=at,
        due_at=time(document.get("overdue_at"), at),
        passes=int(number(work.get("passes"))),
        answered_at=time_if_any(work.get("answered_at")),
        told=work.get("told") is True,
        contacts=texts(work.get("contacts")),
        spans=spans_of(work.get("spans")),
        revision=revision,
    )
