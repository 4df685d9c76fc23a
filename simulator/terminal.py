"""Replies as a person at a terminal sees them."""

import contextlib
import re
import threading
from typing import TextIO

from simulator.twilio.messages import Message

_GREEN, _DIM, _PLAIN = "\x1b[32m", "\x1b[2m", "\x1b[0m"
# Control characters steer a terminal; bidirectional controls reorder what it shows.
_CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class Terminal:
    """Shows messages on a stream, in colours if the stream is a terminal."""

    def __init__(self, stream: TextIO, name: str = "Gateway") -> None:
        self._stream = stream
        self._name = name
        self._lock = threading.Lock()

    def show(self, message: Message) -> None:
        """Print one message; a stream that is gone is no reason to fail."""
        text = bubble(message, self._name, colours=self._stream.isatty())
        encoding = self._stream.encoding or "utf-8"
        printable = text.encode(encoding, "replace").decode(encoding)
        with self._lock, contextlib.suppress(OSError):
            self._stream.write(printable)
            self._stream.flush()


def bubble(message: Message, name: str, *, colours: bool) -> str:
    """Return a message as a headed, indented block of lines.

    Control characters are shown as U+FFFD, so that no reply can move the cursor or hide text.
    """
    green, dim, plain = (_GREEN, _DIM, _PLAIN) if colours else ("", "", "")
    time = message.created_at.astimezone().strftime("%H:%M:%S")
    to = message.to.removeprefix("whatsapp:")
    text = _CONTROLS.sub("\ufffd", message.body.replace("\r\n", "\n")).expandtabs(4)
    lines = (f"  {green}│{plain} {line}\n" for line in text.split("\n"))
    head = f"\n  {green}{name}{plain} {dim}to {to} at {time}{plain}\n"
    return head + "".join(lines)
