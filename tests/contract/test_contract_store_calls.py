"""How the store speaks with Firestore: in the name of Google's client, without its wrapping."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import proto

from lib.model import DeliveryReport, DeliveryState, Session
from lib.storage.stores.sessions import session_write
from tests.stores import NOON, FirestoreBackend, turn

PHONE = "+15550001111"
SESSION = Session(PHONE, PHONE, "a", "Ann", NOON, NOON)
SENT = DeliveryReport("SMout", DeliveryState.SENT)


def a_turn(stores):
    """Everything that a turn does with a store."""
    claimed, _ = stores.turns.claim(turn())
    stores.conversations.read(PHONE, "US.1A2B3C", claimed.id)
    sent = stores.deliveries.sent_write("SMout", claimed)
    answered = stores.turns.commit(claimed, (session_write(SESSION), sent))
    stores.counters.count("whatsapp-questions", NOON)
    stores.deliveries.record(SENT)
    assert stores.deliveries.await_report("SMout", 30).state is DeliveryState.SENT
    stores.turns.commit(answered)


def headers(relay, call):
    """What went with the calls of a name, without what only counts versions of clients."""
    told = [sent for name, sent in relay.metadata if name == call]
    return [
        {k: v for k, v in sent.items() if k not in {"user-agent", "x-goog-api-client"}}
        for sent in told
    ]


def test_calls_carry_what_those_of_the_client_carry(relay):
    """Fails where a new version of the client sends something else, or keeps it elsewhere."""
    backend = FirestoreBackend()
    client = backend.client
    batch = client.batch()
    batch.set(client.document("c/x"), {})
    batch.commit()
    list(client.get_all([client.document("c/x")]))
    (expected,) = headers(relay, "Commit")
    assert expected["google-cloud-resource-prefix"]
    assert headers(relay, "BatchGetDocuments") == [expected]
    client.collection("c").get()
    query = headers(relay, "RunQuery")
    relay.metadata.clear()
    a_turn(backend.stores())
    assert headers(relay, "RunQuery") == query
    for call in ("Commit", "BatchGetDocuments", "Listen"):
        told = headers(relay, call)
        assert told == [expected] * len(told)
        assert told


@contextmanager
def calls_into(package) -> Iterator[list[str]]:
    """Collect the functions of a package that this thread calls, and those that begin meanwhile."""
    folder = str(Path(package.__file__).parent)
    called: list[str] = []

    def look(frame, event, argument):
        if event == "call" and frame.f_code.co_filename.startswith(folder):
            called.append(frame.f_code.co_qualname)

    threading.setprofile(look)
    sys.setprofile(look)
    try:
        yield called
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def test_nothing_of_a_turn_is_wrapped_a_second_time(relay):
    backend = FirestoreBackend()
    with calls_into(proto) as called:
        stores = backend.stores()
        backend.kept("whatsapp_sessions", PHONE)  # by Google's client, which wraps
        assert called
        called.clear()
        stores.conversations.read(PHONE, "")  # reads the assistants as well
        a_turn(stores)
        assert called == []
