"""An assistant that says its answer paragraph by paragraph, and another one when asked again.

Around it is the world of ``tests.workers``: the code itself on a real database, by workers that
stop at every step.
"""

from dataclasses import replace
from functools import partial
from pathlib import Path

from lib.model import Answer, Assistant, ChunkState, Turn
from lib.reply.rendering import render
from lib.turn.deliver import deliver
from tests.workers import World, stop

INTERRUPTED = "_(I was interrupted; from the beginning:)_"
BROKE_OFF = "_(The answer broke off here. Send /again to have it answered anew.)_"


def paragraph(word: str) -> str:
    """What fills a message of its own."""
    return f"{word} {'word ' * 290}".strip()


def said(*words: str) -> list[str]:
    return [paragraph(word) for word in words]


class Talking(World):
    """``sayings`` are what is answered in turn, the last one ever again.

    One that ends with an error says what stands before it, and fails.
    """

    def __init__(
        self, folder: Path, *sayings: list, early: str = "parts", chunk_wait: float = 0
    ) -> None:
        super().__init__(folder, [])
        self.sayings = sayings
        known = self.responder.deliver.keywords["dispatch"]
        dispatch = replace(known, chunk_wait=chunk_wait)
        talker = Assistant("default-assistant", "Talker", settings={"early": early})
        self.responder = replace(
            self.responder,
            dispatch=dispatch,
            deliver=partial(deliver, dispatch=dispatch),
            default_assistant=talker,
        )

    def ask(self, assistant, question, listener) -> Answer:
        stop("ask")
        paragraphs = self.sayings[min(self.asked, len(self.sayings) - 1)]
        self.asked += 1
        for count, paragraph in enumerate(paragraphs):
            if isinstance(paragraph, BaseException):
                raise paragraph
            listener.hear("\n\n".join(paragraphs[: count + 1]))
        return Answer("\n\n".join(paragraphs))


def texts_of(turn: Turn | None, state: ChunkState) -> list[str]:
    """The texts of a turn's chunks that are in a state."""
    return [chunk.text for chunk in turn.chunks if chunk.state is state] if turn else []


def check(world: Talking) -> None:
    """Nothing was repeated, nothing is missing of what counts as sent, and all is in order."""
    turn = world.turn
    sent = texts_of(turn, ChunkState.SENT)
    assert world.texts in (sent, sent + texts_of(turn, ChunkState.SENDING))


def check_whole(world: Talking, answers: list[list[str]]) -> None:
    """The person has one answer from its beginning to its end, or is told that it begins anew."""
    texts = world.texts
    assert texts == [chunk.text for chunk in world.turn.chunks]
    assert any(is_right(texts, answer, answers) for answer in answers), [t[:60] for t in texts]


def is_right(texts: list[str], answer: list[str], answers: list[list[str]]) -> bool:
    """Whether these messages are an answer, or the beginning of one and a whole one."""
    if texts == messages(answer):
        return True
    anew = messages(answer, INTERRUPTED)
    count = len(texts) - len(anew)
    begun = [messages(one)[:count] for one in answers]
    return count > 0 and texts[count:] == anew and texts[:count] in begun


def messages(answer: list[str], head: str = "") -> list[str]:
    """What an answer becomes."""
    return list(render("\n\n".join(answer), head=head).chunks)
