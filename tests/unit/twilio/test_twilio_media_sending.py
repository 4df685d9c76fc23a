"""Media as fields of a message, and which listed message is one."""

from types import SimpleNamespace

import pytest

from lib.model import Location, OutboundKind, OutboundMedia
from lib.twilio.media_sending import content_of, is_sent_as

CAT = OutboundMedia(OutboundKind.PICTURE, "https://example.com/cat.png", "A *cat*", "cat.png")
PAPER = OutboundMedia(OutboundKind.FILE, "https://example.com/p.pdf", name="p.pdf")


def place(latitude=52.5, longitude=13.4, label=""):
    return OutboundMedia(OutboundKind.PLACE, location=Location(latitude, longitude, label=label))


@pytest.mark.parametrize(
    ("media", "fields"),
    [
        (CAT, {"media_url": ["https://example.com/cat.png"], "body": "A *cat*"}),
        (PAPER, {"media_url": ["https://example.com/p.pdf"]}),
        (place(label="Gate"), {"persistent_action": ["geo:52.5,13.4|Gate"], "body": "Gate"}),
        (place(), {"persistent_action": ["geo:52.5,13.4"], "body": "52.5,13.4"}),
        (
            place(-0.00001, 179.12345678, "A | B"),
            {"persistent_action": ["geo:-0.00001,179.1234568|A B"], "body": "A | B"},
        ),
        (
            place(90.0, -180.0, "x" * 300),
            {"persistent_action": [f"geo:90,-180|{'x' * 256}"], "body": "x" * 300},
        ),
    ],
)
def test_a_medium_is_sent_in_the_fields_of_its_kind(media, fields):
    assert content_of(media) == fields


@pytest.mark.parametrize(
    ("media", "num_media", "body", "is_it"),
    [
        (CAT, "1", "A *cat*", True),
        (CAT, 1, " A  *cat* ", True),
        (CAT, "0", "A *cat*", False),
        (CAT, None, "A *cat*", False),
        (CAT, "1", "Another", False),
        (PAPER, "1", "", True),
        (PAPER, "1", None, True),
        (PAPER, "0", "", False),
        (place(label="Gate"), "0", "Gate", True),
        (place(label="Gate"), None, "Gate", True),
        (place(label="Gate"), "1", "Gate", False),
        (place(), "0", "52.5,13.4", True),
    ],
)
def test_a_medium_is_known_by_its_kind_and_its_words(media, num_media, body, is_it):
    assert is_sent_as(media, SimpleNamespace(num_media=num_media, body=body)) is is_it
