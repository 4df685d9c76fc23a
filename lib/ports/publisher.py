"""The near end of the queue."""

from typing import Protocol

from lib.model import QueueItem


class Publisher(Protocol):
    """Queues messages: Pub/Sub, or a table of the local database."""

    def publish(self, message: QueueItem, *, fast: bool = False) -> None:
        """Return once it is durably queued behind what was queued earlier for its address.

        What is ``fast`` overtakes all that; nothing waits for it either.

        Raises:
            QueueError: it is not, or nobody can tell.
        """
