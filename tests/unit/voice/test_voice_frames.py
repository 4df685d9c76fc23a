"""Messages through a pipe: what goes in comes out, and what is no message is refused."""

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.media.exchange import Message
from lib.voice.frames import receive, send

MESSAGES = st.builds(Message, st.dictionaries(st.text(), st.integers()), st.binary())


class Trickle(io.BytesIO):
    """A pipe that takes and gives a few bytes at a time."""

    def write(self, data):
        return super().write(bytes(data[:3]))

    def read(self, size=-1):
        return super().read(min(size, 3))


@given(st.lists(MESSAGES, max_size=4))
def test_messages_come_out_as_they_went_in(messages):
    pipe = Trickle()
    for message in messages:
        send(pipe, message)
    pipe.seek(0)
    came = []
    while message := receive(pipe, 1 << 20):
        came.append(message)
    assert came == messages


@pytest.mark.parametrize(
    "raw",
    [
        (1 << 40).to_bytes(8) + b"{}\n",
        (101).to_bytes(8) + b"{}\n" + b"x" * 98,
        (50).to_bytes(8) + b"{}",
        (2).to_bytes(8) + b"[]",
        (3).to_bytes(8) + b"no\n",
    ],
    ids=["endless", "too large", "cut", "no facts", "no JSON"],
)
def test_what_is_no_message_is_refused(raw):
    with pytest.raises(ValueError):
        receive(io.BytesIO(raw), 100)
