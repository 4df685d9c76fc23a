"""What runs in the speaking child: its limits first, then one text by espeak-ng.

espeak-ng is under the GPL, version 3; it runs here alone, in a process of its own. Sources: its
``speak_lib.h``, and libsndfile's documentation of what it writes.
"""

from typing import TYPE_CHECKING, Any, NoReturn

from lib.media.once import answer_once

if TYPE_CHECKING:
    import ctypes

    from lib.media.exchange import Message

# speak_lib.h: AUDIO_OUTPUT_SYNCHRONOUS, espeakINITIALIZE_DONT_EXIT, espeakRATE, espeakCHARS_UTF8.
_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_RATE = 1
_UTF8 = 1
_WORDS_A_MINUTE = 160
# Of 0 to 1: some 45 kbit/s of what a robot says.
_SMALL = 0.8


def main(memory: int, cpu: int, seconds: int, parent: int) -> NoReturn:
    """Speak the text that standard input has, answer with MP3 on standard output, and end."""
    answer_once(_spoken, memory, cpu, seconds, parent)


def _spoken(request: "Message") -> "Message":
    from lib.media.errors import MediaUnsupportedError
    from lib.media.exchange import Message

    library, rate = _library()
    voice = str(request.facts["voice"]).encode()
    if library.espeak_SetVoiceByName(voice) != 0:
        return Message({"error": MediaUnsupportedError.code, "cause": "no voice of this language"})
    sound = _synthesised(library, request.body)
    return Message({"seconds": len(sound) / 2 / rate}, _mp3(sound, rate))


def _library() -> "tuple[ctypes.CDLL, int]":
    """Return the library, ready, and the rate of what it makes, in samples a second."""
    import ctypes

    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate = library.espeak_Initialize(_SYNCHRONOUS, 0, data, _DONT_EXIT)
    if rate <= 0:
        raise OSError("espeak-ng does not start")
    library.espeak_SetParameter(_RATE, _WORDS_A_MINUTE, 0)
    return library, rate


def _synthesised(library: "ctypes.CDLL", text: bytes) -> bytes:
    """Return a text as samples of 16 bits: taken as it is, neither as SSML nor as phonemes."""
    import ctypes

    sound = bytearray()

    def take(samples: Any, count: int, _events: Any) -> int:
        sound.extend(ctypes.string_at(samples, count * 2) if samples else b"")
        return 0

    kind = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.c_void_p, ctypes.c_int, ctypes.c_void_p)
    callback = kind(take)
    library.espeak_SetSynthCallback(callback)
    size = ctypes.c_size_t(len(text) + 1)
    if library.espeak_Synth(text, size, 0, 0, 0, _UTF8, None, None) != 0:
        raise OSError("espeak-ng does not speak")
    return bytes(sound)


def _mp3(sound: bytes, rate: int) -> bytes:
    import io

    import soundfile

    out = io.BytesIO()
    form = {"format": "MP3", "subtype": "MPEG_LAYER_III", "bitrate_mode": "VARIABLE"}
    with soundfile.SoundFile(out, "w", rate, 1, compression_level=_SMALL, **form) as file:
        file.buffer_write(sound, dtype="int16")
    return out.getvalue()
