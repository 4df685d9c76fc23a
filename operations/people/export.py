"""``make people ARGS="export CONTACT"``: everything that is kept of a person, into a file."""

import argparse
import os
import sys
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from lib.errors import ConfigurationError
from lib.export.export import OPERATORS, Sources, write_export
from lib.file_errors import explained
from lib.model import Conversation
from lib.ports.media_store import EXPORT_NAME
from lib.runtime.gateway import Gateway
from lib.stopping import Stop
from operations.people.subcommand import Subcommand, contact_argument, shown


def _export(options: argparse.Namespace, gateway: Gateway) -> int:
    """Write the file, for the operator alone.

    Raises:
        ConfigurationError: the file cannot be written.
    """
    person = gateway.stores().conversations.read(options.contact, "")
    file: Path = options.to
    if file.exists() and not options.force:
        sys.stderr.write(f"{file} is there already. Name another file, or say --force.\n")
        return 1
    try:
        counts = _write(file, person, gateway, force=options.force)
    except OSError as error:
        raise ConfigurationError(explained(file, error)) from None
    sys.stdout.write(f"{shown(person.contact, options)} is in {file}: {_told(counts)}\n")
    return 0


def _write(file: Path, person: Conversation, gateway: Gateway, *, force: bool) -> dict[str, int]:
    """Let the file appear as a whole, where none is, or in the place of one."""
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    flags = os.O_CREAT | os.O_EXCL | os.O_RDWR
    try:
        with os.fdopen(os.open(draft, flags, 0o600), "w+b") as opened:
            counts = _written(opened, person, gateway)
        if not force:
            os.close(os.open(file, flags, 0o600))  # fails where one has appeared meanwhile
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)
    return counts


def _written(file: IO[bytes], person: Conversation, gateway: Gateway) -> dict[str, int]:
    sources = Sources(gateway.stores(), gateway.media_store(), lambda: datetime.now(UTC))
    return write_export(file, person, person.session, sources, str, OPERATORS, Stop())


def _told(counts: Mapping[str, int]) -> str:
    found = [f"{count} {section.replace('_', ' ')}" for section, count in counts.items() if count]
    return ", ".join(found) or "nothing is kept of them"


def _arguments(parser: argparse.ArgumentParser) -> None:
    contact_argument(parser)
    parser.add_argument("--to", type=Path, default=Path(EXPORT_NAME), help="the file to write")
    parser.add_argument("--force", action="store_true", help="also in the place of another file")


EXPORT = Subcommand("export", "write everything kept of a person to a file", _export, _arguments)
