"""Both databases with a way to look behind the stores, and a relay that watches Firestore."""

import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent import futures
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import grpc
from google.cloud.firestore_v1 import Client

from lib.model import Catalogue, Turn, TurnState
from lib.storage.firestore.storage import FirestoreStorage
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import Table, create
from lib.storage.stores import Stores

NOON = datetime(2026, 11, 23, 12, 0, 0, 123456, UTC)
LEASE = timedelta(seconds=150)
NOBODY = Catalogue()


class Watch:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> datetime:
        return self.now


def turn(turn_id: str = "SM1", contact: str = "+15550001111") -> Turn:
    """A turn as it is when it is claimed."""
    return Turn(
        id=turn_id,
        contact=contact,
        address=contact,
        state=TurnState.THINKING,
        attempt=1,
        lease_until=NOON + LEASE,
        created_at=NOON,
    )


def commit_sent(stores: Stores, mine: Turn, *sids: str) -> Turn:
    """Commit a turn for which messages of these ids were sent."""
    writes = tuple(stores.deliveries.sent_write(sid, mine) for sid in sids)
    return stores.turns.commit(mine, writes)


class SqliteBackend:
    """A file of its own."""

    def __init__(self, folder: Path) -> None:
        self.watch = Watch()
        self.database = Database(folder / "data" / "gateway.db", create)

    def storage(self, catalogue: Catalogue = NOBODY) -> SqliteStorage:
        return SqliteStorage(self.database, catalogue, self.watch)

    def stores(self, catalogue: Catalogue = NOBODY) -> Stores:
        return self.storage(catalogue).stores

    def kept(self, collection: str, document_id: str) -> dict[str, Any] | None:
        with self.database.reading() as connection:
            found = Table(connection).read(collection, document_id)
        return found[0] if found else None

    def keep(self, collection: str, document_id: str, document: dict[str, Any]) -> None:
        with self.database.transaction() as connection:
            Table(connection).write(collection, document_id, document)

    def delete(self, collection: str, document_id: str) -> None:
        with self.database.transaction() as connection:
            connection.execute(
                "DELETE FROM documents WHERE collection = ? AND id = ?", (collection, document_id)
            )


def firestore_storage(project: str, clock: Any, **options: Any) -> FirestoreStorage:
    """What is kept on the emulator named in the environment."""
    emulator = os.environ["FIRESTORE_EMULATOR_HOST"]
    return FirestoreStorage(project, clock, emulator=emulator, **options)


class FirestoreBackend:
    """A project of its own on the emulator named in the environment."""

    def __init__(self) -> None:
        self.watch = Watch()
        self.project = f"demo-{uuid4().hex}"
        self.client = Client(self.project)

    def storage(self, catalogue: Catalogue = NOBODY) -> FirestoreStorage:
        storage = firestore_storage(self.project, self.watch, timeout=5)
        storage.load_catalogue(catalogue)
        return storage

    def stores(self, catalogue: Catalogue = NOBODY) -> Stores:
        return self.storage(catalogue).stores

    def kept(self, collection: str, document_id: str) -> dict[str, Any] | None:
        return self.client.collection(collection).document(document_id).get().to_dict()

    def keep(self, collection: str, document_id: str, document: dict[str, Any]) -> None:
        self.client.collection(collection).document(document_id).set(document)

    def delete(self, collection: str, document_id: str) -> None:
        self.client.collection(collection).document(document_id).delete()


LOST = None
"""Instead of an answer: the call breaks."""


class Relay(grpc.GenericRpcHandler):
    """Passes every call on to an emulator, keeps it and its time, and fails where it is told to.

    ``instead`` are messages, or LOST, that take the place of the next answers to a call.
    """

    def __init__(self, upstream: str) -> None:
        self.calls: list[str] = []
        self.requests: list[tuple[str, bytes]] = []
        self.exchanges: list[tuple[str, float, float]] = []
        self.answers: list[tuple[str, bytes]] = []
        self.metadata: list[tuple[str, dict[str, str]]] = []
        self.instead: defaultdict[str, list[bytes | None]] = defaultdict(list)
        self.refuse = ""
        self._upstream = grpc.insecure_channel(upstream)
        self._streams: list[grpc.Call] = []
        self._lock = threading.Lock()

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> grpc.RpcMethodHandler:
        method = handler_call_details.method
        return grpc.stream_stream_rpc_method_handler(
            lambda requests, context: self._pass_on(method, requests, context)
        )

    def drop_streams(self) -> None:
        """Break every stream that is open."""
        while self._streams:
            self._streams.pop().cancel()

    def sequential(self) -> int:
        """How many of the calls had to wait for one another: the longest chain, without streams."""
        chain, end = 0, 0.0
        for _, began, ended in sorted(self.exchanges, key=lambda exchange: exchange[2]):
            if began >= end:
                chain, end = chain + 1, ended
        return chain

    def _pass_on(self, method: str, requests: Iterator[bytes], context: grpc.ServicerContext):
        name = method.rpartition("/")[2]
        began = time.monotonic()
        with self._lock:
            self.calls.append(name)
        self.metadata.append((name, dict(context.invocation_metadata())))
        requests = self._kept(name, requests)
        if name == self.refuse:
            context.abort(grpc.StatusCode.PERMISSION_DENIED, "refused by the test")
        metadata = [(k, v) for k, v in context.invocation_metadata() if not k.startswith("grpc-")]
        call = self._upstream.stream_stream(method)(requests, metadata=metadata)
        context.add_callback(call.cancel)
        if name == "Listen":
            self._streams.append(call)
        try:
            # What is followed comes as it happens; anything else is passed on when it is whole.
            for answer in call if name == "Listen" else self._whole(name, call, began):
                given = self._given(name, answer)
                if given is LOST:
                    context.abort(grpc.StatusCode.UNAVAILABLE, "the answer got lost")
                self.answers.append((name, given))
                yield given
        except grpc.RpcError as error:
            context.abort(error.code(), error.details())

    def _whole(self, name: str, call: Iterator[bytes], began: float) -> list[bytes]:
        answers = list(call)
        with self._lock:
            self.exchanges.append((name, began, time.monotonic()))
        return answers

    def _given(self, name: str, answer: bytes) -> bytes | None:
        with self._lock:
            return self.instead[name].pop(0) if self.instead[name] else answer

    def _kept(self, name: str, requests: Iterator[bytes]) -> Iterator[bytes]:
        # Whoever ends a call in the middle has no more to ask.
        with suppress(grpc.RpcError):
            for request in requests:
                self.requests.append((name, request))
                yield request

    def close(self) -> None:
        self._upstream.close()


@contextmanager
def relay_to(
    upstream: str, login: grpc.ServerCredentials | None = None
) -> Iterator[tuple[Relay, str]]:
    """Run a relay; give it and its address. With a login it speaks TLS."""
    relay = Relay(upstream)
    server = grpc.server(futures.ThreadPoolExecutor(16), handlers=(relay,))
    at = "127.0.0.1:0"
    port = server.add_secure_port(at, login) if login else server.add_insecure_port(at)
    server.start()
    try:
        yield relay, f"127.0.0.1:{port}"
    finally:
        server.stop(None).wait()
        relay.close()
