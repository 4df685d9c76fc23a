"""The writes of which a commit is made, as protobuf messages.

A name is a document's whole path. Names of fields are identifiers, so that a field mask can
take them as they are.
"""

from typing import Any

from lib.ports.documents import Document
from lib.storage.firestore.messages import message
from lib.storage.firestore.values import put

_Write = message("Write")


def create(name: str, document: Document) -> Any:
    """Write a document that must not exist."""
    write = replace(name, document)
    write.current_document.exists = False
    return write


def update(name: str, document: Document, revision: str) -> Any:
    """Write fields of a document, which must be of a revision."""
    write = merge(name, document)
    write.current_document.update_time.FromJsonString(revision)
    return write


def merge(name: str, document: Document) -> Any:
    """Write fields of a document, whether it exists or not, and leave its others alone."""
    write = replace(name, document)
    write.update_mask.field_paths.extend(document)
    return write


def change(name: str, document: Document) -> Any:
    """Write fields of a document, which must exist."""
    write = merge(name, document)
    write.current_document.exists = True
    return write


def replace(name: str, document: Document) -> Any:
    """Write a whole document, whether it exists or not."""
    write = _Write()
    write.update.name = name
    put(document, write.update.fields)
    return write


def delete(name: str) -> Any:
    """Delete a document, whether it exists or not."""
    write = _Write()
    write.delete = name
    return write


def increment(name: str, field: str, others: Document, by: int) -> Any:
    """Add to a number, and write other fields."""
    write = merge(name, others)
    write.update_transforms.add(field_path=field).increment.integer_value = by
    return write
