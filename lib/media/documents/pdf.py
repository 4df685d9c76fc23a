"""The text of PDF, page by page, by pypdf, which limits most of the work that a page can make."""

import time
from io import BytesIO

from pypdf import PdfReader
from pypdf.errors import FileNotDecryptedError, LimitReachedError, PyPdfError

from lib.media.documents.text import FullError, Text
from lib.media.errors import MediaProtectedError, MediaTooLargeError, MediaUnreadableError

# A page may take seconds by pypdf's own limits. Before the child's time is up, of which it has less
# where a processor is shared, what was read is worth more than the next page.
_CPU_SECONDS = 6
_SECONDS = 10


def read(data: bytes, text: Text) -> None:
    """Add the text of a PDF's pages.

    Raises:
        FullError: enough was read, or a page takes more than any should.
        MediaProtectedError: it opens with a password only.
        MediaTooLargeError: to find its pages takes more than it should.
        MediaUnreadableError: it is damaged.
    """
    try:
        reader = PdfReader(BytesIO(data))
        text.pages = len(reader.pages)
    except FileNotDecryptedError:
        raise MediaProtectedError("a PDF with a password") from None
    except LimitReachedError:
        raise MediaTooLargeError("the PDF has too many parts") from None
    except PyPdfError as error:
        raise MediaUnreadableError(f"a damaged PDF: {type(error).__name__}") from None
    text.more = text.pages > text.most_pages
    if not _add_pages(reader, text):
        raise MediaUnreadableError("no page in it, or none that is not damaged")


def _add_pages(reader: PdfReader, text: Text) -> int:
    """Add the pages; return how many were read."""
    end, count = time.monotonic() + _SECONDS, 0
    for number in range(min(text.pages, text.most_pages)):
        if time.process_time() > _CPU_SECONDS or time.monotonic() > end:
            raise FullError
        count += _add_page(reader, number, text)
    return count


def _add_page(reader: PdfReader, number: int, text: Text) -> bool:
    """Add a page, unless it is damaged: people can see the others, too."""
    text.begin_part(f"Page {number + 1}" if text.pages > 1 else "")
    try:
        page = reader.pages[number].extract_text()
    except LimitReachedError:
        raise FullError from None
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - of damaged files, pypdf says that it may raise any
        text.more = True
        return False
    text.add(page)
    return True
