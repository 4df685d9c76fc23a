"""Recordings as browsers write them: Opus in WebM (RFC 9559), made of any packets."""

import struct

HEAD = b"OpusHead\x01\x01\x00\x00" + struct.pack("<I", 48000) + b"\x00\x00\x00"
SEGMENT, TRACKS, ENTRY, CLUSTER = (
    b"\x18\x53\x80\x67",
    b"\x16\x54\xae\x6b",
    b"\xae",
    b"\x1f\x43\xb6\x75",
)
EBML = b"\x1a\x45\xdf\xa3"
UNKNOWN = b"\x01\xff\xff\xff\xff\xff\xff\xff"


def element(name, content, size=None):
    return name + (size or (1 << 56 | len(content)).to_bytes(8)) + content


def webm(packets, *, tracks=1, head=HEAD, flags=0x80, size=None, grouped=False):
    """A file as browsers write it: sizes unknown if ``size`` says so, a second to a cluster."""
    entry = element(ENTRY, element(b"\xd7", b"\x01") + element(b"\x63\xa2", head))
    blocks = [b"\x81" + struct.pack(">hB", 0, flags) + packet for packet in packets]
    written = [
        element(b"\xa0", element(b"\xa1", block)) if grouped else element(b"\xa3", block)
        for block in blocks
    ]
    clusters = b"".join(
        element(CLUSTER, element(b"\xe7", b"\x00") + b"".join(written[at : at + 50]), size)
        for at in range(0, len(written), 50)
    )
    content = element(TRACKS, entry * tracks) + clusters
    return element(EBML, b"\x42\x82\x84webm") + element(SEGMENT, content, size)
