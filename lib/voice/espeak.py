"""A voice that needs no network: espeak-ng, which sounds like the robot that it is."""

import re
import threading
from dataclasses import dataclass, field, replace

from lib.errors import ShortageError
from lib.media.child import ChildLimits, run_child
from lib.media.errors import MediaError
from lib.media.exchange import Message
from lib.ports.speaker import Audio
from lib.voice.errors import SpeechError

MOST_CHARACTERS = 1_200
"""Characters of one recording: a minute and a half of speech."""

LIMITS = ChildLimits(memory=256 << 20, cpu=10, seconds=15, answer=4 << 20)
_DEFAULT = "en"
# Of whole seconds is the time of a child counted.
_LEAST_SECONDS = 1.0
_CODE = re.compile("[a-z]{2,3}")
# With more threads, numpy takes more than the limit on a machine of many cores.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1"}
# Where espeak-ng's name of a language is not ISO 639-1's.
_VOICES = {"no": "nb", "zh": "cmn"}


@dataclass(frozen=True, slots=True)
class EspeakSpeaker:
    """Speaks a hundred languages, one text at a time, each in a process that ends with it."""

    limits: ChildLimits = LIMITS
    one: threading.Lock = field(default_factory=threading.Lock)

    def speak(self, text: str, language: str, seconds: float) -> Audio:
        """Return a text of at most 1,200 characters as MP3; without a language, in English.

        Raises:
            SpeechError: it is too long, in no language that is spoken here, or took too long.
        """
        # The end of a string in C is a NUL.
        said = text.replace("\0", " ").strip()
        if not said or len(said) > MOST_CHARACTERS:
            raise SpeechError(f"a text of {len(said)} characters")
        if seconds < _LEAST_SECONDS:
            raise SpeechError("no time left")
        if language and not _CODE.fullmatch(language):
            raise SpeechError("not the code of a language")
        if not self.one.acquire(timeout=max(0.0, seconds)):
            raise SpeechError("others were spoken all the time")
        try:
            return self._spoken(said, language or _DEFAULT, seconds)
        except (MediaError, ShortageError) as error:
            raise SpeechError(f"espeak-ng: {error.code}, {error}") from error
        finally:
            self.one.release()

    def _spoken(self, text: str, language: str, seconds: float) -> Audio:
        limits = replace(self.limits, seconds=min(self.limits.seconds, int(seconds)))
        voice = _VOICES.get(language, language)
        request = Message({"voice": voice}, text.encode(errors="replace"))
        answer = run_child("lib.voice.espeak_child", request, limits, _ENVIRONMENT)
        return Audio(answer.body, "audio/mpeg", float(answer.facts["seconds"]))
