from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.conversation.sessions import MEMORY_LIMIT, PAIRS, open_session, remember, switch
from lib.model import Conversation, InboundMessage, Permissions, Session
from lib.model.span import Span

NOW = datetime(2026, 1, 2, tzinfo=UTC)
PHONE = "+15550001111"
HELLO = InboundMessage("SM1", PHONE, NOW)


def unknown(contact=PHONE):
    return Conversation(contact, None, Permissions(), ())


def test_the_first_message_opens_a_session_with_the_default_assistant():
    session = open_session(unknown(), HELLO, "default-assistant", NOW)
    assert session.id == f"whatsapp-{PHONE}"
    assert session.user_email == f"{PHONE}@whatsapp.user"
    assert session.phone_number == PHONE
    assert session.assistant_id == "default-assistant"
    assert session.display_name == "WhatsApp User 1111"
    assert session.created_at == session.last_active == NOW


def test_a_profile_name_becomes_the_display_name():
    named = replace(HELLO, profile_name="Ann")
    assert open_session(unknown(), named, "a", NOW).display_name == "Ann"


def test_a_contact_without_a_phone_has_a_session_too():
    hidden = replace(HELLO, address="US.1A2B3C")
    session = open_session(unknown("US.1A2B3C"), hidden, "a", NOW)
    assert session.phone_number == ""
    assert session.id == "whatsapp-US.1A2B3C"


def test_a_known_session_is_touched_and_otherwise_kept():
    first = switch(open_session(unknown(), HELLO, "a", NOW), "b")
    later = NOW + timedelta(hours=1)
    known = Conversation(PHONE, first, Permissions(), ())
    assert open_session(known, HELLO, "a", later) == replace(first, last_active=later)


def shown(known, address, at=NOW):
    """The session of somebody met with a hidden number who shows one."""
    person = Conversation("US.1A2B3C", known, Permissions(), ())
    return open_session(person, replace(HELLO, address=address, received_at=at), "a", at)


def test_a_number_is_known_until_another_one_is_shown():
    later = NOW + timedelta(days=2)
    met = Session("US.1A2B3C", "", "a", "Ann", NOW, NOW, user_id="US.1A2B3C")
    first = shown(met, PHONE)
    assert first.former_numbers == ()
    second = shown(first, "+15550002222", later)
    assert second.phone_number == "+15550002222"
    assert second.former_numbers == (Span(PHONE, None, later),)


def test_a_number_in_its_other_form_is_no_other_number():
    known = Session("US.1A2B3C", "+5511987654321", "a", "Ann", NOW, NOW, number_since=NOW)
    session = shown(known, "+551187654321")
    assert (session.number_since, session.former_numbers) == (NOW, ())


def test_only_the_last_pairs_are_remembered_and_none_grows_without_bound():
    session = open_session(unknown(), HELLO, "a", NOW)
    for number in range(PAIRS + 2):
        session = remember(session, str(number), "x" * (MEMORY_LIMIT + 1))
    assert [pair.question for pair in session.recent] == ["2", "3", "4", "5", "6"]
    assert len(session.recent[-1].answer) == MEMORY_LIMIT


NAMES = [
    ("Ann", "Ann"),
    ("  Ann \n\t B.  ", "Ann B."),
    ("\u202eknA\u202c", "knA"),
    ("\u2066\u2067\u2068Ann\u2069\u2069\u2069", "Ann"),
    ("A\u200bn\u200dn\x00\x07\x1b[31m", "Ann"),
    ("أمينة", "أمينة"),
    ("👩\u200d💻 Ann", "👩\u200d💻 Ann"),
    ("\u202e" * 4000, "WhatsApp User 1111"),
    ("\u200b \u2800", "WhatsApp User 1111"),
    ("", "WhatsApp User 1111"),
    ("A\u202e" * 2000, "A" * 100),
    ("x" * 4000, "x" * 100),
    ("\U000e0041" * 3999 + "A", "A"),
]


@pytest.mark.parametrize(("told", "shown"), NAMES)
@pytest.mark.parametrize("was_kept", [False, True])
def test_a_profile_name_is_one_short_line_of_what_can_be_seen(told, shown, was_kept):
    """However it came: with the message now, or from a session that an earlier version kept."""
    kept = Session("+15550001111", "", "a", told, NOW, NOW) if was_kept else None
    known = Conversation("+15550001111", kept, Permissions(), ())
    name = "" if was_kept else told
    message = InboundMessage("SM1", "+15550001111", NOW, text="Hello", profile_name=name)
    assert open_session(known, message, "a", NOW).display_name == shown
