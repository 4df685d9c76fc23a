"""Whoever answers."""

from typing import Protocol

from lib.model import Answer, Assistant, Question
from lib.ports.listener import Listener


class AssistantClient(Protocol):
    """One kind of assistant API."""

    def ask(self, assistant: Assistant, question: Question, listener: Listener) -> Answer:
        """Ask once, within a total deadline, and return the complete answer.

        The listener hears it grow where the assistant sends it in pieces.

        Raises:
            StoppedError: the listener wants no more of it; the connection is closed.
            AssistantRefusedError, AssistantTimeoutError, AssistantEmptyError, AssistantError:
                there is none; asking again is for the person to decide, since tools may have run.
            ShortageError: nobody was asked, so asking again later is safe.
        """
