"""The gateway's log lines about media: who acts, what is told, and which facts are shown."""

from collections.abc import Mapping

_FETCHED_NOT = "Address refused: nothing is fetched there"

LINES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "medium fetched": ("media", "Medium fetched", ("kind", "bytes")),
    "medium not read": ("media", "Not read; the person is told", ("code", "reason")),
    "media address refused": ("media", _FETCHED_NOT, ("host", "reason")),
    "media cannot be fetched": ("media", "Media cannot be fetched", ("reason",)),
    "recording heard": ("media", "Recording heard", ("seconds", "language", "doubtful", "silent")),
    "recording not heard": ("media", "Recording not heard", ("code", "reason")),
    "answer spoken": ("media", "Answer spoken", ("characters",)),
    "answer not spoken": ("media", "Answer not spoken; its text is there", ("code", "reason")),
    "medium deleted at Twilio": ("media", "Medium deleted at Twilio", ()),
}
