"""Speech to text by a server of OpenAI's protocol: one request for a recording, paid for once.

Sources: OpenAI's API reference, "Create transcription" and "Speech to text" (kinds, 25 MB); servers
go by the ending of the file's name. ``verbose_json`` is whisper-1's, and most others' that speak
the protocol; who knows only ``json`` refuses it by name.
"""

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from http import HTTPStatus

from urllib3.filepost import encode_multipart_formdata

from lib.errors import ShortageError
from lib.media.errors import MediaError, MediaTooLargeError, MediaUnheardNowError
from lib.model import Transcript
from lib.stopping import Stop
from lib.voice.transcription import NoTranscriptionError, transcript_of
from lib.web.client import Client
from lib.web.errors import ExchangeError, OversizeError, ShortError, UnreachedError
from lib.web.message import Response
from lib.web.retry_after import retry_after

MOST_TRIES = 3
"""Only what was surely not worked on is asked again."""

MOST_BYTES = 2 * 1024 * 1024
"""Of a response: of twenty minutes, with all that is told of each segment."""

_PAUSE = 0.5
_ENDINGS = {"audio/ogg": "ogg", "audio/mpeg": "mp3", "audio/mp4": "m4a", "audio/aac": "aac"}
_ENDINGS |= {"audio/amr": "amr", "audio/wav": "wav", "audio/webm": "webm"}
_FORMATS = ("verbose_json", "json")
_BAD_REQUESTS = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.UNPROCESSABLE_ENTITY})
_log = logging.getLogger(__name__)


Fields = dict[str, str | tuple[str, bytes, str]]


class _LaterError(Exception):
    """Not worked on; the same may work in ``after`` seconds."""

    def __init__(self, reason: str, after: float = _PAUSE) -> None:
        super().__init__(reason)
        self.after = after


class OpenAITranscriber:
    """Asks one server, for all threads; it remembers whether that knows ``verbose_json``."""

    def __init__(self, url: str, api_key: str, model: str) -> None:
        self._url = f"{url}/audio/transcriptions"
        self._key = {"Authorization": f"Bearer {api_key}"} if api_key else {}
        self._model = model
        self._formats: Sequence[str] = _FORMATS
        self._client = Client()

    def transcribe(
        self, audio: bytes, content_type: str, language: str, seconds: float, stop: Stop
    ) -> Transcript:
        """Return what is said; see the port."""
        end = time.monotonic() + seconds
        name = f"voice.{_ENDINGS.get(content_type, 'bin')}"
        fields: Fields = {"file": (name, audio, content_type), "model": self._model}
        if language:
            fields["language"] = language
        try:
            response = self._answered(fields, end, stop)
            return transcript_of(response.body, language)
        except NoTranscriptionError as error:
            raise _unheard(f"no transcription: {error}") from None

    def _answered(self, fields: Fields, end: float, stop: Stop) -> Response:
        """Return what a server that worked on it said.

        Raises:
            MediaError: there is none.
        """
        for form in self._formats:
            response = self._patiently({**fields, "response_format": form}, end, stop)
            if response.status == HTTPStatus.OK:
                return response
            if form == _FORMATS[-1] or not _is_of_format(response):
                break
            self._formats = _FORMATS[1:]
        raise _refused(response)

    def _patiently(self, fields: Fields, end: float, stop: Stop) -> Response:
        body, content_type = encode_multipart_formdata(fields)
        headers = {"Content-Type": content_type, "Accept": "application/json", **self._key}
        for left in reversed(range(MOST_TRIES)):
            try:
                return self._ask(headers, body, end, stop)
            except _LaterError as error:
                if not left or time.monotonic() + error.after >= end:
                    raise _unheard(str(error)) from None
                pause = error.after
            over = threading.Event()
            with stop.ending(over.set):
                over.wait(pause)
            stop.check()
        raise AssertionError("the last try ends it")

    def _ask(self, headers: dict[str, str], body: bytes, end: float, stop: Stop) -> Response:
        left = end - time.monotonic()
        try:
            with self._client.stream(
                "POST", self._url, headers, body, left, MOST_BYTES, stop=stop
            ) as stream:
                if stream.status == HTTPStatus.SERVICE_UNAVAILABLE:
                    raise _LaterError("HTTP status 503", _after(stream.headers) or _PAUSE)
                if stream.status == HTTPStatus.TOO_MANY_REQUESTS and _after(stream.headers):
                    raise _LaterError("HTTP status 429", _after(stream.headers))
                return Response(stream.status, stream.headers, b"".join(stream.body))
        except ShortError as error:
            raise ShortageError(str(error)) from None
        except UnreachedError as error:
            raise _LaterError(f"not reached: {error}") from None
        except OversizeError:
            raise _unheard("the response is too large") from None
        except ExchangeError as error:  # it may have been worked on, and paid for
            raise _unheard(f"no complete response: {error}") from None


def _after(headers: Mapping[str, str]) -> float:
    return retry_after(headers.get("retry-after", ""))


def _is_of_format(response: Response) -> bool:
    is_named = b"response_format" in response.body or b"verbose_json" in response.body
    return response.status in _BAD_REQUESTS and is_named


def _refused(response: Response) -> MediaError:
    if response.status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return MediaTooLargeError("the recording is too large for who hears it")
    return _unheard(f"HTTP status {response.status}")


def _unheard(reason: str) -> MediaUnheardNowError:
    # An error: until an operator looks, nobody's recordings may be heard.
    _log.error("recording not heard", extra={"code": MediaUnheardNowError.code, "reason": reason})
    return MediaUnheardNowError(reason)
