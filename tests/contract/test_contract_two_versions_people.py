"""What people have of this version, while the one before answers them, too: nothing of it is lost.

Three processes one after another on the same data: this version, the earlier one, and this again.
Each person is a test.
"""

from dataclasses import MISSING, fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from lib.model import Chunk, ChunkKind, Exchange, InboundMessage, Session, Turn, TurnState, Usage
from lib.model.access import Invitation, Login
from lib.model.human import Human
from lib.model.outbound_media import OutboundKind, OutboundMedia
from lib.model.reading import Heard, Transcript
from lib.model.span import Span
from lib.people.invitations import id_of
from lib.ports.documents import Key, Write
from lib.queue.envelope import encode
from lib.storage.stores.invitations import INVITATIONS, invitation_document
from lib.storage.stores.sessions import SESSIONS, session_document, session_write
from lib.storage.stores.turn_documents import turn_document
from lib.storage.stores.turns import TURNS
from tests.peer import answer, peer

pytestmark = pytest.mark.slow

HOUR = timedelta(hours=1)
CODE, OTHER_CODE = "K7QF-3M9X", "K7QF-3M9Y"
USED_UP = "You have used up what you may ask today. You can ask again at 00:00 UTC."
INTRODUCED = "👋 I am"
NEWS = "I know the trains by now."
TAKEN = answer(204, b"")

# Who says what to this version, to the earlier one, and to this one again.
SAID = {
    "german": ("/language de", "/list", "/current"),
    "with a human": ("/human", "Are you there?", "Are you there?"),
    "introduced": ("Hello there.", "Hello again.", "And again."),
    "opted out": ("STOP", "What is this?", "START"),
    "denied": ("/switch poet", "/switch poet", "What is this?"),
    "merged": ("/current", "/switch python-expert", "/current"),
    "spending": ("What is this?", "What is this?", "What is this?"),
    "invited": (f"/login {CODE}", "What is this?", "/whoami"),
    "too late": ("/current", "/current", f"/login {CODE}"),
    "bursting": ("and", "more of it, please.", "/current"),
    "forgotten": ("/forget yes", "What is this?", "What is this?"),
}
PHONES = {name: f"+1555000{7000 + count}" for count, name in enumerate(SAID)}
INTO, EVERYTHING, SPOKEN, HEARD = (f"+1555000{8000 + count}" for count in range(4))


def sid(step, name):
    return f"SM{step:016x}{list(SAID).index(name):016x}"


def session(contact, now, assistant="poet", **news):
    return Session(contact, contact, assistant, "Ann", now - HOUR, now - HOUR, **news)


def permitted(name, **rule):
    return Write(Key("user_permissions", f"{PHONES[name]}@whatsapp.user"), rule)


def invited(now):
    invitation = Invitation(uses=1, expires_at=now + HOUR, email="ann@firm.example")
    return Write(Key(INVITATIONS, id_of(CODE)), invitation_document(invitation))


def everything(known, now):
    """A session that has all that the earlier version does not know."""
    odd = {
        "human": Human(now, now + HOUR, "person", "SM1", acknowledged=True),
        "login": Login("id", now, "ann@firm.example", frozenset({"poet"})),
        "former_numbers": (Span("+15550009999", None, now),),
    }
    by_type = {str: "something", int: 7, type(None): now, tuple: (now,), bool: True}
    news = {
        one.name: odd.get(one.name, by_type[type(one.default)])
        for one in fields(Session)
        if one.name not in known and one.default is not MISSING and one.compare
    }
    usage = Usage(1.0, now, warned=True, day="2026-11-28", asked=1)
    return session(EVERYTHING, now, usage=usage, **news), news


def unfinished(turn_id, contact, now, **news):
    """A turn whose worker is gone."""
    message = InboundMessage(turn_id, contact, now, text="What is this?")
    payload, gone = encode(message)[0].decode(), now - timedelta(seconds=1)
    turn = Turn(turn_id, contact, contact, TurnState.THINKING, 1, gone, gone, payload=payload)
    turn = replace(turn, **news)
    return Write(Key(TURNS, turn_id), turn_document(turn))


def said_by_all(step):
    return [(sid(step, name), texts[step], PHONES[name]) for name, texts in SAID.items()]


class Told:
    """What was answered to each, by the three; and documents behind the earlier one."""

    def __init__(self, versions, hook):
        self.versions, self.now = versions, datetime.now(UTC)
        people = {"introduction": True, "handover_url": f"{hook}/hook", "handover_key": "k" * 24}
        options = {"bursts": True, "people": people}
        self._begin()
        self.first, _ = self._say("this", 0, **options)
        versions.keep(Write(Key("whatsapp_settings", "news"), {"text": NEWS}))
        talk = (("SMa", "/switch python-expert", EVERYTHING), ("SMb", "What is this?", EVERYTHING))
        given = (("SMspoken", "What is this?", SPOKEN), ("SMheard", "What is this?", HEARD))
        self.second, self.handed = self._say("earlier", 1, *talk, *given, bursts=True)
        documents = {
            "everything": (SESSIONS, EVERYTHING),
            "heard": (TURNS, "SMheard"),
            "opted out": (SESSIONS, PHONES["opted out"]),
        }
        self.kept = {name: versions.kept(*key) for name, key in documents.items()}
        before = [one for step in (0, 1) for one in said_by_all(step)]
        self.third, self.again = self._say("this", 2, given[0], *before, **options)

    def _begin(self):
        self.session, self.news = everything(self.versions.fields()[0], self.now)
        medium = OutboundMedia(OutboundKind.VOICE, words="Said.")
        chunks = (Chunk("Said."), Chunk("Said.", kind=ChunkKind.VOICE, media=medium))
        heard = (Heard("https://api.twilio.com/one", Transcript("Words", "en")),)
        self.versions.keep(
            session_write(self.session),
            session_write(session(INTO, self.now)),
            session_write(session(PHONES["merged"], self.now, merged_into=INTO)),
            session_write(session(PHONES["spending"], self.now, "dear")),
            session_write(session(PHONES["forgotten"], self.now, recent=(Exchange("A", "B"),))),
            permitted("denied", denied=["poet"], limits={"questions_per_day": 9}),
            permitted("spending", limits={"budget_per_day": "1"}),
            invited(self.now),
            unfinished("SMspoken", SPOKEN, self.now, state=TurnState.ANSWERED, chunks=chunks),
            unfinished("SMheard", HEARD, self.now, heard=heard, cost=5),
        )

    def _say(self, version, step, *more, **options):
        """What everybody is answered, and what came of more; each in a process for both."""
        found = self.versions.outcomes(version, *said_by_all(step), *more, **options)
        assert not any(error for _, error in found[: len(SAID)])
        return {name: one for name, (one, _) in zip(SAID, found, strict=False)}, found[len(SAID) :]


