"""Conversations about the last answer: begun afresh, asked again, explained, and rated."""

import logging
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.errors import AssistantTimeoutError, ShortageError
from lib.model import (
    Answer,
    Choice,
    ChunkState,
    DeliveryReport,
    DeliveryState,
    Feedback,
    MessageKind,
    TokenUsage,
)
from lib.queue.envelope import encode
from lib.queue.push import push_body
from lib.storage.stores import stores_on
from lib.turn.dead_letter import give_up
from tests.local_gateway import ANN, local_gateway
from tests.sentences import HELP
from tests.watched import WatchedDocuments

AFRESH = "🆕 This is a new conversation: what we said before is not passed on any more."
NOTHING_TO_ASK = "There is nothing to ask again: I know of no question of yours in the last days."
NOTHING_TO_TELL = "There is nothing to tell yet: I know of no answer to you in the last days."
NOTHING_TO_RATE = "There is nothing to rate yet: I know of no answer to you in the last days."
HOW_TO_RATE = (
    "Send /rate and a number from 1 (bad) to 5 (very good), perhaps with a comment. "
    "For example: /rate 4"
)
RATED = "🙏 Thank you for the rating."
WHAT_WAS_WRONG = (
    "🙏 Thank you. What should have been better? Your next message within 10 minutes is kept as "
    "your comment, unless it is a command; /again asks your question anew."
)
COMMENT_KEPT = "🙏 Thank you for the comment."
USED_UP = "You have used up what you may ask today. You can ask again at 00:00 UTC."
NEARLY = "_Used of what you may ask today: 100 %. Questions left: 0. It begins anew at 00:00 UTC._"
TIMED_OUT = (
    "The assistant took too long to answer. Please try again, perhaps with a shorter question."
)
UNREADABLE = (
    "I cannot read this yet. I understand text, pictures, documents, locations and shared contacts."
)
NOBODY = """
assistants:
  retired: {enabled: false}
user_permissions:
  "+15550001111@whatsapp.user":
    assistants: [retired]
"""


class Clock:
    """A clock that goes on by itself, and is put forward by hand."""

    ahead = timedelta()

    def __call__(self):
        return datetime.now(UTC) + self.ahead


class Speaker:
    """An assistant that numbers its answers, and keeps what it was asked, and with what context."""

    def __init__(self, clock):
        self.clock = clock
        self.takes = timedelta()
        self.fails = self.refuses = False
        self.parts = 1
        self.tokens = None
        self.asked = []

    def ask(self, assistant, question, listener):
        del assistant, listener
        self.asked.append(question)
        self.clock.ahead += self.takes
        if self.refuses:
            self.refuses = False
            raise ShortageError("no thread is left")
        if self.fails:
            raise AssistantTimeoutError("too late")
        words = "word " * (300 if self.parts > 1 else 0)
        text = "\n\n".join([f"{words}Answer {len(self.asked)}."] * self.parts)
        return Answer(text, tokens=self.tokens)

    def context(self):
        """The questions that came with the last one."""
        return [pair.question for pair in self.asked[-1].history]


@pytest.fixture
def table(tmp_path):
    with local_gateway(tmp_path) as ready:
        ready.clock = Clock()
        ready.speaker = Speaker(ready.clock)
        change(ready, clients={"vac": ready.speaker}, clock=ready.clock)
        yield ready


def change(table, **parts):
    table.gateway.parts["responder"] = replace(table.gateway.responder(), **parts)


def limit(table, **limits):
    change(table, limits=replace(table.gateway.responder().limits, **limits))


def session(table):
    return table.gateway.stores().conversations.read(ANN, "").session


def turn(table):
    """The turn of the last answer."""
    return table.gateway.stores().turns.find(session(table).question)


def report(table, state, part=-1):
    chunk = turn(table).chunks[part]
    table.gateway.stores().deliveries.record(DeliveryReport(chunk.sid, state))


def history(table):
    entries = table.gateway.stores().history.documents_of(ANN)
    found = [stored.document for _, stored in entries]
    return [
        (one["role"], one["kind"], one["content"])
        for one in sorted(found, key=lambda one: (one["created_at"], one["role"] == "assistant"))
    ]


# /new


