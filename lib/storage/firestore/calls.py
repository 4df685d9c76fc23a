"""The calls of Firestore that there are, on a channel of Google's transport.

Messages go out and come in as protobuf's own. The methods of Google's client would wrap each of
them, and every field that is looked at, in another (decision 0031).
"""

import threading
import traceback
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import grpc
from google.api_core.exceptions import DataLoss
from google.api_core.gapic_v1.routing_header import to_grpc_metadata
from google.api_core.grpc_helpers import wrap_errors
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.protobuf.message import DecodeError
from grpc._channel import _run_channel_spin_thread as _attend

from lib.errors import ShortageError

# Those of Google's own client: a document may be large, and a connection that is dead is noticed.
_OPTIONS = [
    ("grpc.keepalive_time_ms", 30_000),
    ("grpc.max_send_message_length", -1),
    ("grpc.max_receive_message_length", -1),
]
_OWNER = ("authorization", "Bearer owner")  # to whom an emulator's rules do not apply
_SERVICE = "/google.firestore.v1.Firestore/"
_CommitRequest = types.CommitRequest.pb()
_ReadRequest = types.BatchGetDocumentsRequest.pb()
_QueryRequest = types.RunQueryRequest.pb()
_ListenAnswer = types.ListenResponse.pb()


class Calls:
    """Makes calls for all threads. They raise GoogleAPIError, and are tried once.

    ``database`` is the whole name of the database, which begins the names of its documents.
    ``emulator`` is the host and port of what stands for Firestore, if anything does.
    """

    def __init__(self, project: str, database: str, emulator: str = "") -> None:
        self.database = f"projects/{project}/databases/{database}"
        self._lock = threading.Lock()
        self._is_unattended = False
        channel = _channel(emulator)
        self._state: Any = channel._call_state  # noqa: SLF001 - see attended
        prefix = ("google-cloud-resource-prefix", self.database)
        metadata = (prefix, _OWNER) if emulator else (prefix,)
        self._metadata = (*metadata, _route("database", self.database))
        self._query_metadata = (*metadata, _route("parent", f"{self.database}/documents"))
        self._commit = _call(
            channel.unary_unary, "Commit", _CommitRequest, types.CommitResponse.pb().FromString
        )
        self._read = _call(
            channel.unary_stream,
            "BatchGetDocuments",
            _ReadRequest,
            types.BatchGetDocumentsResponse.pb().FromString,
        )
        self._query = _call(
            channel.unary_stream,
            "RunQuery",
            _QueryRequest,
            types.RunQueryResponse.pb().FromString,
        )
        self._listen = _call(channel.stream_stream, "Listen", types.ListenRequest.pb(), None)

    def commit(self, writes: Iterable[Any], seconds: float) -> list[Any]:
        """Make writes, all or none; return the result of each."""
        request = _CommitRequest(database=self.database, writes=writes)
        answer = self._commit(request, timeout=seconds, metadata=self._metadata)
        return list(answer.write_results)

    def read(self, names: Iterable[str], seconds: float) -> list[Any]:
        """Return those of the documents that exist, in any order."""
        request = _ReadRequest(database=self.database, documents=names)
        answers = self._read(request, timeout=seconds, metadata=self._metadata)
        return [answer.found for answer in answers if answer.HasField("found")]

    def query(self, query: Any, seconds: float) -> list[Any]:
        """Return the documents that a query finds, in its order."""
        request = _QueryRequest(parent=f"{self.database}/documents", structured_query=query)
        answers = self._query(request, timeout=seconds, metadata=self._query_metadata)
        return [answer.document for answer in answers if answer.HasField("document")]

    def listen(self, requests: Iterator[Any]) -> Generator[Any, None, None]:
        """Open a stream, and give its answers to requests as they come, until it breaks."""
        with self.attended():
            answers = self._listen(requests, metadata=self._metadata)
        try:
            for answer in answers:
                # Here and not by grpc, which would log the text and the stack of an error.
                yield _ListenAnswer.FromString(answer)
        except DecodeError:
            raise DataLoss("an answer that is none") from None  # type: ignore[no-untyped-call] # theirs
        finally:
            answers.cancel()

    @contextmanager
    def attended(self) -> Iterator[None]:
        """Make calls in the block; without it, one that finds no thread is the end of all others.

        grpc counts a call before it starts the thread that brings all answers. Where the system
        refuses that thread, grpc believes in it ever after, and later calls wait for ever, without
        an error. So the thread is started here before the next call.

        Raises:
            ShortageError: there was no thread.
        """
        self._attend()
        try:
            yield
        except RuntimeError as error:
            frames = traceback.walk_tb(error.__traceback__)
            if any(frame.f_code is _attend.__code__ for frame, _ in frames):
                self._is_unattended = True
            raise ShortageError("no thread for a call") from None

    def _attend(self) -> None:
        with self._lock:
            if self._is_unattended:
                try:
                    _attend(self._state)
                except RuntimeError:
                    raise ShortageError("no thread for a call") from None
                self._is_unattended = False


def _channel(emulator: str) -> Any:
    if emulator:
        return grpc.insecure_channel(emulator, options=_OPTIONS)
    # With the credentials of the environment, for Firestore's scopes.
    return FirestoreGrpcTransport.create_channel(options=_OPTIONS)


def _route(name: str, value: str) -> Any:
    return to_grpc_metadata({name: value})  # type: ignore[no-untyped-call] # theirs


def _call(kind: Any, name: str, request: Any, read: Any) -> Any:
    """Return a call by name; its answers are what ``read`` makes of bytes, or the bytes."""
    call = kind(_SERVICE + name, request.SerializeToString, read)
    return wrap_errors(call)  # type: ignore[no-untyped-call] # theirs
