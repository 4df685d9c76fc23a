"""The way out to people."""

from datetime import datetime
from typing import Protocol

from lib.model import Menu, OutboundMedia

Form = Menu | OutboundMedia
"""What a chunk looks like that is more than its text."""


class Sender(Protocol):
    """Sends WhatsApp messages through Twilio.

    The one port with a single implementation: it keeps the SDK out of the use case that sends.
    """

    def send(self, address: str, text: str, form: Form | None = None) -> str:
        """Send one chunk and return the provider's message id.

        A menu is sent instead of the text, unless anything speaks against menus. A medium is sent
        instead of it in any case, with its caption: it is the caller's to send the text if that
        fails.

        Raises:
            SendRetryableError, SendInDoubtError, SendTooLongError, SendPermanentError,
            SendConfigurationError: see each.
        """

    def find(self, address: str, text: str, since: datetime, form: Form | None = None) -> list[str]:
        """Return the ids of messages with these words sent after ``since``, oldest first.

        With a menu, of messages with its words, too; with a medium, of those with a medium and its
        caption.

        Raises:
            SendRetryableError: the look-up itself failed, so the doubt remains.
        """

    def reopen_window(self, address: str) -> bool:
        """Send the template that asks a person to write; whether there is one.

        Raises:
            SendError: it was not sent, or nobody can tell.
        """
