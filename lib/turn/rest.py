"""What is still to be said where the beginning of an answer left early."""

from collections.abc import Sequence
from dataclasses import replace

from lib.conversation.cpu import cpu_limit
from lib.conversation.moment import Outcome
from lib.model import ChunkKind, Enclosing, Turn
from lib.reply import texts
from lib.reply.phrase import Say
from lib.reply.rendering import render, rest
from lib.turn.chunks import spoken


def completed(
    turn: Turn, outcome: Outcome, say: Say, enclosing: Enclosing | None, *, whole: bool
) -> tuple[Turn, tuple[str, ...]]:
    """Return a turn with what was said of it, and what is to be said behind that.

    ``say`` says a sentence of ours in the language of its person. If it makes the answer
    ``whole``, what left early is a part of it like all others. Notes have had their time.
    """
    said = spoken(turn)
    kind = ChunkKind.ANSWER if whole else ChunkKind.EARLY
    told = replace(turn, chunks=tuple(replace(chunk, kind=kind) for chunk in said))
    return told, still_to_say([chunk.text for chunk in said], outcome, say, enclosing)


def still_to_say(
    said: Sequence[str], outcome: Outcome, say: Say = str, enclosing: Enclosing | None = None
) -> tuple[str, ...]:
    """Return the messages to be sent behind those that were said.

    An answer that begins with them goes on; of another one all is said, behind a sentence that
    says so. Whatever is no answer, such as an excuse, is said as it is.
    """
    if not said or outcome.kind != "assistant":
        return outcome.chunks
    if list(outcome.chunks[: len(said)]) == list(said):
        return outcome.chunks[len(said) :]
    left = rest(outcome.text, said, cpu_limit().check, outcome.head, enclosing)
    if left is not None:
        return left
    head = "\n\n".join(filter(None, (say(texts.INTERRUPTED), outcome.head)))
    return render(outcome.text, cpu_limit().check, head, enclosing).chunks
