"""Where turns, sessions and history are kept: Firestore, or one file of SQLite."""

from typing import TYPE_CHECKING

from lib.settings.assistant import AssistantSettings
from lib.settings.config import Config

if TYPE_CHECKING:
    from lib.model import Catalogue
    from lib.ports.clock import Clock
    from lib.settings.google import GoogleSettings
    from lib.storage.firestore.channel import Token
    from lib.storage.firestore.storage import FirestoreStorage
    from lib.storage.keeping import Keeping
    from lib.storage.sqlite.database import Database
    from lib.storage.sqlite.storage import SqliteStorage

_FILE = "gateway.db"


def firestore(config: Config, clock: "Clock") -> "FirestoreStorage":
    """Return what keeps everything on Google Cloud."""
    from lib.storage.firestore.storage import FirestoreStorage

    google = config.google
    return FirestoreStorage(
        google.project,
        clock,
        emulator=google.firestore_emulator,
        keeping=keeping_of(config),
        secret=_secret(config),
        token=_token(google),
    )


def _token(google: "GoogleSettings") -> "Token | None":
    """What gives the tokens of this service's account, if it is one."""
    if not google.service or google.firestore_emulator:
        return None
    from lib.google.responses import StatusError
    from lib.google.tokens import TokenError, of_metadata_server
    from lib.web.errors import ExchangeError

    tokens = of_metadata_server(google.metadata_host)

    def token(seconds: float) -> str:
        try:
            return tokens.get(seconds)
        except (ExchangeError, StatusError, TokenError) as error:
            raise ConnectionError(f"no token: {type(error).__name__}") from None

    return token


def database(config: Config) -> "Database":
    """Return the one file of a standalone gateway, which holds its queue as well."""
    from lib.queue import rows
    from lib.storage.sqlite import table
    from lib.storage.sqlite.database import Database

    return Database(config.data_dir / _FILE, table.create, rows.create)


def sqlite(config: Config, database: "Database", clock: "Clock") -> "SqliteStorage":
    """Return what keeps everything in one file, with the assistants that the other one names."""
    from lib.storage.sqlite.storage import SqliteStorage

    known = _described(config.assistant)
    return SqliteStorage(database, known, clock, keeping_of(config), _secret(config))


def _described(assistant: AssistantSettings) -> "Catalogue":
    """Read the file of assistants; without one nothing that reads it is loaded."""
    from lib.model import Catalogue

    if assistant.file == AssistantSettings().file and not assistant.file.exists():
        return Catalogue()
    from lib.storage.catalogue import file as catalogue

    return catalogue.load(assistant.file)


def keeping_of(config: Config) -> "Keeping":
    """Return how long things are kept."""
    from lib.storage.keeping import Keeping

    keeping = config.keeping
    return Keeping(keeping.history, keeping.dead_letters, keeping.sessions)


def _secret(config: Config) -> bytes:
    """What names of forgotten people are hashed with: nobody else's is at hand everywhere."""
    return (config.people.erasure_key or config.twilio.auth_token).encode()