@pytest.mark.parametrize("said", ["/new", "/reset", "／NEW", "/new!", "/Reset@bot", "/new please"])
def test_new_forgets_the_context_and_keeps_the_history(table, said):
    table.say("One")
    before = session(table)
    assert table.say(said) == [AFRESH]
    assert table.say("Two") == ["Answer 2."]
    assert table.speaker.context() == []
    assert session(table).id == before.id
    assert history(table) == [
        ("user", "assistant", "One"),
        ("assistant", "assistant", "Answer 1."),
        ("user", "command", said),
        ("assistant", "command", AFRESH),
        ("user", "assistant", "Two"),
        ("assistant", "assistant", "Answer 2."),
    ]


def test_new_is_said_as_often_as_somebody_likes(table):
    for _ in range(2):
        assert table.say("/new") == [AFRESH]


# /again


def test_again_asks_the_last_question_anew_and_the_earlier_answer_is_forgotten(table):
    table.say("One")
    table.say("Two")
    assert table.say("/again") == ["Answer 3."]
    asked = table.speaker.asked[-1]
    assert asked.text == "Two"
    assert table.speaker.context() == ["One"]
    assert asked.trace_id == f"whatsapp-{turn(table).id}"
    assert [pair.answer for pair in session(table).recent] == ["Answer 1.", "Answer 3."]
    assert history(table)[-2:] == [
        ("user", "assistant", "/again"),
        ("assistant", "assistant", "Answer 3."),
    ]


def test_again_of_again_asks_the_question_itself(table):
    table.say("One")
    for number in range(2, 6):
        assert table.say("/again") == [f"Answer {number}."]
        assert table.speaker.asked[-1].text == "One"
        assert table.speaker.context() == []
    assert [pair.answer for pair in session(table).recent] == ["Answer 5."]
    table.say("Two")
    table.say("/again")
    assert table.speaker.asked[-1].text == "Two"
    assert table.speaker.context() == ["One"]


def test_again_after_commands_asks_the_last_question(table):
    table.say("One")
    table.say("/list")
    assert table.say("/again") == ["Answer 2."]
    assert table.speaker.asked[-1].text == "One"


def test_again_after_new_asks_without_any_context(table):
    table.say("One")
    table.say("Two")
    table.say("/new")
    assert table.say("/again") == ["Answer 3."]
    assert (table.speaker.asked[-1].text, table.speaker.context()) == ("Two", [])


def test_again_after_a_failure_keeps_what_was_answered_before(table):
    table.say("One")
    table.speaker.fails = True
    assert table.say("Two") == [TIMED_OUT]
    assert table.say("/again") == [TIMED_OUT]
    table.speaker.fails = False
    assert table.say("/again") == ["Answer 4."]
    assert (table.speaker.asked[-1].text, table.speaker.context()) == ("Two", ["One"])


def test_again_that_fails_takes_back_no_answer(table):
    table.say("One")
    table.speaker.fails = True
    assert table.say("/again") == [TIMED_OUT]
    assert [pair.answer for pair in session(table).recent] == ["Answer 1."]


def test_again_asks_with_the_attachment_and_the_quote_that_came_with_the_question(table):
    note = table.medium("text/plain", b"Noon, as ever.", "plan.txt")
    table.say("One")
    first = turn(table).chunks[0].sid
    table.say("What is it?", kind=MessageKind.MEDIA, media=(note,), reply_to=first)
    table.say("/again")
    first_time, second_time = table.speaker.asked[-2:]
    assert "Noon, as ever." in second_time.text
    assert "Answer 1." in second_time.text
    assert second_time.text == first_time.text
    assert table.speaker.context() == ["One"]


def test_again_asks_who_answers_now(tmp_path):
    with local_gateway(tmp_path, "assistants: {one: {}, two: {}}") as table:
        table.say("/switch one")
        assert "`one`" in table.say("Hello")[0]
        table.say("/switch two")
        assert "`two`" in table.say("/again")[0]


def test_again_that_is_handed_over_twice_asks_the_same_question(table):
    """The first worker ends while the assistant is asked."""
    table.say("One")
    table.say("/again")
    message = table.message("/again")
    table.speaker.refuses = True
    with pytest.raises(ShortageError):
        table.hand_over(message)
    assert table.hand_over(message)
    assert table.hand_over(message)
    assert table.sent() == ["Answer 1.", "Answer 2.", "Answer 4."]
    assert [one.text for one in table.speaker.asked] == ["One"] * 4
    assert [pair.answer for pair in session(table).recent] == ["Answer 4."]


