"""The members of a zipped document: streamed, and counted as they are.

Office files are packages whose parts refer to each other (ECMA-376 part 2, "Relationships").
"""

import posixpath
import zipfile
from collections.abc import Mapping
from io import BytesIO
from xml.parsers import expat

from lib.media.documents.text import FullError
from lib.media.errors import MediaProtectedError, MediaUnreadableError

_MOST_XML = 64_000_000
_MOST_ELEMENTS = 1_000_000
# Large pieces: a tag that is longer than one is looked at again with each.
_PIECE = 1 << 20
_PACKED = {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}
_IS_ENCRYPTED = 1  # APPNOTE 4.4.4, bit 0
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT_RELATIONS = "http://purl.oclc.org/ooxml/officeDocument/relationships"


class Walk:
    """Whoever is told of a part's elements, by names without namespaces; this one ignores all."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Take the beginning of an element."""

    def end(self, name: str) -> None:
        """Take the end of an element."""

    def characters(self, data: str) -> None:
        """Take some characters between them."""


class Package:
    """A zipped document. All that is read of it counts to one limit of bytes and elements."""

    def __init__(self, data: bytes) -> None:
        """Open it.

        Raises:
            MediaUnreadableError: it is damaged.
        """
        try:
            self._zip = zipfile.ZipFile(BytesIO(data))
        except zipfile.BadZipFile:
            raise MediaUnreadableError("a damaged zip") from None
        self._bytes_left = _MOST_XML
        self._elements_left = _MOST_ELEMENTS

    def has(self, part: str) -> bool:
        """Whether there is such a part."""
        return part in self._zip.NameToInfo

    def beginning(self, part: str) -> bytes:
        """Return how a part begins, as it stands there; nothing if it is not there."""
        if not self.has(part):
            return b""
        with self._zip.open(self._member(part)) as stream:
            return stream.read(_PIECE)

    def walk(self, part: str, walker: Walk) -> None:
        """Tell a walker all that stands in a part.

        Raises:
            FullError: more was read of the package than is read of any.
            MediaProtectedError: the part is encrypted.
            MediaUnreadableError: it is not there, damaged, or not plain XML.
        """
        parser = self._parser(walker)
        try:
            with self._zip.open(self._member(part)) as stream:
                while piece := stream.read(_PIECE):
                    self._bytes_left -= len(piece)
                    if self._bytes_left < 0:
                        raise FullError
                    parser.Parse(piece, False)  # noqa: FBT003 - expat knows no names
            parser.Parse(b"", True)  # noqa: FBT003 - as above
        except (zipfile.BadZipFile, expat.ExpatError) as error:
            raise MediaUnreadableError(f"a damaged part: {type(error).__name__}") from None

    def _member(self, part: str) -> zipfile.ZipInfo:
        member = self._zip.NameToInfo.get(part)
        if member is None:
            raise MediaUnreadableError("a part is missing")
        if member.flag_bits & _IS_ENCRYPTED:
            raise MediaProtectedError("a zip with a password")
        if member.compress_type not in _PACKED:
            raise MediaUnreadableError("packed in an unusual way")
        return member

    def _parser(self, walker: Walk) -> expat.XMLParserType:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True

        def start(name: str, attributes: Mapping[str, str]) -> None:
            self._elements_left -= 1
            if self._elements_left < 0:
                raise FullError
            walker.start(name.rpartition(" ")[2], attributes)

        parser.StartElementHandler = start
        parser.EndElementHandler = lambda name: walker.end(name.rpartition(" ")[2])
        parser.CharacterDataHandler = walker.characters
        parser.StartDoctypeDeclHandler = _refuse
        return parser


def _refuse(*_: object) -> None:
    """Refuse a document type: no such file has one, and entities are what bombs are made of."""
    raise MediaUnreadableError("it declares a document type")


class _Relations(Walk):
    def __init__(self, folder: str) -> None:
        self.found: dict[str, tuple[str, str]] = {}
        self._folder = folder

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.join("/", self._folder, attributes.get("Target", ""))
            kind = attributes.get("Type", "").rpartition("/")[2]
            self.found[attributes.get("Id", "")] = (kind, posixpath.normpath(target).lstrip("/"))


def relations(package: Package, part: str = "") -> dict[str, tuple[str, str]]:
    """Return what a part, or the package itself, refers to: kind and name of a part by its id."""
    folder, name = posixpath.split(part)
    told = posixpath.join(folder, "_rels", f"{name}.rels")
    walker = _Relations(folder)
    if package.has(told):
        package.walk(told, walker)
    return walker.found


def main_part(package: Package) -> str:
    """Return the name of the part that a package is about.

    Raises:
        MediaUnreadableError: it does not say.
    """
    for kind, part in relations(package).values():
        if kind == "officeDocument":
            return part
    raise MediaUnreadableError("no document in it")


def reference(attributes: Mapping[str, str]) -> str:
    """Return the id of what an element refers to; nothing if it does not."""
    for namespace in (_RELATIONS, _STRICT_RELATIONS):
        if found := attributes.get(f"{namespace} id"):
            return found
    return ""
