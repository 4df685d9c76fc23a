"""Chunks as they stand in the document of their turn, and back."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, TypeVar

from lib.errors import NewerDocumentError
from lib.model import Chunk, ChunkKind, ChunkState, Menu, MenuKind, Option
from lib.ports.documents import Document
from lib.storage.fields import text, texts, time_if_any

if TYPE_CHECKING:
    from lib.model import OutboundMedia

S = TypeVar("S", bound=StrEnum)

# Before the state of a part of an answer that is not whole: a version that knows nothing of such
# parts refuses the turn, rather than saying all of it again.
_EARLY = "early_"
_NAMED = frozenset({ChunkKind.NOTE, ChunkKind.VOICE})


def member(kind: type[S], value: Any) -> S:
    """Return the member of this value.

    Raises:
        TypeError: it is no word.
        NewerDocumentError: it is one that only a newer version knows.
    """
    if not isinstance(value, str) or not value:
        raise TypeError
    try:
        return kind(value)
    except ValueError:
        raise NewerDocumentError(f"a {kind.__name__} that is not known here") from None


def chunk_document(chunk: Chunk) -> Document:
    """What a turn's document holds of a chunk; what few have is left out of the others."""
    early = _EARLY if chunk.kind is ChunkKind.EARLY else ""
    document: Document = {
        "text": chunk.text,
        "state": f"{early}{chunk.state.value}",
        "sid": chunk.sid,
        "opened_at": chunk.opened_at,
        "failures": chunk.failures,
        "copies": list(chunk.copies),
    }
    if chunk.kind in _NAMED:
        document["kind"] = chunk.kind.value
    if chunk.menu is not None:
        document["menu"] = _menu_document(chunk.menu)
    if chunk.media is not None:
        from lib.storage.stores.media_documents import media_document  # noqa: PLC0415 - few have any

        document["media"] = media_document(chunk.media)
    return document


def read_chunk(document: Mapping[str, Any]) -> Chunk:
    """The chunk in a turn's document.

    Raises:
        NewerDocumentError, TypeError, ValueError: see ``member``; it is none.
    """
    state, kind = document.get("state", ChunkState.WAITING), document.get("kind", ChunkKind.ANSWER)
    if isinstance(state, str) and state.startswith(_EARLY):
        state, kind = state.removeprefix(_EARLY), ChunkKind.EARLY
    return Chunk(
        text=text(document.get("text")),
        state=member(ChunkState, state),
        sid=text(document.get("sid")),
        opened_at=time_if_any(document.get("opened_at")),
        failures=int(document.get("failures", 0)),
        copies=texts(document.get("copies")),
        kind=member(ChunkKind, kind),
        menu=_menu(document.get("menu")),
        media=_media(document.get("media")),
    )


def _media(document: Any) -> "OutboundMedia | None":
    if not isinstance(document, dict):
        return None
    from lib.storage.stores.media_documents import read_media  # noqa: PLC0415 - few have any

    return read_media(document)


def _menu_document(menu: Menu) -> Document:
    return {
        "kind": menu.kind.value,
        "body": menu.body,
        "button": menu.button,
        "options": [
            {"id": one.id, "title": one.title, "description": one.description}
            for one in menu.options
        ],
    }


def _menu(document: Any) -> Menu | None:
    if not isinstance(document, dict):
        return None
    options = document.get("options")
    return Menu(
        member(MenuKind, document.get("kind")),
        text(document.get("body")),
        tuple(map(_option, options if isinstance(options, list) else ())),
        text(document.get("button")),
    )


def _option(document: Any) -> Option:
    told = document if isinstance(document, dict) else {}
    return Option(*(text(told.get(name)) for name in ("id", "title", "description")))
