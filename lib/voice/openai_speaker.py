"""A server of OpenAI's protocol that reads texts out, as MP3.

Source: OpenAI's API reference, "Create speech": ``POST /audio/speech`` with ``model``, ``voice``,
``input`` (at most 4,096 characters) and ``response_format``; the response is the file.
"""

import json

from lib.media.sniff import Kind, kind_of
from lib.ports.speaker import Audio
from lib.voice.errors import SpeechError
from lib.web.client import Client
from lib.web.errors import ExchangeError
from lib.web.message import Response

MOST_BYTES = 5 * 1024 * 1024
"""Of a recording: several times what takes as long to hear as the longest text that is spoken."""

_LONGEST_INPUT = 4096
_PATH = "/audio/speech"
_SUCCESS = 200


class OpenAISpeaker:
    """Reads texts out with one model and voice; any language, by the words themselves."""

    def __init__(self, url: str, model: str, voice: str, key: str = "") -> None:
        self._url = f"{url}{_PATH}"
        self._model = model
        self._voice = voice
        self._headers = {"Content-Type": "application/json", "Accept": "audio/mpeg"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._client = Client()

    def speak(self, text: str, language: str, seconds: float) -> Audio:  # noqa: ARG002 - see above
        """Return a text spoken; see the port. Asked once: it may be paid for whatever comes back.

        Raises:
            SpeechError: no MP3 came back, or not in time.
        """
        asked = {
            "model": self._model,
            "voice": self._voice,
            "input": text[:_LONGEST_INPUT],
            "response_format": "mp3",
        }
        try:
            response = self._client.request(
                "POST", self._url, self._headers, json.dumps(asked).encode(), seconds, MOST_BYTES
            )
        except ExchangeError as error:
            raise SpeechError(f"{type(error).__name__}: {error}") from None
        return Audio(_recording(response), "audio/mpeg")


def _recording(response: Response) -> bytes:
    if response.status != _SUCCESS:
        raise SpeechError(f"status {response.status}")
    kind = kind_of(response.body)
    if kind is not Kind.MP3:
        raise SpeechError(f"no MP3 but {kind}")
    return response.body
