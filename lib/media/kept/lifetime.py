"""How much is kept of media that others fetch, and for how long."""

import re
from datetime import datetime, timedelta
from typing import NamedTuple

from lib.errors import StoreError
from lib.ports.media_store import StoredMedium

DAY = timedelta(days=1)
"""From the moment at which a medium was kept to the end of its address."""

LEAST_LEFT = timedelta(hours=1)
"""Of that day, for an address to be given once more: Twilio fetches soon, and may try again."""


class Lifetime(NamedTuple):
    """How long something is served from when it was kept, and how much of that has to be left.

    Less than ``least_left``, and its address is given to nobody any more. ``use`` keeps places and
    addresses of one kind apart from those of all others. ``in_texts`` is whether addresses stand in
    messages: then they have nothing that WhatsApp takes for a mark of formatting.
    """

    use: str
    whole: timedelta
    least_left: timedelta
    in_texts: bool = False

    def is_fresh(self, kept_at: datetime, now: datetime) -> bool:
        """Whether the address of what is kept since then may be given to somebody now."""
        return kept_at + self.whole - now >= self.least_left


MEDIA = Lifetime("", DAY, LEAST_LEFT)
"""What Twilio or an assistant fetches."""

EXPORTS = Lifetime("export-", timedelta(hours=1), timedelta(minutes=1), in_texts=True)
"""What a person is given of everything that is kept of them."""

MOST_BYTES = 16 * 1024 * 1024
"""Of one medium: what Twilio takes (its documentation, "Guidance on WhatsApp media messages")."""


_TYPE = re.compile(
    r"[\w!#$&^.+-]{1,80}/[\w!#$&^.+-]{1,80}(; ?[\w-]{1,40}=[\w.+-]{1,80})?", re.ASCII
)


class NotKeptError(StoreError):
    """A medium that is not kept, however often that is tried."""

    code = "media_not_kept"
    retryable = False


def require_keepable(medium: StoredMedium) -> None:
    """Return if a medium can be kept.

    Raises:
        NotKeptError: it is empty, too large, or of no type that a header can hold.
    """
    if not 0 < len(medium.data) <= MOST_BYTES:
        raise NotKeptError(f"a medium of {len(medium.data)} bytes")
    if not _TYPE.fullmatch(medium.content_type):
        raise NotKeptError("a medium without a type")
