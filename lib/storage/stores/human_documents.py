"""What a session's document says of the human who has its person."""

from lib.model.human import Human
from lib.ports.documents import Document
from lib.storage.fields import text, time


def human_document(human: Human) -> Document:
    """A field of a session. New facts belong beside it: an older version would lose them in it."""
    return {
        "since": human.since,
        "until": human.until,
        "by": human.by,
        "turn": human.turn,
        "reported": human.reported,
        "acknowledged": human.acknowledged,
    }


def read_human(document: Document) -> Human:
    """A human who has a person; where no end is written down, it is over."""
    since = time(document.get("since"))
    return Human(
        since=since,
        until=time(document.get("until"), since),
        by=text(document.get("by")),
        turn=text(document.get("turn")),
        reported=document.get("reported") is not False,
        acknowledged=document.get("acknowledged") is True,
    )
