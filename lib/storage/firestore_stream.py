"""One document of Firestore, followed over a stream of its own for a short time.

Google's own watch (``on_snapshot``) keeps two threads and a queue for each document, and resumes
for ever; a wait of a second or two needs neither.
"""

import threading
from collections.abc import Generator, Iterator
from typing import Any

from google.cloud.firestore_v1 import Client, DocumentReference
from google.cloud.firestore_v1._helpers import decode_dict
from google.cloud.firestore_v1.types import ListenRequest, Target
from grpc import RpcError, StatusCode

from lib.errors import StoreError
from lib.storage.documents import Document


def follow(
    client: Client, reference: DocumentReference, seconds: float
) -> Generator[Document, None, None]:
    """Begin to follow a document; give it as it is, if it is there, and after each change.

    It ends after so many seconds. Nothing is waited for before the first version is asked for,
    and nothing is left behind by who asks for none.

    Raises:
        StoreError: the stream broke before the time was over; while it is read.
    """
    return _versions(_listen(client, reference, seconds), client)


def _listen(client: Client, reference: DocumentReference, seconds: float) -> Any:
    # What is private here is what Google's own watch uses. The public method would return only
    # when the first answer is there.
    over = threading.Event()
    named = Target.DocumentsTarget(documents=[reference._document_path])  # noqa: SLF001 - as said
    request = ListenRequest(
        database=client._database_string,  # noqa: SLF001 - as said
        add_target=Target(documents=named, target_id=1),
    )

    def requests() -> Iterator[ListenRequest]:
        yield request
        over.wait()  # the server ends a stream that no more requests can come from

    call = client._firestore_api.transport.listen(  # noqa: SLF001 - as said
        requests(),
        timeout=seconds,
        metadata=client._rpc_metadata,  # noqa: SLF001 - as said
    )
    if not call.add_callback(over.set):
        over.set()
    return call


def _versions(call: Any, client: Client) -> Generator[Document, None, None]:
    try:
        for answer in call:
            if "document_change" in answer:
                yield decode_dict(answer.document_change.document.fields, client)  # type: ignore[misc] # a document's fields are always a dictionary
    except RpcError:
        if call.code() is not StatusCode.DEADLINE_EXCEEDED:
            raise StoreError(f"Firestore: {call.code()}") from None
    finally:
        call.cancel()