def test_a_question_that_was_given_up_can_be_asked_again(table):
    table.say("One")
    body = push_body(
        *encode(table.message("Two")),
        ordering_key=ANN,
        message_id="1",
        publish_time=datetime.now(UTC),
        attempt=1,
        subscription="responder",
    )
    give_up(body, "undeliverable", table.gateway.responder())
    assert table.sent()[-1].startswith("I'm sorry, I could not answer your last message.")
    assert table.say("/again") == ["Answer 2."]
    assert (table.speaker.asked[-1].text, table.speaker.context()) == ("Two", ["One"])


def test_without_a_question_there_is_nothing_to_ask_again(table):
    assert table.say("/again") == [NOTHING_TO_ASK]
    assert table.say("", kind=MessageKind.UNSUPPORTED) == [UNREADABLE]
    assert table.say("/again") == [NOTHING_TO_ASK]
    assert table.speaker.asked == []


def test_a_question_that_is_gone_cannot_be_asked_again(table):
    table.say("One")
    forget_turns(table)
    assert table.say("/again") == [NOTHING_TO_ASK]
    assert table.say("/why") == [NOTHING_TO_TELL]
    assert table.say("/rate 5") == [NOTHING_TO_RATE]


def forget_turns(table):
    with table.gateway.database().transaction() as connection:
        connection.execute("DELETE FROM documents WHERE collection = 'whatsapp_turns'")


def test_again_counts_as_a_question(table):
    limit(table, questions_per_contact=2)
    table.say("One")
    assert table.say("/again") == [f"Answer 2.\n\n{NEARLY}"]
    assert table.say("/again") == [USED_UP]
    assert table.say("Two") == [USED_UP]


def test_whoever_may_ask_nobody_is_not_offered_to_ask_again(tmp_path):
    shown = HELP.replace("/again - Ask your last question anew\n", "")
    with local_gateway(tmp_path, NOBODY) as table:
        assert table.say("/help") == [shown]
        assert table.say("/again") == [
            "🔒 You can't use /again at the moment. Send /help to see what I understand."
        ]


# /why


def test_why_tells_how_the_last_answer_came_about(table):
    table.speaker.takes = timedelta(seconds=72)
    table.speaker.parts = 3
    table.speaker.tokens = TokenUsage(120, 450)
    limit(table, questions_per_contact=10)
    assert len(table.say("One")) == 3
    trace = f"whatsapp-{turn(table).id}"
    report(table, DeliveryState.READ, 0)
    report(table, DeliveryState.DELIVERED, 1)
    lines = table.say("/why")[0].splitlines()
    assert lines == [
        "🔎 About the last answer:",
        "• Assistant: Default Assistant",
        "• Time: 72 seconds",
        "• Parts: 3 (1 read, 1 delivered, 1 sent)",
        "• Tokens: 120 read, 450 written",
        "• Questions left today: 9",
        f"• Trace id: {trace}",
    ]


def why(table):
    """What /why tells, by what it is about."""
    (told,) = table.say("/why")
    return dict(line.removeprefix("• ").split(": ") for line in told.splitlines()[1:])


def test_what_nobody_knows_is_not_told(table):
    table.say("One")
    assert set(why(table)) == {"Assistant", "Time", "Parts", "Trace id"}


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (DeliveryState.SENT, "sent"),
        (DeliveryState.DELIVERED, "delivered"),
        (DeliveryState.READ, "read"),
        (DeliveryState.FAILED, "failed"),
    ],
)
def test_why_tells_what_became_of_a_part(table, state, told):
    table.say("One")
    assert why(table)["Parts"] == "1 (sent)"
    report(table, state)
    assert why(table)["Parts"] == f"1 ({told})"


def test_why_tells_what_became_of_all_parts_in_one_word_where_it_is_one(table):
    table.speaker.parts = 2
    table.say("One")
    assert why(table)["Parts"] == "2 (all sent)"


def test_why_tells_of_parts_that_wait_or_were_stopped(table):
    table.speaker.parts = 3
    table.say("One")
    turns = table.gateway.stores().turns
    sent, second, third = turn(table).chunks
    left = (
        sent,
        replace(second, state=ChunkState.WAITING),
        replace(third, state=ChunkState.GIVEN_UP),
    )
    turns.commit(replace(turn(table), chunks=left))
    assert why(table)["Parts"] == "3 (1 sent, 1 waiting, 1 failed)"
    assert "Stopped" not in why(table)
    turns.commit(replace(turn(table), stopped_by="SMcancel"))
    assert why(table)["Parts"] == "3 (1 sent, 1 waiting, 1 stopped)"
    assert why(table)["Stopped"] == "by you"


