"""Answers that arrive while they are being written, on a whole gateway of one machine."""

import logging
from dataclasses import replace

import pytest

from lib.errors import AssistantError
from lib.model import Answer, ChunkKind, QueueDelivery, TurnState
from lib.queue.envelope import encode
from lib.turn.respond import respond
from tests.local_gateway import local_gateway
from tests.talking import BROKE_OFF, INTERRUPTED, said

CATALOGUE = """
assistants:
  default-assistant: {name: Writer, backend: openai, model: any, early: parts}
"""
ANSWER = said("alpha", "beta", "gamma", "delta")
OTHER = said("alpha", "other", "third")


class Writer:
    """Says an answer paragraph by paragraph, and keeps what the person had before each of them."""

    def __init__(self, table, *answers):
        self.table, self.answers, self.seen = table, list(answers), []

    def ask(self, assistant, question, listener):
        paragraphs = self.answers.pop(0)
        for count, paragraph in enumerate(paragraphs):
            self.seen.append(len(self.table.sent()))
            if isinstance(paragraph, BaseException):
                raise paragraph
            listener.hear("\n\n".join(paragraphs[: count + 1]))
        return Answer("\n\n".join(paragraphs))


class KilledError(BaseException):
    """The process ends here."""


def hand_over(table, message, writer, **changes):
    data, _ = encode(message)
    responder = replace(table.gateway.responder(), clients={"openai": writer}, **changes)
    return respond(QueueDelivery(message, payload=data.decode()), responder)


def test_a_long_answer_arrives_in_parts_while_it_is_written(tmp_path, caplog):
    caplog.set_level(logging.INFO, "lib")
    with local_gateway(tmp_path, CATALOGUE) as table:
        message, writer = table.message("Tell me"), Writer(table, ANSWER)
        assert hand_over(table, message, writer)
        assert writer.seen == [0, 0, 0, 1]
        assert table.sent() == ANSWER
        turn = table.gateway.stores().turns.find(message.id)
    assert turn.state is TurnState.DELIVERED
    assert [chunk.kind for chunk in turn.chunks] == [ChunkKind.ANSWER] * 4
    sent = [vars(one) for one in caplog.records if one.msg == "chunk sent"]
    assert [one["early"] for one in sent] == [True, True, False, False]
    (stored,) = (vars(one) for one in caplog.records if one.msg == "answer stored")
    assert 0 <= sent[0]["first_ms"] <= stored["whole_ms"]


def test_an_answer_that_stopped_half_way_is_begun_again_behind_a_line(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as table:
        message, writer = table.message("Tell me"), Writer(table, [*ANSWER, KilledError()], OTHER)
        with pytest.raises(KilledError):
            hand_over(table, message, writer)
        assert table.sent() == ANSWER[:2]
        clock, lease = table.gateway.responder().clock, table.gateway.lease()
        assert hand_over(table, message, writer, clock=lambda: clock() + 2 * lease)
        assert table.sent()[:2] == ANSWER[:2]
        assert table.sent()[2].startswith(f"{INTERRUPTED}\n\nalpha")
        assert "third word" in table.sent()[-1]


def test_an_answer_that_breaks_off_says_so_and_is_not_remembered(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as table:
        message, writer = table.message("Tell me"), Writer(table, [*ANSWER, AssistantError("cut")])
        assert hand_over(table, message, writer)
        assert table.sent() == [*ANSWER[:2], BROKE_OFF]
        person = table.gateway.stores().conversations.read(message.address, "")
        assert person.session.recent == ()


def test_an_answer_that_is_never_to_leave_early_waits(tmp_path):
    with local_gateway(tmp_path, CATALOGUE.replace("parts", "off")) as table:
        writer = Writer(table, ANSWER)
        assert hand_over(table, table.message("Tell me"), writer)
        assert writer.seen == [0, 0, 0, 0]
        assert table.sent() == ANSWER
