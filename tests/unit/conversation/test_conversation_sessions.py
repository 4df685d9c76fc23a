from dataclasses import replace
from datetime import UTC, datetime, timedelta

from lib.conversation.sessions import MEMORY_LIMIT, PAIRS, open_session, remember, switch
from lib.model import Conversation, InboundMessage, Permissions

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


def test_only_the_last_pairs_are_remembered_and_none_grows_without_bound():
    session = open_session(unknown(), HELLO, "a", NOW)
    for number in range(PAIRS + 2):
        session = remember(session, str(number), "x" * (MEMORY_LIMIT + 1))
    assert [pair.question for pair in session.recent] == ["2", "3", "4", "5", "6"]
    assert len(session.recent[-1].answer) == MEMORY_LIMIT