def test_why_names_who_answered_then_and_not_who_would_now(tmp_path):
    catalogue = "assistants: {one: {name: First of All}, two: {name: Second}}"
    with local_gateway(tmp_path, catalogue) as table:
        table.say("/switch one")
        table.say("Hello")
        table.say("/switch two")
        assert why(table)["Assistant"] == "First of All"


def test_why_after_again_tells_of_the_new_answer(table):
    table.say("One")
    first = why(table)["Trace id"]
    table.say("/again")
    assert why(table)["Trace id"] == f"whatsapp-{turn(table).id}" != first


def test_why_of_why_tells_the_same(table):
    table.say("One")
    assert why(table) == why(table)


def test_why_tells_of_an_answer_that_failed(table):
    table.speaker.takes, table.speaker.fails = timedelta(seconds=30), True
    table.say("One")
    assert why(table)["Assistant"] == "Default Assistant"
    assert why(table)["Time"] == "30 seconds"


def test_why_is_told_when_the_questions_are_used_up(table):
    limit(table, questions_per_contact=1)
    table.say("One")
    assert table.say("Two") == [USED_UP]
    assert why(table)["Questions left today"] == "0"


def test_a_new_day_has_all_its_questions(table):
    limit(table, questions_per_contact=5)
    table.say("One")
    table.clock.ahead += timedelta(days=1)
    assert why(table)["Questions left today"] == "5"


def test_without_an_answer_there_is_nothing_to_tell(table):
    assert table.say("/why") == [NOTHING_TO_TELL]


def test_a_turn_of_an_earlier_version_is_told_of_as_far_as_it_is_known(table):
    table.say("One")
    trace = f"whatsapp-{turn(table).id}"
    with table.gateway.database().transaction() as connection:
        connection.execute(
            "UPDATE documents SET body = json_remove(body, '$.answered_at', '$.assistant_id', "
            "'$.tokens') WHERE collection = 'whatsapp_turns'"
        )
    assert why(table) == {"Parts": "1 (sent)", "Trace id": trace}


def test_a_turn_that_cannot_be_read_is_told_of_as_gone(table):
    table.say("One")
    with table.gateway.database().transaction() as connection:
        connection.execute(
            "UPDATE documents SET body = json_remove(body, '$.state') "
            "WHERE collection = 'whatsapp_turns'"
        )
    assert table.say("/why") == [NOTHING_TO_TELL]
    assert table.say("/rate 3") == [NOTHING_TO_RATE]


def test_only_why_asks_the_database_for_more_and_twice_at_most(table):
    table.speaker.parts = 4
    table.say("One")
    asked = Counter()

    def count(operation, _):
        asked[operation] += 1

    documents = WatchedDocuments(table.gateway.sqlite().documents, count)
    change(table, stores=stores_on(documents, table.clock))
    table.say("/help")
    plain = asked.copy()
    asked.clear()
    table.say("/why")
    assert asked - plain == Counter(read=2)


# /rate


def test_a_rating_is_kept_with_its_turn(table, caplog):
    table.say("One")
    caplog.set_level(logging.INFO, "lib")
    assert table.say("/rate 4 nice work") == [RATED]
    assert turn(table).feedback == Feedback(4, "nice work")
    (rated,) = [vars(one) for one in caplog.records if one.message == "answer rated"]
    assert rated["rating"] == 4
    assert rated["assistant_id"] == "default-assistant"
    assert rated["trace_id"] == f"whatsapp-{turn(table).id}"
    assert "nice work" not in caplog.text


def test_a_rating_changes_nothing_else_of_its_turn(table):
    table.say("One")
    before = turn(table)
    table.say("/rate 5")
    assert replace(turn(table), feedback=None, revision=before.revision) == before


def test_a_tapped_thumb_is_a_rating(table):
    table.say("One")
    up = Choice("/rate 👍", "👍 Good")
    assert table.say("👍 Good", kind=MessageKind.CHOICE, choice=up) == [RATED]
    assert turn(table).feedback == Feedback(5)


def test_rating_twice_replaces(table):
    table.say("One")
    table.say("/rate 2 too short")
    assert table.say("/rate 👍") == [RATED]
    assert turn(table).feedback == Feedback(5)


