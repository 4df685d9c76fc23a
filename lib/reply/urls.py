"""URLs: text that must come out untouched, whatever marks are in it."""

import re
from urllib.parse import quote

from lib.reply.standins import hiding, without_marks

_BODY = r"(?:[^\s<>\[\]()\"`]|\([^\s()<>]*\))+"
BARE_URL = re.compile(rf"(?:https?://|www\.){_BODY}")
# A set of first characters first: that is searched for many times faster.
_URL = re.compile(
    r"[\]<Hh](?:(?P<target>(?<=\])\(\s*<?|(?<=<))(?i:https?://)"
    rf"|(?<=[Hh])(?<![A-Za-z0-9].)(?i:ttps?://)){_BODY}"
)
_MARKS = "*_~"
_MARK = re.compile(r"[*_~]")
# No single ones of ``_``, which are common in URLs.
_RUN = re.compile(r"\*+|__+|~~+")
_NEAR = 500
"""How far before a URL the beginning of a style is looked for."""

# What ends a sentence, a pair or a quotation after a URL rather than the URL itself.
_NOT_AT_END = "*_~.,;:!?'"
_HIDING = hiding("*_~\\&")
_LONE_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"((?:https?:)?//(?:[^/?#]*@)?|mailto:[^@]*@)([^/?#:]+)", re.IGNORECASE)


def hide_marks(markdown: str) -> str:
    """Return the Markdown with stand-ins for what its bare URLs have in common with Markdown."""
    return _URL.sub(_hidden, markdown) if "://" in markdown else markdown


def without_urls(line: str) -> str:
    """The line as far as marks go: a phone makes links first, whatever marks are in them."""
    if "://" not in line and "www." not in line:
        return line
    return BARE_URL.sub(_without_marks, line)


def encoded(url: str) -> str:
    """Return the target of a link so that a phone sees where it ends."""
    if not url.isascii():
        url = _HOST.sub(lambda found: found[1] + _ascii_host(found[2]), url, count=1)
    return quote(_LONE_PERCENT.sub("%25", url), safe=";/?:@&=+$,-_.!~*'()#%")


def _without_marks(url: re.Match[str]) -> str:
    kept = url[0].rstrip(_MARKS)
    return _MARK.sub("/", kept) + url[0][len(kept) :]


def _hidden(url: re.Match[str]) -> str:
    if url["target"] is not None:
        # The target of a link is no text: escapes and entities in it are to be read.
        kept = url[0].rstrip(_NOT_AT_END)
        return without_marks(kept) + url[0][len(kept) :]
    kept = _without_style(url).rstrip(_NOT_AT_END)
    return kept.translate(_HIDING) + url[0][len(kept) :]


def _without_style(url: re.Match[str]) -> str:
    """A URL up to where a style ends that begins before it: ``**see https://example.com**です``."""
    run = _RUN.search(url[0])
    if run is None:
        return url[0]
    before = url.string[max(url.start() - _NEAR, 0) : url.start()].rpartition("\n")[2]
    is_begun = _RUN.findall(before).count(run[0]) % 2
    return url[0][: run.start()] if is_begun else url[0]


def _ascii_host(host: str) -> str:
    return ".".join(map(_ascii_label, host.split(".")))


def _ascii_label(label: str) -> str:
    return label if label.isascii() else f"xn--{label.encode('punycode').decode()}"
