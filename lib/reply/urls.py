"""Bare URLs: text that must come out untouched, whatever marks are in it."""

import re

from markdown_it.rules_inline import StateInline

BARE_URL = re.compile(r"(?:https?://|www\.)(?:[^\s<>\[\]()\"`]|\([^\s()<>]*\))+")
_SCHEME = re.compile(r"(?<![A-Za-z0-9])https?$")
_AFTER_SCHEME = re.compile(r"://(?:[^\s<>\[\]()\"`]|\([^\s()<>]*\))+")
# What ends a sentence, a pair or a quotation after a URL rather than the URL itself.
_NOT_AT_END = "*_~.,;:!?'"
_LONGEST_SCHEME = 6


def take_bare_url(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - the parser's own form
    """Take what follows a scheme as plain text: an inline rule of the parser.

    The parser's text rule stops at every colon, so this one need only look there.
    """
    if not state.src.startswith("://", state.pos):
        return False
    if not _SCHEME.search(state.pending[-_LONGEST_SCHEME:].lower()):
        return False
    match = _AFTER_SCHEME.match(state.src, state.pos, state.posMax)
    url = match[0].rstrip(_NOT_AT_END) if match else ""
    if len(url) <= len("://"):
        return False
    if not silent:
        state.pending += url
    state.pos += len(url)
    return True
