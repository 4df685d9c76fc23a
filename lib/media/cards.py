"""The syntax of vCards: lines, unfolded, with parameters, in the encodings of three versions."""

import quopri
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

# Lines are not split into a list: a file of nothing but their ends would take all memory.
_LINE = re.compile(rb"([^\r\n]{1,4096}+)[^\r\n]*+|[\r\n]++")
_MOST_LINES = 200_000  # and ends of lines
_MOST_OF_PROPERTY = 4_096
_MOST_PROPERTIES = 2_000
_MOST_DETAILS = 30
_MOST_PARTS = 8  # an address has seven
_BEGIN = b"BEGIN:VCARD"

_PROPERTY = re.compile(
    r"(?:([\w-]{1,60}+)\.)?([\w-]{1,60}+)((?:;(?:\"[^\"]*+\"|[^\":;]){0,300}+){0,30}+):(.*+)",
    re.DOTALL,
)
_PARAMETER = re.compile(r";((?:\"[^\"]*+\"|[^\";])*+)")
_PART = re.compile(r"((?:\\.?|[^;\\])*+)(?:;|$)", re.DOTALL)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
# Around the names of Apple's own labels.
_OWN_LABEL = "_$!<", ">!$_"
_QUOTED = re.compile(rb"[^:]*;(?:ENCODING=)?QUOTED-PRINTABLE[;:]", re.IGNORECASE)
_CHARSETS = re.compile(
    r"utf-?8|(us-)?ascii|iso-8859-\d{1,2}|latin-?\d|(windows-|cp)12\d\d|gb(k|2312|18030)|big5"
    r"|shift_jis|euc-(jp|kr)|iso-2022-jp|koi8-[ru]"
)
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BYTES = "iso-8859-1"  # of which each byte is a character, and back
_UTF_8 = b"\xef\xbb\xbf"
_NAMES = frozenset({"fn", "n", "org"})
_DETAILS = frozenset({"tel", "email", "adr", "url"})


@dataclass(frozen=True, slots=True)
class Detail:
    """A way to reach somebody: a number, an address or a link, with what it is said to be.

    ``whatsapp`` is the number at WhatsApp; ``label`` is what the card calls it.
    """

    text: str
    types: tuple[str, ...] = ()
    label: str = ""
    whatsapp: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One person or company."""

    name: str = ""
    organisation: str = ""
    details: tuple[Detail, ...] = ()


@dataclass(slots=True)
class _Draft:
    """A card as it is read; a label stands behind what it is of, in the same group."""

    names: dict[str, str] = field(default_factory=dict)
    details: list[tuple[str, Detail]] = field(default_factory=list)
    labels: dict[str, str] = field(default_factory=dict)


def cards(data: bytes, most: int) -> list[Card]:
    """Return the first cards of a file, up to so many of them."""
    drafts: list[_Draft] = []
    draft: _Draft | None = None
    read = islice(_properties(_in_bytes(data)), _MOST_PROPERTIES)
    for group, name, parameters, value in read:
        if name in {"begin", "end"} and value.strip().upper() == "VCARD":
            if len(drafts) == most:
                break
            draft = _Draft() if name == "begin" else None
            drafts += [draft] if draft else []
        elif draft:
            _add(draft, group, name, parameters, value)
    return [_card(one) for one in drafts]


def count(data: bytes) -> int:
    """Return how many cards are in a file."""
    return _in_bytes(data).upper().count(_BEGIN)


def _in_bytes(data: bytes) -> bytes:
    if data.startswith(_UTF_16):
        return data.decode("utf-16", "replace").encode()
    return data.removeprefix(_UTF_8)


def _properties(data: bytes) -> Iterator[tuple[str, str, list[str], str]]:
    """Group, name, parameters and value of each property, names in small letters."""
    for line in _unfolded(data):
        found = _PROPERTY.match(line.decode(_BYTES))
        if found:
            group, name, parameters, value = found.groups(default="")
            yield group, name.lower(), _PARAMETER.findall(parameters), value


def _unfolded(data: bytes) -> Iterator[bytes]:
    """Each property in one line. What is longer than any that is read here is cut."""
    whole = b""
    for found in islice(_LINE.finditer(data), _MOST_LINES):
        line = found[1]
        if line is None:
            continue
        if whole.endswith(b"=") and _QUOTED.match(whole):
            whole = (whole[:-1] + line)[:_MOST_OF_PROPERTY]
        elif line[:1] in {b" ", b"\t"}:
            whole = whole if len(whole) >= _MOST_OF_PROPERTY else whole + line[1:]
        else:
            yield whole
            whole = line
    yield whole


def _add(draft: _Draft, group: str, name: str, parameters: list[str], value: str) -> None:
    if name in _NAMES and name not in draft.names:
        draft.names[name] = _text(name, parameters, value)
    elif name == "x-ablabel":
        label = _text(name, parameters, value)
        draft.labels[group] = label.removeprefix(_OWN_LABEL[0]).removesuffix(_OWN_LABEL[1])
    elif name in _DETAILS and len(draft.details) < _MOST_DETAILS:
        types = [one for told in parameters for one in _types(told)]
        whatsapp = next((p[5:] for p in parameters if p.lower().startswith("waid=")), "")
        detail = Detail(_text(name, parameters, value), tuple(types), whatsapp=whatsapp.strip('"'))
        draft.details.append((group, detail))


def _types(parameter: str) -> list[str]:
    """The types that a parameter names; in vCard 2.1 it is one without saying so."""
    key, told, value = parameter.lower().partition("=")
    if told and key.strip() != "type":
        return []
    return [one.strip() for one in (value if told else key).strip('" ').split(",")]


def _text(name: str, parameters: list[str], value: str) -> str:
    """The text of a value, decoded; the parts of one that has some in the order of speech."""
    raw = value.encode(_BYTES)
    told = {key.lower(): text.strip('"') for key, _, text in (p.partition("=") for p in parameters)}
    if "quoted-printable" in {*told, told.get("encoding", "").lower()}:
        raw = quopri.decodestring(raw)
    text = _decoded(raw, told.get("charset", "").lower())
    if name in {"tel", "email"}:
        return _unescaped(re.sub(r"(?i)^(tel|mailto):", "", text.strip()))
    if name not in {"n", "org", "adr"}:
        return _unescaped(text)
    parts = [_unescaped(one[1]) for one in islice(_PART.finditer(text), _MOST_PARTS)]
    if name == "n":  # family, given, others, before, after
        return " ".join(filter(None, [*parts[3:4], *parts[1:3], *parts[:1], *parts[4:5]]))
    return ", ".join(filter(None, parts))


def _decoded(raw: bytes, charset: str) -> str:
    if _CHARSETS.fullmatch(charset):
        return raw.decode(charset, "replace")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("windows-1252", "replace")


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda found: " " if found[1] in "nN" else found[1], text).strip()


def _card(draft: _Draft) -> Card:
    name = draft.names.get("fn") or draft.names.get("n", "")
    details = tuple(
        Detail(one.text, one.types, draft.labels.get(group, "") if group else "", one.whatsapp)
        for group, one in draft.details
    )
    return Card(name, draft.names.get("org", ""), details)
