"""The messages of Firestore's protocol, without Google's client.

The client loads some four hundred modules to describe them (decision 0093). What it knows of the
protocol stands beside this file, as a ``FileDescriptorSet`` that ``make protocol`` takes from it.
"""

from pathlib import Path
from typing import Any

from google.protobuf.descriptor_pb2 import FileDescriptorSet
from google.protobuf.descriptor_pool import DescriptorPool
from google.protobuf.message_factory import GetMessageClass

_PROTOCOL = Path(__file__).with_name("protocol.binpb")


def message(name: str) -> Any:
    """Return the class of a message of ``google.firestore.v1``."""
    return GetMessageClass(_pool.FindMessageTypeByName(f"google.firestore.v1.{name}"))


def _described() -> DescriptorPool:
    # A pool of its own: Google's client, where it is loaded too, has these names in the common one.
    pool = DescriptorPool()
    for file in FileDescriptorSet.FromString(_PROTOCOL.read_bytes()).file:
        pool.Add(file)
    return pool


_pool = _described()
