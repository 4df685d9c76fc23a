"""The way out to people."""

from datetime import datetime
from typing import Protocol

from lib.model import Menu


class Sender(Protocol):
    """Sends WhatsApp messages through Twilio.

    The one port with a single implementation: it keeps the SDK out of the use case that sends.
    """

    def send(self, address: str, text: str, menu: Menu | None = None) -> str:
        """Send one chunk and return the provider's message id.

        The menu is sent instead of the text, unless anything speaks against menus.

        Raises:
            SendRetryableError, SendInDoubtError, SendTooLongError, SendPermanentError,
            SendConfigurationError: see each.
        """

    def find(self, address: str, text: str, since: datetime, menu: Menu | None = None) -> list[str]:
        """Return the ids of messages with these words sent after ``since``, oldest first.

        With a menu, of messages with its words, too.

        Raises:
            SendRetryableError: the look-up itself failed, so the doubt remains.
        """

    def reopen_window(self, address: str) -> bool:
        """Send the template that asks a person to write; whether there is one.

        Raises:
            SendError: it was not sent, or nobody can tell.
        """
