"""The calls that a turn makes of Firestore, on the channel of Google's client.

Messages go out and come in as protobuf's own. The client's methods would wrap each of them,
and every field that is looked at, in another (decision 0031).
"""

import threading
import traceback
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from google.api_core.exceptions import DataLoss
from google.api_core.gapic_v1.routing_header import to_grpc_metadata
from google.api_core.grpc_helpers import wrap_errors
from google.cloud.firestore_v1 import Client, types
from google.protobuf.message import DecodeError
from grpc._channel import _run_channel_spin_thread as _attend

from lib.errors import ShortageError

_SERVICE = "/google.firestore.v1.Firestore/"
_CommitRequest = types.CommitRequest.pb()
_ReadRequest = types.BatchGetDocumentsRequest.pb()
_QueryRequest = types.RunQueryRequest.pb()
_ListenAnswer = types.ListenResponse.pb()


class Calls:
    """Makes calls for all threads. They raise GoogleAPIError, and are tried once.

    ``database`` is the whole name of the database, which begins the names of its documents.
    """

    def __init__(self, project: str, database: str) -> None:
        client = Client(project=project, database=database)
        # What is private here is what the client's own calls use. It makes all of it at first
        # use, unguarded, whatever thread that is in.
        self.database: str = client._database_string  # noqa: SLF001 - as said
        self._lock = threading.Lock()
        self._is_unattended = False
        channel: Any = client._firestore_api.transport.grpc_channel  # noqa: SLF001 - as said
        self._state: Any = channel._call_state  # noqa: SLF001 - see attended
        self._metadata = (*client._rpc_metadata, _route("database", self.database))  # noqa: SLF001 - as said
        self._query_metadata = (
            *client._rpc_metadata,  # noqa: SLF001 - as said
            _route("parent", f"{self.database}/documents"),
        )
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


def _route(name: str, value: str) -> Any:
    return to_grpc_metadata({name: value})  # type: ignore[no-untyped-call] # theirs


def _call(kind: Any, name: str, request: Any, read: Any) -> Any:
    """Return a call by name; its answers are what ``read`` makes of bytes, or the bytes."""
    call = kind(_SERVICE + name, request.SerializeToString, read)
    return wrap_errors(call)  # type: ignore[no-untyped-call] # theirs
