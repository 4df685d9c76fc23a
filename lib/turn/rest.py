"""What is still to be said where the beginning of an answer left early."""

from collections.abc import Sequence

from lib.conversation.cpu import cpu_limit
from lib.conversation.moment import Outcome
from lib.reply import texts
from lib.reply.rendering import render, rest


def still_to_say(said: Sequence[str], outcome: Outcome) -> tuple[str, ...]:
    """Return the messages to be sent behind those that were said.

    An answer that begins with them goes on; of another one all is said, behind a sentence that
    says so. Whatever is no answer, such as an excuse, is said as it is.
    """
    if not said or outcome.kind != "assistant":
        return outcome.chunks
    if list(outcome.chunks[: len(said)]) == list(said):
        return outcome.chunks[len(said) :]
    left = rest(outcome.text, said, cpu_limit().check)
    if left is not None:
        return left
    return render(outcome.text, cpu_limit().check, head=texts.INTERRUPTED).chunks
