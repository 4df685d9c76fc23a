"""What the provider keeps of the messages that were sent and received."""

from datetime import datetime
from typing import Protocol


class MessageRecords(Protocol):
    """Messages as they stand in the account at Twilio, with their media."""

    def erase(
        self,
        address: str,
        received_until: datetime,
        sent_until: datetime,
        seconds: float,
        since: datetime | None = None,
    ) -> int:
        """Delete what came from an address until a time, and what was sent to it until another.

        What is from before ``since`` stays, if it is given.
        Works for so many seconds at most. Returns how many are left: some cannot be deleted yet.

        Raises:
            RecordsError: it could not be found out, or not be done.
        """
