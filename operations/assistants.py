"""``make assistants``: bring a file of assistants and permissions into Firestore.

The file is the one that a gateway on one machine reads; what it does not name is left as it is.
"""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from lib.model import Catalogue
from lib.runtime import log
from lib.settings import config as configuration
from lib.settings import roles
from lib.settings.assistant import AssistantSettings
from lib.settings.config import Config
from lib.storage.catalogue import file as catalogue
from lib.storage.firestore.storage import FirestoreStorage
from operations.outcome import exit_code


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the command line says; return the exit code."""
    parser = argparse.ArgumentParser(prog='make assistants ARGS="..."', description=__doc__)
    parser.add_argument("file", nargs="?", type=Path, default=AssistantSettings().file)
    parser.add_argument("--dry-run", action="store_true", help="only say what would be written")
    options = parser.parse_args(arguments)
    return exit_code(lambda: _bring(options.file, dry_run=options.dry_run))


def _bring(file: Path, *, dry_run: bool) -> int:
    config = configuration.load(configuration.environment())
    known = catalogue.load(file)
    if not dry_run:
        _storage(config).load_catalogue(known)
    sys.stdout.write(_told(known, config.google.project, dry_run=dry_run))
    return 0


def _storage(config: Config) -> FirestoreStorage:
    log.configure(config, sys.stderr)
    roles.require("assistants", config)
    google = config.google
    return FirestoreStorage(
        google.project, lambda: datetime.now(UTC), emulator=google.firestore_emulator
    )


def _told(known: Catalogue, project: str, *, dry_run: bool) -> str:
    lines = [f"  {one.id:<24} {one.name}\n" for one in known.assistants]
    lines += [f"  {email}\n" for email in known.permissions]
    done = "Would be written" if dry_run else f"Written to Firestore of {project}"
    return f"{done}; noticed within a minute:\n" + "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
