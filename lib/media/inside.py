"""What runs in the reading child: its limits first, then one task."""

import os
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

from lib.media.confinement import confine, end_with

if TYPE_CHECKING:
    from lib.media.exchange import Message


def main(memory: int, cpu: int, seconds: int, parent: int) -> NoReturn:
    """Read the request on standard input, answer on standard output, and end."""
    confine(memory, cpu)
    # Where its time is up, a signal ends it, whatever it does.
    signal.alarm(seconds + 1)
    # Elsewhere than on Linux, the alarm ends it if its parent does not.
    end_with(parent)
    from lib.media.exchange import packed, unpacked

    request = unpacked(sys.stdin.buffer.read())
    sys.stdout.buffer.write(packed(_answer(request)))
    sys.stdout.buffer.flush()
    # At once: to take apart what was read would be more work.
    os._exit(0)


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
