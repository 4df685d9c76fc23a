"""Hearing what is said in a recording, with Whisper on CTranslate2.

Sources: CTranslate2's guide to Whisper; and of what the figures mean, measurements: silence, noise
and hum had a ``no_speech_prob`` of 0.79 to 0.93, speech at most 0.27.
"""

import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import ctranslate2
import tokenizers

from lib.model import Transcript
from lib.voice.sound import RATE, decoded, spectrogram, windows

_THREADS = 2
_BEAMS = 5
_TOKENS = 224
# Above this, there is no speech: what Whisper writes down then are words of its own.
_NO_SPEECH = 0.6
# Below these, the words may be others than those that were said.
_SURE_OF_WORDS, _SURE_OF_LANGUAGE = -0.6, 0.7
# A text that packs better says one thing over and over: Whisper's own measure (transcribe.py).
_REPEATED = 2.4


@dataclass(frozen=True, slots=True)
class _Piece:
    """What was heard in one window; ``score`` is the mean logarithm of its words' chances."""

    text: str
    score: float


class Ear:
    """A model that is loaded."""

    def __init__(self, folder: Path) -> None:
        self._model = ctranslate2.models.Whisper(
            str(folder), device="cpu", compute_type="int8", intra_threads=_THREADS
        )
        self._tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))

    def hear(self, data: bytes, language: str, longest: float) -> Transcript:
        """Return what is said in a recording; ``language`` is the person's, or empty.

        Raises:
            MediaUnreadableError: it is damaged, or no recording.
            MediaTooLargeError: it lasts longer than so many seconds.
        """
        sound = decoded(data, longest)
        seconds = len(sound) / RATE
        parts = [_features(window) for window in windows(sound)]
        found, chance = self._language(parts[0])
        sure = chance >= _SURE_OF_LANGUAGE
        spoken = found if sure or not language else language
        pieces = [piece for part in parts if (piece := self._piece(part, spoken))]
        text = " ".join(piece.text for piece in pieces)
        strange = bool(language) and found != language
        doubtful = not sure or strange or any(_is_doubtful(piece) for piece in pieces)
        return Transcript(text, spoken if text else "", seconds, doubtful=bool(text) and doubtful)

    def _language(self, features: Any) -> tuple[str, float]:
        """The likeliest language of a window, and its chance."""
        token, chance = self._model.detect_language(features)[0][0]
        return token.strip("<|>"), chance

    def _piece(self, features: Any, language: str) -> _Piece | None:
        """What is said in a window; None where nothing is."""
        prompt = ["<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", "<|notimestamps|>"]
        heard = self._model.generate(
            features,
            [prompt],
            beam_size=_BEAMS,
            max_length=_TOKENS,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        text = self._tokenizer.decode(heard.sequences_ids[0]).strip()
        if heard.no_speech_prob > _NO_SPEECH or not text:
            return None
        return _Piece(text, heard.scores[0])


def _features(window: Any) -> Any:
    return ctranslate2.StorageView.from_array(spectrogram(window)[None])


def _is_doubtful(piece: _Piece) -> bool:
    raw = piece.text.encode()
    return piece.score < _SURE_OF_WORDS or len(raw) / len(zlib.compress(raw)) > _REPEATED
