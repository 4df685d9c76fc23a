"""Hearing recordings on this machine: Whisper, in a child process that keeps its model."""

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lib.errors import ConfigurationError
from lib.media.child import check
from lib.media.errors import (
    MediaError,
    MediaLateError,
    MediaUnheardError,
    MediaUnheardKindError,
    MediaUnreadableError,
)
from lib.media.exchange import Message
from lib.media.sniff import Kind, kind_of
from lib.model import Transcript
from lib.stopping import Stop
from lib.voice.resident import Resident

# No decoder of these is among what is installed: libsndfile has none.
_UNHEARD = frozenset({Kind.AAC, Kind.AMR, Kind.MP4})
# So that what it takes can be limited, as fast: Intel's library alone reserves 800 MB.
_ENVIRONMENT = {"CT2_USE_MKL": "0", "MALLOC_ARENA_MAX": "2", "OPENBLAS_NUM_THREADS": "1"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class WhisperLimits:
    """What the child may take: address space in bytes, and CPU of one note in seconds.

    Notes of up to ``longest`` seconds are heard. The child ends after ``idle`` seconds without one.
    """

    memory: int = 1 << 30
    cpu: int = 120
    longest: float = 600.0
    idle: float = 300.0


class WhisperTranscriber:
    """Writes down one note at a time, whoever sent it; ``model`` finds the model, checked."""

    def __init__(self, model: Callable[[], Path], limits: WhisperLimits = WhisperLimits()) -> None:
        self._model = model
        self._limits = limits
        self._one = threading.Lock()
        self._child: Resident | None = None
        self._idle: threading.Timer | None = None

    def transcribe(
        self,
        audio: bytes,
        content_type: str,  # noqa: ARG002 - told wrong too often: the bytes tell
        language: str,
        seconds: float,
        stop: Stop,
    ) -> Transcript:
        """Return what is said, within so many seconds; an empty text where nothing is.

        Raises:
            MediaUnheardKindError: a recording of a kind for which there is no decoder.
            MediaUnreadableError: it is damaged, or no recording.
            MediaTooLargeError: it lasts longer than what is heard of any.
            MediaLateError: it takes longer than there is time, or those before it do.
            MediaUnheardError: there is no model that could be used; the log says why.
            StoppedError: the order was given.
            ShortageError: there is no process or thread for it now; nothing was begun.
        """
        if kind_of(audio) in _UNHEARD:
            raise MediaUnheardKindError("no decoder of this kind")
        end = time.monotonic() + seconds
        asked = Message({"language": language, "longest": self._limits.longest}, audio)
        with self._turn(end, stop):
            child = self._child = self._living(end, stop)
            answer = child.ask(asked, end - time.monotonic(), stop)
        check(answer)
        return _transcript(answer)

    def close(self) -> None:
        """End the child when its note is written down; the next note starts another."""
        with self._one:
            self._end()

    @contextmanager
    def _turn(self, end: float, stop: Stop) -> Iterator[None]:
        """Let the block have the child for itself, which is ended if it is not used again soon."""
        stop.check()
        while not self._one.acquire(timeout=0.1):
            stop.check()
            if time.monotonic() >= end:
                raise MediaLateError("others were written down all the time")
        try:
            if self._idle:
                self._idle.cancel()
            yield
        finally:
            self._wait_idly()
            self._one.release()

    def _living(self, end: float, stop: Stop) -> Resident:
        if self._child and self._child.alive:
            return self._child
        try:
            folder = self._model()
        except (ConfigurationError, OSError) as error:
            _log.error("no model to hear with", extra={"reason": str(error)})
            raise MediaUnheardError("there is no model") from error
        told = (self._limits.memory, self._limits.cpu, os.getpid())
        child = Resident("lib.voice.whisper_child", *told, environment=_ENVIRONMENT)
        began = time.monotonic()
        try:
            child.ask(Message({"folder": str(folder)}), end - began, stop)
        except MediaLateError:
            raise
        except MediaError as error:
            _log.error("the model does not load", extra={"reason": str(error)})
            raise MediaUnheardError("the model does not load") from error
        except BaseException:
            child.end()
            raise
        took = round((time.monotonic() - began) * 1000)
        _log.info("model loaded", extra={"model_ms": took})
        return child

    def _wait_idly(self) -> None:
        self._idle = threading.Timer(self._limits.idle, self._end_idle)
        self._idle.daemon = True
        try:
            self._idle.start()
        except (RuntimeError, MemoryError):
            self._end()

    def _end_idle(self) -> None:
        if self._one.acquire(blocking=False):
            try:
                self._end()
            finally:
                self._one.release()

    def _end(self) -> None:
        if self._child:
            self._child.end()
        self._child = None


def _transcript(answer: Message) -> Transcript:
    try:
        return Transcript(**answer.facts)
    except TypeError:
        raise MediaUnreadableError("the child answered without sense") from None
