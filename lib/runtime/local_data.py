"""The data of a gateway on one machine: where they are, and whose they are.

What was played must never reach real people, nor one account's history another one's assistant:
the demo has a folder of its own, and data remember the account and number they belong to.
"""

import logging
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from lib.errors import ConfigurationError
from lib.file_errors import explained
from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.storage.sqlite.storage import SqliteStorage


class Owner(NamedTuple):
    """A Twilio account and its sender's number."""

    account: str
    number: str = ""


DEMO = Owner("demo")
"""Whom everything belongs to that is played on this machine."""

_FOLDER = "demo"
_FILE = "gateway.db"
# Somebody whom the demo has always played; nobody can have this number (there is no area 555).
_PLAYED_PERSON = "+15551234567"
_KEY, _MEDIA, _EXPORTS = "media-key", "media", "exports"
_LEAST_KEY = 32
_ADOPT = "make run ARGS=--adopt-data"
_log = logging.getLogger(__name__)


def owner_of(config: Config) -> Owner:
    """Return whose data the gateway of a configuration works on."""
    twilio = config.twilio
    return Owner(twilio.account_sid, twilio.whatsapp_number) if twilio.is_set else DEMO


def folder_of(config: Config) -> Path:
    """Return where they are: under ``DATA_DIR``, the demo's in a folder of their own."""
    return config.data_dir if config.twilio.is_set else config.data_dir / _FOLDER


def folder_to_look_at(config: Config) -> Path:
    """Return the same for a command, which may be called without an account's settings.

    Then it is the data of the account if there are no others; it sends nothing itself.
    """
    usual = folder_of(config)
    alone = (config.data_dir / _FILE).exists() and not (usual / _FILE).exists()
    return config.data_dir if alone else usual


def media_folder(folder: Path) -> Path:
    """Return where media are kept that others fetch."""
    return folder / _MEDIA


def exports_folder(folder: Path) -> Path:
    """Return where people's exports are kept for them to fetch."""
    return folder / _EXPORTS


def signing_key(folder: Path) -> bytes:
    """Return the key that signs the addresses of media, made at the first call.

    Raises:
        ConfigurationError: it can be neither read nor made.
    """
    file = folder / _KEY
    try:
        known = file.read_bytes() if file.exists() else b""
        if len(known) >= _LEAST_KEY:  # nobody may guess what was cut
            return known
        made = secrets.token_urlsafe(32).encode()
        _keep_secret(file, made)
    except OSError as error:
        raise ConfigurationError(explained(file, error)) from None
    return made


def _keep_secret(file: Path, secret: bytes) -> None:
    """Let a file appear as a whole, for this user alone."""
    draft = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as opened:
        opened.write(secret)
        opened.flush()
        os.fsync(opened.fileno())
    draft.replace(file)


def check(storage: "SqliteStorage", config: Config, folder: Path) -> None:
    """Return if the data are of this account and number, or of nobody yet.

    Raises:
        ConfigurationError: they are somebody else's; it names both and the way out.
    """
    found, wanted = _found(storage), owner_of(config)
    if found == wanted or (found is None and not _is_left_by_demo(storage, config)):
        return
    if found is None:
        raise ConfigurationError(_left_by_demo(folder))
    if DEMO in {found, wanted}:
        raise ConfigurationError(_not_mixed(folder, found))
    raise ConfigurationError(
        f"The data in {folder} belong to {_named(found)}, not to {_named(wanted)}. Set DATA_DIR "
        f"to another folder; or, if they are to be this one's from now on: {_ADOPT}"
    )


def claim(storage: "SqliteStorage", config: Config, folder: Path, *, adopt: bool = False) -> None:
    """Let the data belong to this account and number, and to nobody else from now on.

    With ``adopt`` they may have been another account's, never the demo's.

    Raises:
        ConfigurationError: as ``check``.
    """
    found, wanted = _found(storage), owner_of(config)
    if not adopt or DEMO in {found, wanted}:
        check(storage, config, folder)
    if found != wanted:
        _log.info("data are of this account from now on", extra={"adopted": found is not None})
        storage.own(*wanted)


def _found(storage: "SqliteStorage") -> Owner | None:
    kept = storage.owner()
    return None if kept is None else Owner(*kept)


def _is_left_by_demo(storage: "SqliteStorage", config: Config) -> bool:
    """Whether a version whose demo had no folder of its own has played here."""
    played = storage.stores.conversations.read(_PLAYED_PERSON, "")
    return config.twilio.is_real and played.session is not None


def _left_by_demo(folder: Path) -> str:
    return (
        f"The data in {folder} seem to be left by the demo, and would reach real people. Put them "
        f"away (mkdir -p {folder}/{_FOLDER}; mv {folder}/{_FILE}* {folder}/{_FOLDER}/) or set "
        f"DATA_DIR to another folder; or, if they are this account's: {_ADOPT}"
    )


def _not_mixed(folder: Path, found: Owner) -> str:
    if found == DEMO:
        return (
            f"The data in {folder} belong to the demo, and would reach real people. "
            "Set DATA_DIR to another folder."
        )
    return (
        f"The data in {folder} belong to {_named(found)}, and no demo plays with them. "
        "Set DATA_DIR to another folder."
    )


def _named(owner: Owner) -> str:
    return f"the number {owner.number} of account {owner.account}"
