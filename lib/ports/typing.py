"""What shows that an answer is being written."""

from contextlib import AbstractContextManager, nullcontext
from typing import Protocol


class Typing(Protocol):
    """Shows a person that an answer is being written: Twilio's indicator, or nothing."""

    def __call__(self, message_id: str) -> AbstractContextManager[None]:
        """Show it to who sent that message while the block runs. Never fails, never delays."""


def no_typing(message_id: str) -> AbstractContextManager[None]:
    """Show nothing."""
    del message_id
    return nullcontext()
