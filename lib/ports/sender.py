"""The way out to people."""

from datetime import datetime
from typing import Protocol


class Sender(Protocol):
    """Sends WhatsApp messages through Twilio.

    The one port with a single implementation: it keeps the SDK out of the use case that sends.
    """

    def send(self, address: str, text: str) -> str:
        """Send one chunk and return the provider's message id.

        Raises:
            SendRetryableError, SendInDoubtError, SendTooLongError, SendPermanentError,
            SendConfigurationError: see each.
        """

    def find(self, address: str, text: str, since: datetime) -> list[str]:
        """Return the ids of messages with these words sent after ``since``, oldest first.

        Raises:
            SendRetryableError: the look-up itself failed, so the doubt remains.
        """

    def reopen_window(self, address: str) -> bool:
        """Send the template that asks a person to write; whether there is one.

        Raises:
            SendError: it was not sent, or nobody can tell.
        """
