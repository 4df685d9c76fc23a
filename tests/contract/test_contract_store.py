"""What every store promises, on SQLite and on the real Firestore emulator."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from lib.errors import StoreError, TurnTakenError
from lib.model import (
    Assistant,
    Catalogue,
    Chunk,
    ChunkKind,
    ChunkState,
    DeadLetter,
    DeliveryReport,
    DeliveryState,
    Exchange,
    FailureCause,
    Feedback,
    HistoryEntry,
    Human,
    Location,
    OutboundKind,
    OutboundMedia,
    Permissions,
    Role,
    Session,
    TurnState,
    Usage,
)
from lib.ports.documents import Key, Write
from lib.storage.stores.belongings import belongings
from lib.storage.stores.sessions import link_write, session_write, unreachable_write
from lib.storage.stores.turn_documents import OVERDUE_AFTER
from lib.storage.stores.turns import feedback_write, stays
from tests.processes import wait_for
from tests.stores import LEASE, NOON, commit_sent, turn

PHONE = "+15550001111"
USER_ID = "US.1A2B3C"
SESSION = Session(
    contact=PHONE,
    phone_number=PHONE,
    assistant_id="python-expert",
    display_name="Ann",
    created_at=NOON,
    last_active=NOON + timedelta(minutes=1),
    recent=(Exchange("Hello\n*you*", "Hi 👋🏽"), Exchange("", "")),
)
QUESTION = HistoryEntry(
    message_id="SM1",
    role=Role.USER,
    text="Hello",
    kind="assistant",
    name=PHONE,
    assistant_id="python-expert",
    trace_id="whatsapp-SM1",
    at=NOON,
)
ANSWER = replace(QUESTION, role=Role.ASSISTANT, text="Hi", thinking="A greeting.")
EVERYTHING = OutboundMedia(
    OutboundKind.FILE,
    "https://example.com/a.pdf?x=ü",
    "A *caption*",
    "a.pdf",
    "words\nto speak",
    "de",
    Location(-52.5, 13.25, "Street 1", "Gate"),
)
LETTER = DeadLetter("SM1", "answering_failed", '{"id": "SM1"}', NOON, "whatsapp-SM1")


def claimed(stores, turn_id="SM1"):
    mine, ours = stores.turns.claim(turn(turn_id))
    assert ours
    return mine


def with_session(stores, session=SESSION, *links):
    stores.turns.commit(claimed(stores), (session_write(session), *links))
    return stores


def everything(stores, mine):
    """What may be written with a turn."""
    return (
        session_write(SESSION),
        link_write(USER_ID, PHONE),
        *map(stores.history.write, (QUESTION, ANSWER)),
        stores.deliveries.sent_write("SMout", mine),
        stores.dead_letters.write(LETTER),
    )


def with_everything(stores):
    mine = claimed(stores)
    return stores.turns.commit(mine, everything(stores, mine))


# Claims


def test_the_first_claim_is_ours_and_the_second_sees_what_is_stored(stores):
    mine = claimed(stores)
    assert replace(mine, revision="") == turn()
    later = replace(turn(), created_at=NOON + timedelta(hours=1))
    assert stores.turns.claim(later) == (mine, False)


def test_of_twenty_claims_at_once_exactly_one_is_ours(stores):
    with ThreadPoolExecutor(20) as pool:
        for number in range(5):
            one = turn(f"SM{number}")
            claims = list(pool.map(lambda _, one=one: stores.turns.claim(one), range(20)))
            assert [ours for _, ours in claims].count(True) == 1
            assert len({stored for stored, _ in claims}) == 1


@pytest.mark.parametrize("odd", ["__x__", ".", "..", "a/b", "/", "50%", "%2F", "a b", "é👋🏽"])
def test_any_text_can_be_an_id(stores, odd):
    mine = claimed(stores, odd)
    assert stores.turns.claim(turn(odd)) == (mine, False)
    assert stores.turns.commit(mine).id == odd


@pytest.mark.parametrize("impossible", ["", "x" * 1501, "\ud83d"])
def test_an_id_that_no_document_can_have_is_refused_for_good(stores, impossible):
    with pytest.raises(StoreError) as refusal:
        stores.turns.claim(turn(impossible))
    assert not refusal.value.retryable


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"state": "thinking", "attempt": "x"},
        {"state": "answered", "chunks": [1]},
        {"state": "answered", "chunks": 1},
    ],
)
def test_a_turn_that_cannot_be_read_is_an_error_of_the_store(backend, stores, document):
    backend.keep("whatsapp_turns", "SM1", document)
    with pytest.raises(StoreError) as error:
        stores.turns.claim(turn())
    assert not error.value.retryable


# Commits


def test_a_turn_comes_back_as_it_was_committed(stores):
    chunks = (
        Chunk("a" * 1600, ChunkState.SENT, "SMout1", NOON),
        Chunk("b\n😀", ChunkState.SENDING, opened_at=NOON + timedelta(microseconds=1)),
        Chunk("c"),
        Chunk("as text", media=EVERYTHING),
        Chunk("", kind=ChunkKind.VOICE, media=OutboundMedia(OutboundKind.VOICE, words="d")),
    )
    moved = replace(
        claimed(stores),
        contact=USER_ID,
        state=TurnState.ANSWERED,
        attempt=3,
        lease_until=NOON + timedelta(seconds=1),
        chunks=chunks,
    )
    committed = stores.turns.commit(moved)
    assert replace(committed, revision=moved.revision) == moved
    assert stores.turns.claim(turn()) == (committed, False)


def test_each_commit_gives_the_revision_for_the_next(stores):
    current = claimed(stores)
    revisions = {current.revision}
    for _ in range(5):
        current = stores.turns.commit(current)
        revisions.add(current.revision)
    assert len(revisions) == 6


def test_a_commit_from_an_older_revision_is_refused_and_writes_nothing(backend, stores):
    seen = claimed(stores)
    taken_over = stores.turns.commit(replace(seen, attempt=2))
    with pytest.raises(TurnTakenError):
        stores.turns.commit(replace(seen, state=TurnState.ANSWERED), everything(stores, seen))
    assert stores.turns.claim(turn()) == (taken_over, False)
    assert written(backend) == []


def test_a_commit_of_a_turn_that_is_not_there_is_refused_and_writes_nothing(backend, stores):
    gone = claimed(stores)
    backend.delete("whatsapp_turns", gone.id)
    with pytest.raises(TurnTakenError):
        stores.turns.commit(gone, everything(stores, gone))
    assert written(backend) == []
    assert backend.kept("whatsapp_turns", gone.id) is None


def test_of_ten_commits_from_one_revision_exactly_one_is_made(stores):
    seen = claimed(stores)

    def take_over(attempt):
        try:
            return stores.turns.commit(replace(seen, attempt=attempt))
        except TurnTakenError:
            return None

    with ThreadPoolExecutor(10) as pool:
        (winner,) = filter(None, pool.map(take_over, range(2, 12)))
    assert stores.turns.claim(turn()) == (winner, False)


def test_a_commit_writes_everything_that_belongs_to_it(backend, stores):
    with_everything(stores)
    assert len(written(backend)) == 6


def written(backend):
    places = [
        ("whatsapp_sessions", PHONE),
        ("whatsapp_contacts", USER_ID),
        ("messages", "SM1-user"),
        ("messages", "SM1-assistant"),
        ("whatsapp_deliveries", "SMout"),
        ("dead_letters", "SM1"),
    ]
    return [place for place in places if backend.kept(*place) is not None]


# Documents as others see them


def test_a_session_has_the_fields_that_others_rely_on(backend, stores):
    with_session(stores)
    kept = backend.kept("whatsapp_sessions", PHONE)
    assert kept == {
        "phone_number": PHONE,
        "assistant_id": "python-expert",
        "session_id": f"whatsapp-{PHONE}",
        "user_email": f"{PHONE}@whatsapp.user",
        "user_id": "",
        "number_since": None,
        "known_as": "",
        "display_name": "Ann",
        "created_at": NOON,
        "last_active": NOON + timedelta(minutes=1),
        "expire_at": NOON + timedelta(days=400, minutes=1),
        "recent": [
            {"question": "Hello\n*you*", "answer": "Hi 👋🏽"},
            {"question": "", "answer": ""},
        ],
        "parked": [],
        "unreachable": "",
        "usage": {"tokens": 0.0, "counted_at": None, "warned": False, "day": "", "asked": 0},
        "opted_out_at": None,
        "wrote_at": None,
        "held": "",
        "question": "",
        "answered_at": None,
        "original": "",
        "comment_on": "",
        "unsure": "",
        "comment_until": None,
        "voice": "",
        "spoken": 0,
        "spoken_on": "",
        "human": None,
        "introduced": "",
        "away_told": "",
        "spent": 0,
        "spent_on": "",
        "budget_told": "",
        "user_id_since": None,
        "merged_into": "",
        "opted_in_at": None,
        "login": None,
        "wrong_codes": [],
        "language": "",
        "news": "",
        "merged": [],
        "former_numbers": [],
        "consent": "",
    }


def test_a_session_remembers_what_the_last_answer_is_about(stores):
    about = replace(
        SESSION, question="SM2", original="SM1", comment_on="SM2", comment_until=NOON + LEASE
    )
    stores.turns.commit(claimed(stores), (session_write(about),))
    assert stores.conversations.read(PHONE, "").session == about


def test_a_session_remembers_the_human_who_has_its_person_until_that_is_over(stores):
    human = Human(NOON, NOON + LEASE, "assistant", "SM1", reported=False, acknowledged=True)
    given = replace(SESSION, human=human, introduced="1", away_told="expert 2026-01-02")
    stores.turns.commit(claimed(stores), (session_write(given),))
    assert stores.conversations.read(PHONE, "").session == given
    stores.turns.commit(
        stores.turns.find("SM1"), (Write(Key("whatsapp_sessions", PHONE), {"human": None}),)
    )
    assert stores.conversations.read(PHONE, "").session == replace(given, human=None)


def test_history_keeps_both_sides_and_thinking_apart(backend, stores):
    with_everything(stores)
    question = {
        "message_id": "SM1",
        "session_id": f"whatsapp-{PHONE}",
        "user_email": f"{PHONE}@whatsapp.user",
        "assistant_id": "python-expert",
        "role": "user",
        "kind": "assistant",
        "content": "Hello",
        "thinking": "",
        "source": "whatsapp",
        "trace_id": "whatsapp-SM1",
        "created_at": NOON,
        "expire_at": NOON + timedelta(days=365),
    }
    assert backend.kept("messages", "SM1-user") == question
    assert backend.kept("messages", "SM1-assistant") == {
        **question,
        "role": "assistant",
        "content": "Hi",
        "thinking": "A greeting.",
    }


def test_settled_turns_and_deliveries_expire_after_a_week(backend, stores):
    settled = replace(claimed(stores), state=TurnState.DELIVERED)
    commit_sent(stores, settled, "SMout")
    stores.deliveries.record(DeliveryReport("SMother", DeliveryState.SENT))
    week = NOON + timedelta(days=7)
    assert backend.kept("whatsapp_turns", "SM1")["expire_at"] == week
    assert backend.kept("whatsapp_deliveries", "SMout")["expire_at"] == week
    assert backend.kept("whatsapp_deliveries", "SMother")["expire_at"] == week


@pytest.mark.parametrize(
    "state", [TurnState.THINKING, TurnState.ANSWERED, TurnState.PARKED], ids=str
)
def test_what_is_still_owed_to_a_person_never_expires(backend, stores, state):
    stores.turns.commit(replace(claimed(stores), state=state))
    assert backend.kept("whatsapp_turns", "SM1").get("expire_at") is None


def test_a_dead_letter_replaces_the_earlier_one_of_its_id(backend, stores):
    stores.dead_letters.keep(replace(LETTER, reason="first"))
    stores.dead_letters.keep(LETTER)
    assert backend.kept("dead_letters", "SM1") == {
        "reason": "answering_failed",
        "payload": '{"id": "SM1"}',
        "contact": "",
        "trace_id": "whatsapp-SM1",
        "at": NOON,
        "replayed_at": None,
        "expire_at": NOON + timedelta(days=90),
    }


# Conversations


def test_of_a_stranger_nothing_is_known(stores):
    found = stores.conversations.read(PHONE, USER_ID)
    assert (found.contact, found.session, found.permissions) == (PHONE, None, Permissions())


def test_a_session_comes_back_as_it_was_kept(stores):
    found = with_session(stores).conversations.read(PHONE, "")
    assert (found.contact, found.session) == (PHONE, SESSION)
    assert type(found.session.created_at) is datetime


def test_a_deleted_session_is_gone(backend, stores):
    with_session(stores)
    backend.delete("whatsapp_sessions", PHONE)
    assert stores.conversations.read(PHONE, "").session is None


@pytest.mark.parametrize("address", [PHONE, USER_ID])
@pytest.mark.parametrize("contact", [PHONE, USER_ID])
def test_one_person_has_one_session_with_and_without_a_phone(stores, contact, address):
    session = replace(SESSION, contact=contact)
    with_session(stores, session, link_write(USER_ID, contact))
    found = stores.conversations.read(address, USER_ID)
    assert (found.contact, found.session) == (contact, session)


def test_without_a_link_a_business_scoped_id_is_its_own_contact(stores):
    found = with_session(stores).conversations.read(USER_ID, USER_ID)
    assert (found.contact, found.session) == (USER_ID, None)


def test_a_link_that_says_nothing_is_no_link(backend, stores):
    backend.keep("whatsapp_contacts", USER_ID, {"noted_by": "somebody"})
    assert stores.conversations.read(PHONE, USER_ID).contact == PHONE


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        ({}, ("", "", "", ())),
        (
            {"phone_number": PHONE, "created_at": NOON.replace(tzinfo=None), "colour": {"a": [1]}},
            (PHONE, "", "", ()),
        ),
        (
            {"assistant_id": None, "display_name": 7, "recent": ["x", {"question": "q"}]},
            ("", "", "", (Exchange("q", ""),)),
        ),
    ],
)
def test_a_session_written_by_others_is_understood(backend, stores, document, expected):
    backend.keep("whatsapp_sessions", PHONE, document)
    found = stores.conversations.read(PHONE, "").session
    assert (found.phone_number, found.assistant_id, found.display_name, found.recent) == expected
    assert found.created_at == (
        NOON if "created_at" in document else datetime(2000, 1, 1, tzinfo=UTC)
    )
    assert found.last_active == found.created_at


def test_fields_of_a_session_that_others_wrote_are_kept(backend, stores):
    backend.keep("whatsapp_sessions", PHONE, {"colour": "blue", "display_name": "Old"})
    with_session(stores)
    kept = backend.kept("whatsapp_sessions", PHONE)
    assert (kept["colour"], kept["display_name"]) == ("blue", "Ann")


# Assistants and permissions


def test_a_conversation_brings_the_assistants(backend):
    assistants = (
        Assistant("gemini", "Gemini", "A model.", backend="openai", settings={"model": "g-2.5"}),
        Assistant("python-expert", "Python Expert", enabled=False),
    )
    stores = backend.stores(Catalogue(assistants=assistants))
    for _ in range(2):
        found = stores.conversations.read(PHONE, "").assistants
        assert sorted(found, key=lambda one: one.id) == list(assistants)


@pytest.mark.parametrize(
    "permissions",
    [
        Permissions(blocked=True),
        Permissions(assistants=frozenset()),
        Permissions(assistants=frozenset({"gemini", "python-expert"})),
        Permissions(),
    ],
)
def test_permissions_are_those_of_the_contact_and_nobody_else(backend, permissions):
    catalogue = Catalogue(permissions={f"{PHONE}@whatsapp.user": permissions})
    stores = backend.stores(catalogue)
    assert stores.conversations.read(PHONE, "").permissions == permissions
    assert stores.conversations.read("+15550002222", "").permissions == Permissions()
    with_session(stores, SESSION, link_write(USER_ID, PHONE))
    assert stores.conversations.read(USER_ID, USER_ID).permissions == permissions


# Deliveries

REPORTS = [
    DeliveryReport("SMout", state, "63016" if state is DeliveryState.FAILED else "")
    for state in DeliveryState
]


def test_a_delivery_only_moves_forward_whatever_the_order_of_reports(stores):
    for number, order in enumerate(permutations(REPORTS)):
        best = -1
        for report in order:
            best = max(best, report.state.rank)
            in_force = stores.deliveries.record(replace(report, sid=f"SM{number}"))
            assert in_force.state.rank == best
        assert (in_force.state, in_force.error_code) == (DeliveryState.READ, "")


def test_the_reason_of_a_failure_is_kept_whichever_report_of_it_brings_it(stores):
    for number, codes in enumerate((["", "63016"], ["63016", ""])):
        for code in codes:
            report = DeliveryReport(f"SM{number}", DeliveryState.FAILED, code)
            in_force = stores.deliveries.record(report)
        assert in_force.error_code == "63016"


def test_many_deliveries_are_found_at_once_and_those_unknown_are_left_out(stores):
    stores.deliveries.record(DeliveryReport("SMa", DeliveryState.READ))
    stores.deliveries.record(DeliveryReport("SMb", DeliveryState.FAILED, "63016"))
    found = stores.deliveries.find_all(["SMa", "SMb", "SMc"])
    states = {sid: report.state for sid, report in found.items()}
    assert states == {"SMa": DeliveryState.READ, "SMb": DeliveryState.FAILED}
    assert stores.deliveries.find_all([]) == {}


def test_feedback_is_written_beside_another_turn_and_changes_nothing_else(stores):
    rated = stores.turns.commit(replace(claimed(stores), state=TurnState.DELIVERED))
    stores.turns.commit(claimed(stores, "SM2"), (feedback_write("SM1", Feedback(2, "short")),))
    found = stores.turns.find("SM1")
    assert found.feedback == Feedback(2, "short")
    assert replace(found, feedback=None, revision=rated.revision) == rated
    stores.turns.commit(claimed(stores, "SM3"), (feedback_write("SM1", Feedback(4)),))
    assert stores.turns.find("SM1").feedback == Feedback(4)


def test_a_worker_does_not_write_over_feedback_it_has_not_seen(stores):
    """It is refused, as it is by any newer version, and goes on from there."""
    seen = claimed(stores)
    stores.turns.commit(claimed(stores, "SM2"), (feedback_write("SM1", Feedback(5)),))
    with pytest.raises(TurnTakenError):
        stores.turns.commit(replace(seen, state=TurnState.DELIVERED))
    newest, _ = stores.turns.claim(seen)
    moved = stores.turns.commit(replace(newest, state=TurnState.DELIVERED))
    assert stores.turns.find("SM1") == moved
    assert moved.feedback == Feedback(5)


def test_a_turn_stays_until_a_minute_before_its_week_is_over(stores):
    mine = claimed(stores)
    assert stays(mine, NOON + timedelta(days=7, seconds=-61))
    assert not stays(mine, NOON + timedelta(days=7, seconds=-60))


def test_reports_at_once_leave_the_highest(backend, stores):
    with ThreadPoolExecutor(15) as pool:
        list(pool.map(stores.deliveries.record, REPORTS * 3))
    assert backend.kept("whatsapp_deliveries", "SMout")["state"] == "read"


@pytest.mark.parametrize("report_first", [True, False])
def test_a_report_and_the_link_to_its_turn_are_both_kept(backend, stores, report_first):
    mine = claimed(stores)
    report = DeliveryReport("SMout", DeliveryState.FAILED, "63016")
    if report_first:
        assert stores.deliveries.record(report).turn_id == ""
        commit_sent(stores, mine, "SMout")
    else:
        commit_sent(stores, mine, "SMout")
        assert stores.deliveries.record(report).turn_id == "SM1"
    kept = backend.kept("whatsapp_deliveries", "SMout")
    assert (kept["turn_id"], kept["state"], kept["error_code"]) == ("SM1", "failed", "63016")
    assert stores.deliveries.record(REPORTS[0]) == replace(report, turn_id="SM1")


def test_reports_and_the_link_at_once_are_all_kept(backend, stores):
    mine = claimed(stores)
    with ThreadPoolExecutor(8) as pool:
        link = pool.submit(commit_sent, stores, mine, "SMout")
        list(pool.map(stores.deliveries.record, REPORTS))
        link.result()
    kept = backend.kept("whatsapp_deliveries", "SMout")
    assert (kept["turn_id"], kept["state"]) == ("SM1", "read")


# What is looked for without knowing its id


def test_a_turn_is_read_as_it_is_stored(stores):
    mine = stores.turns.commit(
        replace(claimed(stores), payload="{}", nudged_until=NOON, apologised=True)
    )
    assert stores.turns.find("SM1") == mine
    assert stores.turns.find("SM2") is None


def test_work_is_overdue_a_while_after_its_lease_the_oldest_first(stores):
    overdue = NOON + LEASE + OVERDUE_AFTER
    first = claimed(stores, "SM1")
    second = stores.turns.commit(replace(claimed(stores, "SM2"), lease_until=NOON))
    assert stores.turns.overdue(overdue - timedelta(seconds=1), 10) == [second]
    assert stores.turns.overdue(overdue, 10) == [second, first]
    assert stores.turns.overdue(overdue, 1) == [second]


@pytest.mark.parametrize("state", [TurnState.DELIVERED, TurnState.DEAD])
def test_what_is_settled_is_never_overdue(stores, state):
    stores.turns.commit(replace(claimed(stores), state=state))
    assert stores.turns.overdue(NOON + timedelta(days=30), 10) == []


def test_what_is_parked_is_overdue_after_a_week(stores):
    parked = stores.turns.commit(replace(claimed(stores), state=TurnState.PARKED))
    week = NOON + timedelta(days=7)
    assert stores.turns.overdue(week - timedelta(seconds=1), 10) == []
    assert stores.turns.overdue(week, 10) == [parked]


def test_the_copies_of_a_chunk_are_kept(stores):
    chunk = Chunk("one", copies=("SMa", "SMb"), failures=2)
    stores.turns.commit(replace(claimed(stores), chunks=(chunk,)))
    assert stores.turns.find("SM1").chunks == (chunk,)


def test_what_was_queued_again_is_left_alone_for_a_while(stores):
    later = NOON + timedelta(hours=1)
    nudged = stores.turns.commit(replace(claimed(stores), nudged_until=later))
    assert stores.turns.overdue(later - timedelta(seconds=1), 10) == []
    assert stores.turns.overdue(later, 10) == [nudged]


def test_sent_messages_have_owners(stores):
    commit_sent(stores, claimed(stores), "SMa", "SMb")
    stores.deliveries.record(DeliveryReport("SMc", DeliveryState.SENT))
    assert stores.deliveries.owners(["SMa", "SMb", "SMc", "SMd"]) == {"SMa": "SM1", "SMb": "SM1"}


def test_a_failure_is_kept_with_its_cause_and_its_explanation(stores):
    assert stores.deliveries.find("SMa").state is DeliveryState.QUEUED
    report = DeliveryReport(
        "SMa", DeliveryState.FAILED, "63016", cause=FailureCause.WINDOW, explanation="Too late."
    )
    stores.deliveries.record(report)
    assert stores.deliveries.find("SMa") == report


SENT = DeliveryReport("SMa", DeliveryState.SENT)


def waited(stores, seconds):
    """What is told of a message in the end, and after how many seconds."""
    began = time.monotonic()
    return stores.deliveries.await_report("SMa", seconds), time.monotonic() - began


def test_a_report_that_was_there_is_not_waited_for(stores):
    stores.deliveries.record(SENT)
    told, seconds = waited(stores, 30)
    assert told == SENT
    assert seconds < 10


@pytest.mark.parametrize("state", [DeliveryState.SENT, DeliveryState.READ, DeliveryState.FAILED])
def test_a_report_that_arrives_ends_the_wait(stores, state):
    commit_sent(stores, claimed(stores), "SMa", "SMb")
    later = threading.Timer(0.3, stores.deliveries.record, (DeliveryReport("SMa", state, "63016"),))
    later.start()
    told, seconds = waited(stores, 30)
    later.join()
    assert (told.state, told.turn_id, told.error_code) == (state, "SM1", "63016")
    assert seconds < 10


def test_without_a_report_the_wait_ends_in_time(stores):
    commit_sent(stores, claimed(stores), "SMa")
    stores.deliveries.record(DeliveryReport("SMa", DeliveryState.QUEUED))
    stores.deliveries.record(DeliveryReport("SMb", DeliveryState.SENT))
    told, seconds = waited(stores, 0.5)
    assert told.state is DeliveryState.QUEUED
    assert 0.1 < seconds < 5


def test_many_are_watched_at_once_each_for_its_own(stores):
    with ThreadPoolExecutor(20) as pool:
        waits = [pool.submit(stores.deliveries.await_report, f"SM{n}", 10) for n in range(20)]
        for n, wait in reversed(list(enumerate(waits))):
            stores.deliveries.record(DeliveryReport(f"SM{n}", DeliveryState.SENT, str(n)))
            assert wait.result().error_code == str(n)


def test_two_hundred_waits_leave_nothing_behind(stores):
    stores.deliveries.await_report("SM", 0.1)
    before = threading.active_count()
    for n in range(100):
        stores.deliveries.record(DeliveryReport(f"SM{n}", DeliveryState.SENT))
    with ThreadPoolExecutor(200) as pool:
        reports = list(pool.map(lambda n: stores.deliveries.await_report(f"SM{n}", 1), range(200)))
    expected = [DeliveryState.SENT] * 100 + [DeliveryState.QUEUED] * 100
    assert [report.state for report in reports] == expected
    wait_for(lambda: threading.active_count() <= before, 10)


def test_a_counter_counts_every_one_of_many_at_once(stores):
    with ThreadPoolExecutor(8) as pool:
        values = list(pool.map(lambda _: stores.counters.count("questions", NOON), range(20)))
    assert sorted(values) == list(range(1, 21))
    assert stores.counters.count("others", NOON) == 1


def test_dead_letters_are_read_the_newest_first(stores):
    letters = [
        DeadLetter(f"SM{n}", "reason", "{}", NOON + timedelta(minutes=n), "t", NOON)
        for n in (2, 1, 3)
    ]
    for letter in letters:
        stores.dead_letters.keep(letter)
    assert [letter.id for letter in stores.dead_letters.newest(10)] == ["SM3", "SM2", "SM1"]
    assert [letter.id for letter in stores.dead_letters.newest(2)] == ["SM3", "SM2"]
    assert stores.dead_letters.find("SM1") == letters[1]
    assert stores.dead_letters.find("SM9") is None


def test_a_contact_is_marked_without_touching_its_session(stores):
    with_session(stores)
    turn_of_it = stores.turns.find("SM1")
    stores.turns.commit(turn_of_it, (unreachable_write(PHONE, "63024"),))
    assert stores.conversations.read(PHONE, "").session == replace(SESSION, unreachable="63024")


def test_a_session_keeps_what_is_parked_and_used(stores):
    usage = Usage(tokens=1.5, counted_at=NOON, warned=True, day="2026-11-23", asked=7)
    session = replace(SESSION, parked=("SM1", "SM2"), usage=usage)
    with_session(stores, session)
    assert stores.conversations.read(PHONE, "").session == session


def test_a_message_that_history_knows_is_a_repetition(stores):
    with_everything(stores)
    assert stores.conversations.read(PHONE, "", "SM1").repeated
    assert not stores.conversations.read(PHONE, "", "SM2").repeated


def test_every_document_of_a_contact_is_found(stores):
    other = "+15550002222"
    for contact, number in ((PHONE, 1), (other, 2)):
        mine, _ = stores.turns.claim(turn(f"SM{number}", contact))
        entry = replace(QUESTION, message_id=mine.id, name=contact)
        letter = replace(LETTER, id=mine.id, contact=contact)
        writes = (
            session_write(replace(SESSION, contact=contact)),
            link_write(f"US.{number}", contact),
            stores.history.write(entry),
            stores.deliveries.sent_write(f"SMout{number}", mine),
            stores.dead_letters.write(letter),
        )
        stores.turns.commit(mine, writes)
    hidden, _ = stores.turns.claim(replace(turn("SM3", "US.1"), contact=PHONE))
    stores.turns.claim(replace(turn("SM4", "US.1"), address=PHONE))
    stores.deliveries.record(DeliveryReport("SMout1", DeliveryState.SENT))
    stores.stops.mark(PHONE, NOON, NOON)
    found = [key for key, stored in belongings([PHONE], [], stores) if stored.revision]
    assert sorted(found) == [
        ("dead_letters", "SM1"),
        ("messages", "SM1-user"),
        ("whatsapp_contacts", "US.1"),
        ("whatsapp_deliveries", "SMout1"),
        ("whatsapp_sessions", PHONE),
        ("whatsapp_stops", PHONE),
        ("whatsapp_turns", "SM1"),
        ("whatsapp_turns", "SM3"),
        ("whatsapp_turns", "SM4"),
    ]
    assert hidden.contact == PHONE
