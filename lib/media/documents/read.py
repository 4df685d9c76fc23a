"""Reading a document: its text, from a child process with limits."""

from dataclasses import asdict, dataclass

from lib.media.child import LIMITS, ChildLimits, read_in_child
from lib.media.errors import MediaProtectedError, MediaUnreadableError, MediaUnsupportedError
from lib.media.sniff import Kind
from lib.model.reading import Document

_READ = frozenset(
    {Kind.PDF, Kind.DOCX, Kind.PPTX, Kind.XLSX, Kind.ODT}
    | {Kind.RTF, Kind.TEXT, Kind.JSON, Kind.HTML}
)
# What Office protects by a password is a file of its old kind with a stream of this name
# ([MS-OFFCRYPTO] 1.3.3), which stands there in UTF-16 ([MS-CFB] 2.6.1).
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """How many pages and characters are read, and how ``most`` of them are kept."""

    pages: int = 50
    characters: int = 100_000
    most: int = 24_000


def read_document(
    data: bytes,
    kind: Kind,
    limits: DocumentLimits = DocumentLimits(),
    child: ChildLimits = LIMITS,
) -> Document:
    """Return the text of a document of this kind, cut at the end of a paragraph.

    Raises:
        MediaUnsupportedError: not a kind that is read.
        MediaProtectedError: it opens with a password only.
        MediaPicturesOnlyError: there is no text in it.
        MediaTooLargeError: it unpacks to more than is read of any document.
        MediaLateError: reading it takes too long, or others are read for too long.
        MediaUnreadableError: it is empty or damaged.
        ShortageError: the system gave no process for it.
    """
    if not data:
        raise MediaUnreadableError("a file of 0 bytes")
    if kind is Kind.OLE and _ENCRYPTED in data:
        raise MediaProtectedError("an Office file with a password")
    if kind not in _READ:
        raise MediaUnsupportedError(f"documents of kind {kind} are not read")
    answer = read_in_child("document", data, {"kind": kind, **asdict(limits)}, child)
    try:
        facts = answer.facts
        return Document(
            answer.body.decode(),
            pages=int(facts["pages"]),
            left_out=int(facts["left_out"]),
            more=bool(facts["more"]),
        )
    except (KeyError, TypeError, ValueError):
        raise MediaUnreadableError("the child answered without sense") from None
