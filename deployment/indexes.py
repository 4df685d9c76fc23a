"""Firestore's indexes: what ``firestore.indexes.json`` asks for, as lines that a shell can read.

The file's form is that of Firebase's tools:
https://firebase.google.com/docs/reference/firestore/indexes
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

_ORDERS = {"ASCENDING": "ascending", "DESCENDING": "descending"}


def wanted(document: Any) -> Iterator[tuple[str, str, str]]:
    """Give (kind, collection group, what): an index, a TTL, or a field without an index."""
    for index in document["indexes"]:
        yield "composite", index["collectionGroup"], fields_of(index)
    for field in document["fieldOverrides"]:
        if field.get("ttl"):
            yield "ttl", field["collectionGroup"], field["fieldPath"]
        if not field["indexes"]:
            yield "exemption", field["collectionGroup"], field["fieldPath"]


def fields_of(index: Any) -> str:
    """The fields of a composite index, in order: ``status:ascending due_at:ascending``."""
    pairs = ((one["fieldPath"], one.get("order", "ASCENDING")) for one in index["fields"])
    return " ".join(f"{path}:{_ORDERS[order]}" for path, order in pairs if path != "__name__")


def is_listed(group: str, fields: str, listed: Any) -> bool:
    """Whether gcloud's list of composite indexes has this one."""
    return any(f"/{group}/" in one["name"] and fields_of(one) == fields for one in listed)


def is_exempt(field: Any) -> bool:
    """Whether a field, as gcloud describes it, has settings of its own and no index."""
    own = field.get("indexConfig")
    return own is not None and not own.get("usesAncestorConfig") and not own.get("indexes")


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["--has", group, fields, file]:
            sys.exit(not is_listed(group, fields, json.loads(Path(file).read_text())))
        case ["--ttl", file]:
            sys.exit("ttlConfig" not in json.loads(Path(file).read_text()))
        case ["--exempt", file]:
            sys.exit(not is_exempt(json.loads(Path(file).read_text())))
        case [file]:
            for line in wanted(json.loads(Path(file).read_text())):
                print(*line, sep="\t")
