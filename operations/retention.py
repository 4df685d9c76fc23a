"""``make retention``: give documents an end that earlier versions or other programs kept without.

Counted from now, by the settings. Works on Firestore where GOOGLE_CLOUD_PROJECT is set, else on the
data folder of this machine; the gateway may be running meanwhile, and it may be called again. Each
document is read once.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from lib.ports.documents import Documents
from lib.runtime.adapters.storage import keeping_of
from lib.runtime.gateway import Gateway
from lib.storage.retention import ends
from operations.gateway import connected
from operations.outcome import exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog="make retention ARGS=...", description=__doc__)
    parser.add_argument("--local", action="store_true", help="DATA_DIR, even on Google Cloud")
    options = parser.parse_args(arguments)
    return exit_code(lambda: _give_ends(connected(local=options.local)))


def _give_ends(gateway: Gateway) -> int:
    keeping, documents = keeping_of(gateway.config), gateway.stores().documents
    for collection, end in ends(keeping, datetime.now(UTC)).items():
        count = give_end(collection, end, documents)
        sys.stdout.write(f"{collection}: {count} had no end\n")
    return 0


def give_end(collection: str, end: datetime, documents: Documents) -> int:
    """Let documents of a collection that have no end end then; return how many those were.

    One that is written at the same moment gets its end by that.

    Raises:
        StoreError: some of them may be left.
    """
    endless = (
        (key, stored.revision)
        for key, stored in documents.query(collection)
        if not isinstance(stored.document.get("expire_at"), datetime)
    )
    return sum(
        documents.write_if(key, {"expire_at": end}, revision)[1] for key, revision in endless
    )


if __name__ == "__main__":
    sys.exit(main())