@pytest.mark.parametrize("said", ["/rate 1", "/rate 2", "/rate 👎"])
def test_a_poor_rating_asks_for_a_comment(table, said):
    table.say("One")
    assert table.say(said) == [WHAT_WAS_WRONG]
    assert table.say("  It was about\nsomething else. ") == [COMMENT_KEPT]
    rating = 2 if "2" in said else 1
    assert turn(table).feedback == Feedback(rating, "It was about\nsomething else.")
    assert table.say("Two") == ["Answer 2."]


def test_a_poor_rating_with_a_comment_asks_for_none(table):
    table.say("One")
    assert table.say("/rate 1 it was wrong") == [RATED]
    assert table.say("Two") == ["Answer 2."]


def test_a_command_is_no_comment_and_the_comment_may_follow(table):
    table.say("One")
    table.say("/rate 1")
    assert table.say("/help") == [HELP]
    assert table.say("It was wrong") == [COMMENT_KEPT]
    assert turn(table).feedback == Feedback(1, "It was wrong")


@pytest.mark.parametrize("said", ["/new", "/again", "/rate 3"])
def test_whoever_goes_on_in_another_way_is_asked_for_no_comment(table, said):
    table.say("One")
    table.say("/rate 1")
    table.say(said)
    assert table.say("Two")[0].startswith("Answer")


def test_a_comment_comes_within_ten_minutes(table):
    table.say("One")
    table.say("/rate 1")
    asked_at = session(table).comment_until - timedelta(minutes=10)
    late = replace(table.message("Two"), received_at=asked_at + timedelta(minutes=10, seconds=1))
    assert table.hand_over(late)
    assert table.sent()[-1] == "Answer 2."
    assert session(table).comment_on == ""


@pytest.mark.parametrize(
    "fields",
    [
        {"text": "Look", "forwarded": True},
        {"text": "", "kind": MessageKind.LOCATION},
        {"text": "Look", "kind": MessageKind.MEDIA},
    ],
    ids=["forwarded", "a place", "a document"],
)
def test_what_is_no_text_of_their_own_is_a_question_and_so_is_what_follows(table, fields):
    table.say("One")
    table.say("/rate 1")
    is_medium = fields.get("kind") is MessageKind.MEDIA
    media = (table.medium("text/plain", b"Noon."),) if is_medium else ()
    assert table.say(**fields, media=media) == ["Answer 2."]
    assert table.say("And this?") == ["Answer 3."]


def test_a_comment_is_no_question(table):
    limit(table, questions_per_contact=2)
    table.say("One")
    table.say("/rate 1")
    table.say("It was wrong")
    assert why(table)["Questions left today"] == "1"
    assert [pair.question for pair in session(table).recent] == ["One"]


def test_a_comment_on_an_answer_that_is_gone_is_a_question(table):
    table.say("One")
    table.say("/rate 1")
    forget_turns(table)
    assert table.say("Two") == ["Answer 2."]


def test_a_comment_is_kept_no_longer_than_its_turn(table):
    """A turn about to be deleted is written to no more: what is written then has no end."""
    table.say("One")
    table.clock.ahead += timedelta(days=7, seconds=-30)
    assert table.say("/rate 5") == [NOTHING_TO_RATE]


def test_a_comment_of_any_length_is_kept_as_far_as_it_fits(table):
    table.say("One")
    table.say("/rate 1")
    assert table.say("x" * 60_000) == [COMMENT_KEPT]
    assert turn(table).feedback.comment == "x" * 2000


@pytest.mark.parametrize("said", ["/rate", "/rate 6", "/rate 0", "/rate -1", "/rate abc"])
def test_what_is_no_rating_is_told_how_to_rate(table, said):
    table.say("One")
    assert table.say(said) == [HOW_TO_RATE]
    assert turn(table).feedback is None


def test_without_an_answer_there_is_nothing_to_rate(table):
    assert table.say("/rate 5") == [NOTHING_TO_RATE]


def test_an_answer_given_anew_is_rated_by_itself(table):
    table.say("One")
    first = turn(table).id
    table.say("/rate 1 wrong")
    table.say("/again")
    table.say("/rate 5")
    assert table.gateway.stores().turns.find(first).feedback == Feedback(1, "wrong")
    assert turn(table).feedback == Feedback(5)


# /cancel


def test_cancel_says_whether_anything_was_stopped(table):
    assert table.say("/cancel") == ["Nothing was running."]
    change(table, cancel=lambda moment: moment.message.text == "/Cancel!")
    assert table.say("/Cancel!") == ["Stopped. What the assistant had already done stays done."]
