"""What runs in the reading child: its limits first, then one task.

Sources: setrlimit(2), prctl(2), alarm(2); and of gVisor, in which functions run, that it lets
address space, CPU, file size and descriptors be limited.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, NoReturn

if TYPE_CHECKING:
    from lib.media.exchange import Message

_DESCRIPTORS = 32
_PR_SET_PDEATHSIG = 1


def main(memory: int, cpu: int, seconds: int, parent: int) -> NoReturn:
    """Read the request on standard input, answer on standard output, and end."""
    _limit(memory, cpu, seconds)
    _end_with(parent)
    from lib.media.exchange import packed, unpacked

    request = unpacked(sys.stdin.buffer.read())
    sys.stdout.buffer.write(packed(_answer(request)))
    sys.stdout.buffer.flush()
    # At once: to take apart what was read would be more work.
    os._exit(0)


def _limit(memory: int, cpu: int, seconds: int) -> None:
    """Set what this process may take. Where its time is up, a signal ends it, whatever it does."""
    limits = {
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_CPU: cpu,
    }
    # macOS has no limit of address space that a program could start with.
    if sys.platform != "darwin":
        limits[resource.RLIMIT_AS] = memory
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # The hard limit of CPU kills without a word; the soft one, which tells why, comes first.
        resource.setrlimit(limit, (most, hard if limit == resource.RLIMIT_CPU else most))
    signal.alarm(seconds + 1)


def _end_with(parent: int) -> None:
    """Let the kernel end this process with its parent; elsewhere than on Linux, the alarm does."""
    if sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)


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