@pytest.fixture(scope="module")
def told(versions):
    with peer(TAKEN) as hook:
        yield Told(versions, hook.url)


def test_a_language_that_was_chosen_stays(told):
    assert told.first["german"] == ["✅ Ab jetzt schreibe ich dir auf Deutsch."]
    assert told.second["german"][0].startswith("📋 Available Assistants:")
    assert told.third["german"][0].startswith("🤖 Aktueller Assistent:")


def test_who_was_with_a_human_still_is(told):
    assert told.first["with a human"][0].startswith("🙋 I have asked a human")
    (answered,) = told.third["with a human"]
    assert answered.startswith("📨 Passed on.")


def test_an_introduction_and_news_are_told_once(told):
    assert told.first["introduced"][0].startswith(INTRODUCED)
    (second,), (third,) = told.second["introduced"], told.third["introduced"]
    assert INTRODUCED not in second + third
    assert NEWS not in second
    assert NEWS in third
    # The earlier version's question is remembered with this one's.
    assert "I remember 2 earlier question(s)" in third


def test_who_opted_out_stays_so_and_what_they_said_of_it_is_kept(told):
    assert told.second["opted out"]
    assert told.kept["opted out"]["opted_out_at"] is not None
    consents = told.versions.all("whatsapp_consents")
    assert sorted(one["state"] for one in consents) == ["granted", "revoked"]


def test_a_rule_with_more_in_it_is_read_by_both(told):
    assert "I don't know an assistant" in told.first["denied"][0]
    # The earlier version knows nothing of what is denied; this one lets nobody keep it.
    assert "Poet" in told.second["denied"][0]
    assert "`poet`" not in told.third["denied"][0]
    assert "`default-assistant`" in told.third["denied"][0]


def test_whoever_was_merged_is_one_person_again(told):
    assert told.first["merged"] == told.third["merged"] == ["🤖 Current assistant: Poet (poet)"]


def test_money_that_was_spent_stays_so(told):
    assert "Used of what you may ask today: 100 %." in told.first["spending"][0]
    assert "`dear`" in told.second["spending"][0]
    assert told.third["spending"] == [USED_UP]


def test_an_invitation_is_taken_once_and_gives_what_it_gave(told):
    assert told.first["invited"][0].startswith("✅ You are logged in as ann@firm.example.")
    assert "• Account: ann@firm.example" in told.third["invited"][0]
    assert told.third["too late"][0].startswith("❌ This code cannot be used.")


def test_pieces_of_a_question_that_two_versions_got_are_one(told):
    assert told.first["bursting"] == told.second["bursting"] == []
    answered, current = told.third["bursting"]
    assert "You said:\n\nand\nmore of it, please.\n" in answered
    assert current.startswith("🤖 Current assistant:")


def test_who_was_forgotten_is_a_stranger_to_both(told):
    # They had a question; and what they were told was deleted at Twilio, too.
    assert told.first["forgotten"] == []
    assert "I remember" not in told.second["forgotten"][0]
    assert "I remember 1 earlier question(s)" in told.third["forgotten"][0]


def test_all_of_a_session_that_the_earlier_version_does_not_know_stays(told):
    assert [len(answered) for answered, _ in told.handed[:2]] == [1, 1]
    assert told.kept["everything"]["assistant_id"] == "python-expert"
    before = session_document(told.session)
    kept = {name: told.kept["everything"][name] for name in told.news}
    assert kept == {name: before[name] for name in told.news}
    # It writes maps whole: of what both know, none has more in it here.
    assert set(told.kept["everything"]["usage"]) == set(before["usage"])


def test_a_turn_that_the_earlier_version_goes_on_with_keeps_what_that_does_not_know(told):
    assert len(told.handed[3][0]) == 1
    kept = told.kept["heard"]
    assert (kept["state"], kept["cost"]) == ("delivered", 5)
    assert [one["text"] for one in kept["heard"]] == ["Words"]


def test_a_turn_that_the_earlier_version_cannot_read_whole_waits_for_this_one(told):
    assert told.handed[2] == ([], "newer_version")
    answered, error = told.again[0]
    assert (answered[:1], error) == (["Said."], None)


def test_nothing_is_said_twice(told):
    assert told.again[1:] == [([], None)] * (2 * len(SAID))
