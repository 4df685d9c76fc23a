"""Reading a picture: as it is where that is enough, else from a child process with limits."""

from lib.media.child import LIMITS, ChildLimits, read_in_child
from lib.media.errors import MediaUnreadableError, MediaUnsupportedError
from lib.media.pictures import jpeg
from lib.media.sniff import Kind
from lib.model.reading import Picture

_READ = frozenset({Kind.JPEG, Kind.PNG, Kind.GIF, Kind.WEBP, Kind.HEIC})


def read_picture(data: bytes, kind: Kind, child: ChildLimits = LIMITS) -> Picture:
    """Return a picture of this kind as an assistant gets it.

    Raises:
        MediaUnsupportedError: not a kind that is read.
        MediaTooLargeError: it has too many pixels, or takes too much memory.
        MediaLateError: reading it takes too long, or others are read for too long.
        MediaUnreadableError: it is empty or damaged.
        ShortageError: the system gave no process for it.
    """
    if not data:
        raise MediaUnreadableError("a picture of 0 bytes")
    if kind not in _READ:
        raise MediaUnsupportedError(f"pictures of kind {kind} are not read")
    if kind is Kind.JPEG and jpeg.is_fit(data):
        return Picture("image/jpeg", data)
    answer = read_in_child("picture", data, {}, child)
    content_type = answer.facts.get("content_type")
    if not answer.body or not isinstance(content_type, str):
        raise MediaUnreadableError("the child answered without sense")
    return Picture(content_type, answer.body)
