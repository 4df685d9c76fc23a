"""What shows that an answer is being written."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Typing(Protocol):
    """Shows a person that an answer is being written: Twilio's indicator, or nothing."""

    def __call__(self, message_id: str) -> AbstractContextManager[None]:
        """Show it to who sent that message while the block runs. Never fails, never delays."""

    def again(self, message_id: str) -> None:
        """Show it again, if it is to be shown: something was sent, which ends it."""


class NoTyping:
    """Shows nothing."""

    def __call__(self, message_id: str) -> AbstractContextManager[None]:
        """Run the block."""
        del message_id
        return nullcontext()

    def again(self, message_id: str) -> None:
        """Show nothing again."""


no_typing = NoTyping()
