"""Sound as Whisper takes it: decoded, with 16,000 samples a second, and as a log-mel spectrogram.

The spectrogram is that of Whisper's own ``whisper/audio.py``: 80 bands of the mel scale by Slaney,
windows of 25 ms every 10 ms, and 30 s at a time.
"""

import io
from collections.abc import Iterator
from typing import Any

import numpy as np
import soundfile

from lib.media.errors import MediaTooLargeError, MediaUnreadableError

RATE = 16_000
WINDOW = 30 * RATE
"""Samples that Whisper hears at once."""

_FFT, _HOP, _BANDS = 400, 160, 80
# Where a window may be cut: in its last six seconds, where it is quietest for a quarter of one.
_SEARCHED, _PIECE = 6 * RATE, RATE // 4
# What phones and recorders make; a header that tells of more would only take memory.
_RATES, _CHANNELS = range(8_000, 96_001), range(1, 3)
_SECONDS_AT_ONCE = 30


def decoded(data: bytes, longest: float) -> Any:
    """Return a recording's samples as one array: Ogg (Opus, Vorbis), MP3, WAV or FLAC.

    Raises:
        MediaUnreadableError: it is none of these, or damaged.
        MediaTooLargeError: it lasts longer than so many seconds.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.samplerate not in _RATES or file.channels not in _CHANNELS:
                raise MediaUnreadableError("neither made by a phone nor by a recorder")
            return np.concatenate([np.zeros(0, np.float32), *_blocks(file, longest)])
    except soundfile.SoundFileError as error:
        raise MediaUnreadableError(type(error).__name__) from None


def _blocks(file: Any, longest: float) -> Iterator[Any]:
    left = int(longest * file.samplerate)
    while len(block := file.read(_SECONDS_AT_ONCE * file.samplerate, "float32", always_2d=True)):
        left -= len(block)
        if left < 0:
            raise MediaTooLargeError(f"a recording of more than {longest:.0f} s")
        yield _resampled(np.nan_to_num(block.mean(axis=1)), file.samplerate)


def _resampled(block: Any, rate: int) -> Any:
    """A block at our rate: what that can hold of its frequencies is kept, and the rest is not."""
    if rate == RATE:
        return block
    size = max(1, round(len(block) * RATE / rate))
    return (np.fft.irfft(np.fft.rfft(block), size) * (size / len(block))).astype(np.float32)


def windows(sound: Any) -> Iterator[Any]:
    """Cut a recording into pieces that Whisper can hear at once, at best between two words."""
    while len(sound) > WINDOW:
        searched = sound[WINDOW - _SEARCHED : WINDOW].reshape(-1, _PIECE)
        quietest = int(np.argmin(np.square(searched).sum(axis=1)))
        cut = WINDOW - _SEARCHED + quietest * _PIECE + _PIECE // 2
        yield sound[:cut]
        sound = sound[cut:]
    yield sound


def spectrogram(sound: Any) -> Any:
    """Return at most 30 s as Whisper's features, of which the rest is silence."""
    padded = np.pad(np.pad(sound, (0, WINDOW - len(sound))), _FFT // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, _FFT)[:WINDOW:_HOP]
    power = np.abs(np.fft.rfft(frames * np.hanning(_FFT + 1)[:-1])) ** 2
    mel = np.log10(np.maximum(_filters() @ power.T, 1e-10))
    return ((np.maximum(mel, mel.max() - 8.0) + 4.0) / 4.0).astype(np.float32)


def _filters() -> Any:
    """How much each band takes of each frequency: triangles, of equal area."""
    edges = _hertz(np.linspace(0.0, _mel(RATE / 2), _BANDS + 2))
    widths = np.diff(edges)
    slopes = edges[:, None] - np.fft.rfftfreq(_FFT, 1 / RATE)
    lower, upper = -slopes[:-2] / widths[:-1, None], slopes[2:] / widths[1:, None]
    return np.maximum(0.0, np.minimum(lower, upper)) * (2.0 / (edges[2:] - edges[:-2]))[:, None]


# Slaney's scale: even below 1,000 Hz, which is the 15th mel, and logarithmic above.
_EVEN, _STEP = 15.0, np.log(6.4) / 27.0


def _mel(hertz: float) -> float:
    return float(_EVEN + np.log(hertz / 1000.0) / _STEP)


def _hertz(mels: Any) -> Any:
    return np.where(mels < _EVEN, mels * 1000.0 / _EVEN, 1000.0 * np.exp(_STEP * (mels - _EVEN)))
