"""The steps of a conversation: their order with its reasons, and what each one ends with."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from lib.conversation.converse import converse
from lib.conversation.limits import Limits
from lib.conversation.moment import Tools
from lib.conversation.steps import GIVING_UP, STEPS
from lib.model import (
    Answer,
    Assistant,
    Conversation,
    InboundMessage,
    MessageKind,
    Permissions,
    Session,
    Usage,
)
from lib.ports.typing import no_typing
from lib.storage.stores import stores_on

ORDER = [
    ("identity", "access", "a block holds under every name that a person is known by"),
    ("access", "consent", "of whoever is passed over nothing is kept but who they are"),
    ("consent", "stopped", "a STOP holds, whatever was cancelled after it"),
    ("stopped", "rate", "to what was cancelled nothing is said, not even a warning"),
    ("rate", "parked_answers", "whoever is not answered now gets no old answer either"),
    ("parked_answers", "joining", "an old answer comes before every new one, a command's, too"),
    ("joining", "command", "a question that waits is answered before a command that came after it"),
    ("command", "comment", "a command is no comment on an answer"),
    ("comment", "confirmation", "a rating is newer than a recording, and so is what it asks for"),
    ("confirmation", "human", "whether it was understood is asked by the gateway, and no human"),
    ("human", "hours", "whom a human has, an assistant's hours do not concern"),
    ("hours", "budget", "a question that nobody is there to answer is not counted"),
    ("budget", "understanding", "what it costs to read a message is spent on questions only"),
    ("understanding", "ask", "an assistant is asked what was understood, not what was sent"),
]
BLOCKED = "You can't use this service. Please ask the people who run it."
SLOW_DOWN = (
    "You are writing faster than I can answer. Please wait a minute; what you send until then "
    "is not answered."
)
UNREADABLE = (
    "I cannot read this yet. I understand text, pictures, documents, locations and shared contacts."
)
USED_UP = "You have used up what you may ask today. You can ask again at 00:00 UTC."
NOBODY = "No assistant is available to you right now. Please try again later."
GIVEN_UP = "I'm sorry, I could not answer your last message. Please send it again."
STOPPED = (
    "✅ From now on you only get answers to what you write yourself. Send START to take this back."
)
HELP = "🤖 WhatsApp Aitana Commands:"
NOW = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
ANN = "+15550001111"
USED = Usage(day="2026-01-02", asked=1)


class Echo:
    def ask(self, assistant, question, listener):
        return Answer(f"You said: {question.text}")


def tools(**limits):
    """Tools on no database: whatever is asked of it fails."""
    return Tools(
        stores=stores_on(None, lambda: NOW),
        clients={"vac": Echo()},
        default_assistant=Assistant("default-assistant", "Default Assistant"),
        typing=no_typing,
        limits=Limits(**limits),
        clock=lambda: NOW,
    )


def message(text="Hello", **fields):
    return InboundMessage("SM1", ANN, NOW, text=text, **fields)


def person(*, blocked=False, assistants=None, **session):
    since = NOW - timedelta(days=1)
    known = Session(ANN, ANN, "default-assistant", "Ann", since, since, **session)
    permissions = Permissions(blocked, assistants)
    return Conversation(ANN, known, permissions, (), names=frozenset({ANN}))


def said(outcome):
    return "\n".join(outcome.chunks)


def kept(outcome):
    """What is to be kept beside the session, by where."""
    return {tuple(key): document for key, document, _ in outcome.writes}


LINK = {
    ("whatsapp_contacts", "US.1A2B3C"): {
        "contact": ANN,
        # Longer than the session that it leads to.
        "expire_at": datetime(2027, 3, 8, 12, 0, tzinfo=UTC),
    }
}


def test_the_steps_stand_in_their_order_and_each_place_has_a_reason():
    names = [step.__name__ for step in STEPS]
    for before, after, why in ORDER:
        assert names.index(before) < names.index(after), f"{before} before {after}: {why}"
    told = [(before, after) for before, after, _ in ORDER]
    assert list(pairwise(names)) == told, "say why a new step stands where it stands"


@pytest.mark.parametrize(
    ("text", "answered"), [("Hello", "You said: Hello"), ("/help", HELP), ("STOP", STOPPED)]
)
def test_steps_that_are_switched_off_or_not_needed_ask_no_store(text, answered):
    assert said(converse(message(text), person(), tools())).startswith(answered)


def test_an_outcome_has_all_that_is_kept_of_a_message():
    stranger = Conversation(ANN, None, Permissions(), (), names=frozenset({ANN}))
    outcome = converse(message(user_id="US.1A2B3C"), stranger, tools())
    assert outcome.session.created_at == NOW
    assert [pair.answer for pair in outcome.session.recent] == ["You said: Hello"]
    writes = kept(outcome)
    assert {where: writes[where] for where in LINK} == LINK
    history = [writes["messages", f"SM1-{role}"]["content"] for role in ("user", "assistant")]
    assert history == ["Hello", "You said: Hello"]


def test_the_session_of_a_former_owner_is_archived_where_a_new_one_begins():
    since = NOW - timedelta(days=1)
    former = Session(ANN, ANN, "default-assistant", "Ann", since, since, user_id="US.FORMER")
    moved = Conversation(ANN, None, Permissions(), (), names=frozenset({ANN}), former=former)
    archive = ("whatsapp_sessions", "US.FORMER")
    assert kept(converse(message(), moved, tools()))[archive]["display_name"] == "Ann"
    listed = tools(blocked=frozenset({ANN}))
    assert archive not in kept(converse(message(), moved, listed))


def test_of_somebody_on_the_list_of_blocked_contacts_nothing_is_kept_but_who_they_are():
    listed = tools(blocked=frozenset({ANN}))
    outcome = converse(message("STOP", user_id="US.1A2B3C"), person(), listed)
    assert (outcome.chunks, outcome.session, kept(outcome)) == ((), None, LINK)


def test_a_blocked_person_is_told_so_no_faster_than_anybody_is_answered():
    session = person(blocked=True)
    answers = []
    for _ in range(4):
        outcome = converse(message(), session, tools(messages_per_minute=2))
        session = Conversation(ANN, outcome.session, Permissions(blocked=True), ())
        answers.append(said(outcome))
    assert answers == [BLOCKED, BLOCKED, SLOW_DOWN, ""]


def test_a_stop_of_a_blocked_person_holds():
    outcome = converse(message("STOP"), person(blocked=True), tools())
    assert said(outcome) == BLOCKED
    assert outcome.session.opted_out_at == NOW


def test_a_stop_of_somebody_who_writes_too_fast_holds():
    fast = person(usage=Usage(tokens=0.0, counted_at=NOW))
    outcome = converse(message("STOP"), fast, tools(messages_per_minute=2))
    assert said(outcome) == SLOW_DOWN
    assert outcome.session.opted_out_at == NOW


@pytest.mark.parametrize("text", ["Hello", "/help", "/nonsense"])
def test_what_waits_is_asked_for_before_anything_is_said(text):
    outcome = converse(message(text), person(parked=("SMold", "SMolder")), tools())
    assert outcome.waiting == ("SMold", "SMolder")
    assert (outcome.chunks, outcome.session, outcome.writes) == ((), None, ())


@pytest.mark.parametrize(
    ("fields", "answered"), [({"blocked": True}, BLOCKED), ({"usage": Usage(0.0, NOW)}, SLOW_DOWN)]
)
def test_whoever_is_not_let_on_gets_nothing_that_waits(fields, answered):
    outcome = converse(message(), person(parked=("SMold",), **fields), tools(messages_per_minute=2))
    assert (said(outcome), outcome.waiting) == (answered, ())
    assert outcome.session.parked == ("SMold",)


def test_a_message_that_cannot_be_read_is_no_question():
    unreadable = message("", kind=MessageKind.UNSUPPORTED)
    for known in (person(), person(usage=USED)):
        outcome = converse(unreadable, known, tools(questions_per_contact=1))
        assert said(outcome) == UNREADABLE
        assert outcome.session.usage == known.session.usage


def test_where_nobody_may_be_asked_no_question_is_counted():
    alone = person(assistants=frozenset())
    outcome = converse(message(), alone, tools(questions_per_contact=1))
    assert said(outcome) == NOBODY
    assert outcome.session.usage == Usage()


def test_commands_work_when_the_days_questions_are_used_up():
    used_up = person(usage=USED)
    assert said(converse(message(), used_up, tools(questions_per_contact=1))) == USED_UP
    helped = converse(message("/help"), used_up, tools(questions_per_contact=1))
    assert said(helped).startswith(HELP)


@pytest.mark.parametrize("text", ["Hello", "/help"])
def test_giving_up_says_one_sentence_and_needs_nobody(text):
    waits = person(parked=("SMold",), usage=Usage(0.0, NOW))
    outcome = converse(message(text), waits, tools(messages_per_minute=1), GIVING_UP)
    assert said(outcome) == GIVEN_UP
    assert outcome.session.parked == ("SMold",)


@pytest.mark.parametrize(
    ("fields", "question"),
    [
        ({"text": "Hello"}, "SM1"),
        ({"text": "/help"}, "SM0"),
        ({"text": "/again"}, "SM0"),
        ({"text": "", "kind": MessageKind.UNSUPPORTED}, "SM0"),
    ],
)
def test_a_question_that_was_given_up_is_the_last_question(fields, question):
    asked = person(question="SM0")
    outcome = converse(message(**fields), asked, tools(), GIVING_UP)
    assert outcome.session.question == question


def test_giving_up_tells_a_blocked_person_nothing_else_and_keeps_a_stop():
    assert said(converse(message(), person(blocked=True), tools(), GIVING_UP)) == BLOCKED
    assert converse(message("STOP"), person(), tools(), GIVING_UP).session.opted_out_at == NOW
