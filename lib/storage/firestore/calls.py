"""The calls of Firestore that there are, on a channel of our own or of Google's client.

Messages go out and come in as protobuf's own. The methods of Google's client would wrap each of
them, and every field that is looked at, in another (decision 0031).
"""

import threading
import time
import traceback
from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlencode

import grpc
from google.api_core.exceptions import DataLoss, from_grpc_error
from google.protobuf.message import DecodeError
from grpc._channel import _run_channel_spin_thread as _attend

from lib.errors import ShortageError
from lib.storage.firestore.channel import Headers, Token, connect
from lib.storage.firestore.messages import message

_SERVICE = "/google.firestore.v1.Firestore/"
_CommitRequest = message("CommitRequest")
_ReadRequest = message("BatchGetDocumentsRequest")
_QueryRequest = message("RunQueryRequest")
_ListenAnswer = message("ListenResponse")
_LISTEN_SECONDS = 10.0  # for a token; the stream itself stays open


class Calls:
    """Makes calls for all threads. They raise GoogleAPIError, and are tried once.

    ``database`` is the whole name of the database, which begins the names of its documents.
    ``emulator`` is the host and port of what stands for Firestore, if anything does; ``token``
    gives those of a service account, where there is one.
    """

    def __init__(
        self, project: str, database: str, emulator: str = "", token: Token | None = None
    ) -> None:
        self.database = f"projects/{project}/databases/{database}"
        self._lock = threading.Lock()
        self._is_unattended = False
        channel, self._login = connect(emulator, token)
        self._state: Any = channel._call_state  # noqa: SLF001 - see attended
        prefix = ("google-cloud-resource-prefix", self.database)
        self._metadata = (prefix, _route("database", self.database))
        self._query_metadata = (prefix, _route("parent", f"{self.database}/documents"))
        self._commit = _call(channel.unary_unary, "Commit", _CommitRequest, "CommitResponse")
        self._read = _call(
            channel.unary_stream, "BatchGetDocuments", _ReadRequest, "BatchGetDocumentsResponse"
        )
        self._query = _call(channel.unary_stream, "RunQuery", _QueryRequest, "RunQueryResponse")
        self._listen = _call(channel.stream_stream, "Listen", message("ListenRequest"), "")

    def commit(self, writes: Iterable[Any], seconds: float) -> list[Any]:
        """Make writes, all or none; return the result of each."""
        request = _CommitRequest(database=self.database, writes=writes)
        with _raising():
            answer = self._called(self._commit, request, seconds, self._metadata)
        return list(answer.write_results)

    def read(self, names: Iterable[str], seconds: float) -> list[Any]:
        """Return those of the documents that exist, in any order."""
        request = _ReadRequest(database=self.database, documents=names)
        with _raising():
            answers = self._called(self._read, request, seconds, self._metadata)
            return [answer.found for answer in answers if answer.HasField("found")]

    def query(self, query: Any, seconds: float) -> list[Any]:
        """Return the documents that a query finds, in its order."""
        request = _QueryRequest(parent=f"{self.database}/documents", structured_query=query)
        with _raising():
            answers = self._called(self._query, request, seconds, self._query_metadata)
            return [answer.document for answer in answers if answer.HasField("document")]

    def listen(self, requests: Iterator[Any]) -> Generator[Any, None, None]:
        """Open a stream, and give its answers to requests as they come, until it breaks."""
        metadata = self._metadata + self._login(_LISTEN_SECONDS)
        with self.attended():
            answers = self._listen(requests, metadata=metadata)
        try:
            with _raising():
                for answer in answers:
                    # Here and not by grpc, which would log the text and the stack of an error.
                    yield _ListenAnswer.FromString(answer)
        except DecodeError:
            raise DataLoss("an answer that is none") from None  # type: ignore[no-untyped-call] # theirs
        finally:
            answers.cancel()

    def _called(self, call: Any, request: Any, seconds: float, metadata: Headers) -> Any:
        """Make a call within so many seconds, those that its login takes among them."""
        deadline = time.monotonic() + seconds
        login = self._login(seconds)
        return call(request, timeout=deadline - time.monotonic(), metadata=metadata + login)

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


@contextmanager
def _raising() -> Iterator[None]:
    """Let what goes wrong with a call of the block be an error of Google's."""
    try:
        yield
    except grpc.RpcError as error:
        raise from_grpc_error(error) from None  # type: ignore[no-untyped-call] # theirs


def _route(name: str, value: str) -> tuple[str, str]:
    # AIP-4222: how Google's servers know where a call belongs.
    return "x-goog-request-params", urlencode({name: value}, safe="/")


def _call(kind: Any, name: str, request: Any, answer: str) -> Any:
    """Return a call by name; its answers are messages of a kind, or bytes if that has no name."""
    read = message(answer).FromString if answer else None
    return kind(_SERVICE + name, request.SerializeToString, read)
