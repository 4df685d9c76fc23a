"""What runs in the hearing child: its limits first, then the model, then one note after another."""

import os
import resource
import sys
import threading
import time
from typing import TYPE_CHECKING, NoReturn

from lib.media.confinement import confine

if TYPE_CHECKING:
    from lib.media.exchange import Message
    from lib.voice.hearing import Ear

MOST_BYTES = 128 << 20
_LOOKS_AFTER_PARENT = 1.0


def main(memory: int, cpu: int, parent: int) -> NoReturn:
    """Load the model that the first request names, and answer the others, until there are none."""
    confine(memory, cpu)
    # Not by the kernel's signal: that comes with the end of the thread that started this process.
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    from lib.media.exchange import Message
    from lib.voice.frames import receive, send

    into, out_of = sys.stdin.buffer, sys.stdout.buffer
    first = receive(into, MOST_BYTES)
    if first is not None:
        ear = _ear(first)
        send(out_of, Message({}))
        out_of.flush()
        while request := receive(into, MOST_BYTES):
            _allow(cpu)
            send(out_of, _heard(ear, request))
            out_of.flush()
    os._exit(0)


def _end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(_LOOKS_AFTER_PARENT)
    os._exit(1)


def _ear(first: "Message") -> "Ear":
    from pathlib import Path

    from lib.voice.hearing import Ear

    return Ear(Path(first.facts["folder"]))


def _allow(cpu: int) -> None:
    """Give each note its own time: the limit counts the whole life of a process."""
    used = time.process_time()
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used) + cpu + 1, hard))


def _heard(ear: "Ear", request: "Message") -> "Message":
    from dataclasses import asdict

    from lib.media import errors
    from lib.media.exchange import Message

    try:
        transcript = ear.hear(request.body, request.facts["language"], request.facts["longest"])
    except errors.MediaError as error:
        code, cause = error.code, str(error)
    except MemoryError:
        code, cause = errors.MediaTooLargeError.code, "it takes too much memory"
    except Exception as error:  # noqa: BLE001 - decoders raise anything on what is damaged
        code, cause = errors.MediaUnreadableError.code, type(error).__name__
    else:
        return Message(asdict(transcript))
    return Message({"error": code, "cause": cause})
