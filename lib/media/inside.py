"""What runs in the reading child: its limits first, then one task."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from lib.media.once import answer_once

if TYPE_CHECKING:
    from lib.media.exchange import Message


def main(memory: int, cpu: int, seconds: int, parent: int) -> NoReturn:
    """Do the task that standard input has, answer on standard output, and end."""
    answer_once(_answer, memory, cpu, seconds, parent)


def _answer(request: "Message") -> "Message":
    """Do the task, and return its answer or the kind of its failure."""
    from lib.media import errors
    from lib.media.exchange import Message

    try:
        return _TASKS[request.facts["task"]](request.body, request.facts["options"])
    except errors.MediaError as error:
        code, cause = error.code, str(error)
    except MemoryError:
        code, cause = errors.MediaTooLargeError.code, "it takes too much memory"
    except Exception as error:  # noqa: BLE001 - parsers raise anything on what is damaged
        code, cause = errors.MediaUnreadableError.code, type(error).__name__
    return Message({"error": code, "cause": cause})


def _document(data: bytes, options: dict[str, Any]) -> "Message":
    from lib.media.documents.extract import extract

    return extract(data, options)


def _picture(data: bytes, _: dict[str, Any]) -> "Message":
    from lib.media.exchange import Message
    from lib.media.pictures.prepare import prepared

    picture = prepared(data)
    return Message({"content_type": picture.content_type}, picture.data)


# Each loads what it needs, and nothing that another does.
_TASKS: dict[str, Callable[[bytes, dict[str, Any]], "Message"]] = {
    "document": _document,
    "picture": _picture,
}
