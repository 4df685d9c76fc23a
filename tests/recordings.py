"""Recordings of every kind, made of their heads: nobody could hear them, but they have a length."""

import struct

OPUS_RATE = 48_000
PRE_SKIP = 312
FRAME_20_MS = 0x78  # SILK and CELT together, 20 ms, one frame
PACKET = bytes([FRAME_20_MS]) + bytes(39)


def page(packets, granule, *, serial=1, kind=0, number=0):
    """A page of Ogg with whole packets; nobody here checks its sum."""
    lacing = b"".join(b"\xff" * (len(one) // 255) + bytes([len(one) % 255]) for one in packets)
    head = struct.pack("<4sBBqIII", b"OggS", 0, kind, granule, serial, number, 0)
    return head + bytes([len(lacing)]) + lacing + b"".join(packets)


def opus_head(pre_skip=PRE_SKIP):
    return b"OpusHead" + struct.pack("<BBHIhB", 1, 1, pre_skip, 16_000, 0, 0)


def opus(seconds, *, packet=PACKET, on_a_page=50, serial=1, granule=None):
    """A voice note; ``granule`` is what its pages say where that is not the truth."""
    samples = round(seconds * OPUS_RATE) + PRE_SKIP
    pages = [
        page([opus_head()], 0, serial=serial, kind=2),
        page([b"OpusTags" + bytes(8)], 0, serial=serial),
    ]
    count, done = -(-samples // 960), 0
    while done < count:
        now = min(on_a_page, count - done)
        done += now
        told = min(done * 960, samples) if granule is None else granule
        pages.append(page([packet] * now, told, serial=serial))
    return b"".join(pages)


def vorbis(seconds, rate=44_100):
    head = b"\x01vorbis" + struct.pack("<IBI", 0, 1, rate) + bytes(14)
    return page([head], 0, kind=2) + page([bytes(200)], round(seconds * rate))


def wav(seconds, rate=16_000):
    data = bytes(2 * round(seconds * rate))
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, rate, 2 * rate, 2, 16)
    body = b"WAVE" + form + struct.pack("<4sI", b"data", len(data)) + data
    return b"RIFF" + struct.pack("<I", len(body)) + body


def mp3(seconds, *, title=b""):
    """64 kbit/s of MPEG 1, layer III, at 48 kHz: 192 bytes a frame of 24 ms."""
    tag = b"ID3\x04\x00\x00" + bytes([0, 0, len(title) >> 7, len(title) & 127]) + title
    frame = b"\xff\xfb\x54\x00" + bytes(188)
    return (tag if title else b"") + frame * round(seconds / 0.024)


def aac(seconds):
    """ADTS at 16 kHz: 1,024 samples a frame, here of 100 bytes."""
    frame = b"\xff\xf1\x60\x40" + bytes([100 >> 3, (100 & 7) << 5, 0xFC]) + bytes(93)
    return frame * round(seconds * 16_000 / 1_024)


def amr(seconds):
    """12.2 kbit/s: 32 bytes a frame of 20 ms."""
    return b"#!AMR\n" + (b"\x3c" + bytes(31)) * round(seconds / 0.02)


def amr_wide(seconds):
    """23.85 kbit/s: 61 bytes a frame of 20 ms."""
    return b"#!AMR-WB\n" + (b"\x44" + bytes(60)) * round(seconds / 0.02)


def box(name, content):
    return struct.pack(">I4s", 8 + len(content), name) + content


def mp4(seconds, *, brand=b"mp42", size=0, wide=False):
    """A file of which only the head is there, behind its sound."""
    form = ">B3xQQIQ" if wide else ">B3xIIII"
    told = struct.pack(form, int(wide), 0, 0, 1_000, round(seconds * 1_000))
    moov = box(b"moov", box(b"free", b"") + box(b"mvhd", told + bytes(80)))
    return box(b"ftyp", brand + bytes(4)) + box(b"mdat", bytes(size)) + moov


def webm(size):
    return b"\x1a\x45\xdf\xa3\x9fB\x86\x81\x01" + bytes(size)
