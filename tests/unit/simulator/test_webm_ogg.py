"""Recordings of a browser, moved from WebM into Ogg: nothing is decoded, nothing is lost."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.twilio.webm_ogg import WebmError, ogg_of
from tests.webm import EBML, HEAD, UNKNOWN, webm

TWENTY, SIXTY = 0x08, 0x18
"""The first byte of a packet of 20 ms, and of one of 60 ms: one frame of SILK."""


def checksum(page):
    """Ogg's CRC as RFC 3533 describes it: bit by bit, the highest first."""
    crc = 0
    for byte in page[:22] + bytes(4) + page[26:]:
        crc ^= byte << 24
        for _ in range(8):
            crc = (crc << 1 ^ (0x04C11DB7 if crc & 0x80000000 else 0)) & 0xFFFFFFFF
    return crc


def pages(ogg):
    """Every page: its flags, granule, number and packets."""
    found = []
    while ogg:
        magic, version, flags, granule, _serial, number, crc = struct.unpack("<4sBBqIII", ogg[:26])
        lacing = ogg[27 : 27 + ogg[26]]
        page = ogg[: 27 + len(lacing) + sum(lacing)]
        assert (magic, version, crc) == (b"OggS", 0, checksum(page))
        body, packets, packet = page[27 + len(lacing) :], [], b""
        for length in lacing:
            packet, body = packet + body[:length], body[length:]
            if length < 255:
                packets.append(packet)
                packet = b""
        found.append((flags, granule, number, packets))
        ogg = ogg[len(page) :]
    return found


@pytest.mark.parametrize("size", [None, UNKNOWN])
@pytest.mark.parametrize("grouped", [False, True])
def test_every_packet_is_there_in_order_and_the_length_is_told(size, grouped):
    packets = [bytes([TWENTY]) + str(n).encode() * 20 for n in range(120)]
    packets += [bytes([SIXTY]) + b"x" * 255, bytes([TWENTY]) + b"y" * 254]
    head, tags, *audio = pages(ogg_of(webm(packets, size=size, grouped=grouped)))
    assert head == (2, 0, 0, [HEAD])
    assert tags[3][0].startswith(b"OpusTags")
    assert [packet for page in audio for packet in page[3]] == packets
    assert audio[-1][1] == 121 * 960 + 2880
    assert [page[0] for page in audio] == [0] * (len(audio) - 1) + [4]
    assert [page[2] for page in audio] == list(range(2, len(audio) + 2))


def test_what_is_cut_ends_where_it_was_cut():
    packets = [bytes([TWENTY]) + bytes([n]) * 30 for n in range(10)]
    whole = webm(packets, size=UNKNOWN)
    assert len(pages(ogg_of(whole[:-5]))[2][3]) == 9


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"%PDF-1.7",
        EBML,
        webm([]),
        webm([bytes([TWENTY]) * 5], head=b"VorbisHead"),
        webm([bytes([TWENTY]) * 5], tracks=2),
        webm([bytes([TWENTY]) * 5], flags=0x82),
        webm([bytes([TWENTY]) * 80_000]),
        EBML + b"\x80" + b"\xec\x80" * 250_000,
        webm([bytes([TWENTY]) * 5]) + bytes(16 * 1024 * 1024),
    ],
    ids=["nothing", "pdf", "begun", "empty", "codec", "tracks", "laced", "huge", "parts", "large"],
)
def test_what_is_no_recording_is_refused(data):
    with pytest.raises(WebmError):
        ogg_of(data)


@given(st.binary(max_size=300), st.integers(0, 300))
def test_damage_is_refused_or_passed_over(junk, place):
    whole = webm([bytes([TWENTY]) + b"a" * 20] * 5, size=UNKNOWN)
    try:
        ogg = ogg_of(whole[:place] + junk + whole[place:])
    except WebmError:
        return
    assert pages(ogg)[0][3][0].startswith(b"OpusHead")
