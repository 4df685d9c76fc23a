"""``make protocol``: keep what Google's client knows of Firestore's protocol, for who loads faster.

To be run after a new version of google-cloud-firestore; a test fails until it was.
"""

import sys
from pathlib import Path
from typing import Any

from google.cloud.firestore_v1.types import firestore
from google.protobuf.descriptor_pb2 import FileDescriptorSet

PROTOCOL = Path(__file__).parents[1] / "lib/storage/firestore/protocol.binpb"


def main() -> int:
    """Write the file; return the exit code."""
    PROTOCOL.write_bytes(protocol())
    sys.stdout.write(f"Written: {PROTOCOL.name}\n")
    return 0


def protocol() -> bytes:
    """Return the descriptions of Firestore's messages and of all they consist of."""
    files: dict[str, Any] = {}
    _collect(firestore.CommitRequest.pb().DESCRIPTOR.file, files)
    described = FileDescriptorSet()
    for file in files.values():
        file.CopyToProto(described.file.add())
        described.file[-1].dependency.sort()  # the client has them in any order
    return bytes(described.SerializeToString(deterministic=True))


def _collect(file: Any, files: dict[str, Any]) -> None:
    """Add a file behind those that it imports, as a pool wants them."""
    if file.name in files:
        return
    for imported in sorted(file.dependencies, key=lambda one: str(one.name)):
        _collect(imported, files)
    files[file.name] = file


if __name__ == "__main__":
    sys.exit(main())
