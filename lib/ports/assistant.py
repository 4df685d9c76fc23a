"""Whoever answers."""

from typing import Protocol

from lib.model import Answer, Assistant, Question


class AssistantClient(Protocol):
    """One kind of assistant API."""

    def ask(self, assistant: Assistant, question: Question) -> Answer:
        """Ask once, within a total deadline, and return the complete answer.

        Raises:
            AssistantRefusedError, AssistantTimeoutError, AssistantEmptyError, AssistantError:
                there is none; asking again is for the person to decide, since tools may have run.
            ShortageError: nobody was asked, so asking again later is safe.
        """
