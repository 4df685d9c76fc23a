"""Words as they can be said: without what is only to be seen, and no longer than they may be.

Sources: Unicode Character Database (General_Category), UTS #51 (emoji).
"""

import regex

from lib.reply.plain import cut

LINK, CODE, TABLE = "\U0003fffe", "\U0003ffff", "\U0004fffe"
"""Stand for what cannot be said: code points that are no characters, and in no text."""

_STAND_INS = str.maketrans(
    {LINK: "a link", CODE: "For the code, see the text", TABLE: "For the table, see the text"}
)
_THE_REST = "The rest is in the text."

_UNSPACED = r"\p{Han}\p{Hiragana}\p{Katakana}"
"""Scripts without blanks: a sentence may go on in them right behind a URL."""

_BODY = rf"(?:[^\s<>()\"`{_UNSPACED}\u3000-\u303f\uff00-\uffef]|\([^\s()<>]*\))+"
# But not where a label of its host begins in one: https://日本語.jp/
_LABELS = rf"(?:[a-z0-9-]++\.|[{_UNSPACED}ー]++\.?+)++"
# With a scheme or www, or as people write them; the name of a host alone reads well. Each run of
# signs is looked at once, from its first one.
_URL = regex.compile(
    rf"(?:(?<![a-z0-9+.\-])[a-z0-9+.\-]*+://|\bwww\.)(?P<rest>{_LABELS}(?:{_BODY})?|{_BODY})"
    rf"|(?<![a-z0-9.\-])(?:[a-z0-9-]++\.)++[a-z]{{2,}}+/(?P<rest>{_BODY})",
    regex.IGNORECASE,
)
# What ends a sentence or a quotation behind a URL rather than the URL itself.
_NOT_AT_END = "*_~.,;:!?'’”»…]}"
# Pictures, and the signs that only draw something; a few of these have words of their own.
_PICTURES = regex.compile(
    r"""(?V1)(?:[\p{Extended_Pictographic}\p{Emoji_Presentation}\p{Emoji_Modifier}\p{RI}\p{Co}
    [\p{So}--[°№℃℉]]][\u200d\ufe0e\ufe0f\u20e3\U000e0020-\U000e007f]*+)++|[\ufe0e\ufe0f\u20e3•‣⁃]""",
    regex.VERBOSE,
)
_ARROWS = regex.compile(r"[\u2190-\u21ff\u27f0-\u27ff]|(?<![-=<])<?[-=]++>")
_CITATION = regex.compile(r"\[\^?\d{1,3}\]")
_TIMES = regex.compile(r"(?<=\d)\s?\*\s?(?=\d)")
_BETWEEN = regex.compile(r"(?<=\w)_+(?=\w)|[|\\]+")
_MARKS = regex.compile(r"[*_~`^]|(?<!\w)#+(?!\w)|^>+")
_EMPTY = regex.compile(r"\(\s?\)|\[\s?\]|\{\s?\}|\"\s?\"|“\s?”")
_BEFORE_STOP = regex.compile(r"\s(?=[,;:.!?…](?:\s|$))|[,;](?=\s?[,;.!?])")
_AT_START = regex.compile(r"^(?:[\s,;:.!?…/)\]}]|[-–—](?=\s|$))+")
_AT_END = " ,/([{–—-"
_IS_SENTENCE = regex.compile(r"[.!?…:;。！？।॥؟][\"'”’)\]»」』）]*$")
# Neither the number of an item nor an abbreviation, which goes on with a small letter.
_SENTENCE_END = regex.compile(
    r"(?<!\b\d{1,3}\.)(?<=[.!?…])[\"'”’)\]»]*+(?=\s+(?!\p{Ll}))|[。！？।॥؟][”’」』）]*+"
)
_LEAST_USED = 0.3


def sentence(words: str) -> str:
    """Return words as a sentence that can be said; nothing where nothing can."""
    text = _ARROWS.sub(", ", _PICTURES.sub(" ", _URL.sub(_link, words)))
    text = _one_blank(_CITATION.sub("", text))
    text = _MARKS.sub("", _BETWEEN.sub(" ", _TIMES.sub(" × ", text)))
    text = _BEFORE_STOP.sub("", _one_blank(_EMPTY.sub("", _one_blank(text))))
    # What stood between their parts may have hidden further ones.
    text = _one_blank(_URL.sub(_link, text).replace("://", " "))
    text = _AT_START.sub("", text).rstrip(_AT_END)
    if not has_words(text) and not any(one in text for one in (LINK, CODE, TABLE)):
        return ""
    return text if _IS_SENTENCE.search(text) else f"{text}."


def has_words(text: str) -> bool:
    """Whether a text with stand-ins has anything else that can be said."""
    return any(map(str.isalnum, text))


def shown(text: str) -> str:
    """Return the text with words for its stand-ins."""
    return text.translate(_STAND_INS)


def shortened(text: str, most: int) -> str:
    """Return the beginning of a text of sentences, at most so many characters; it says so."""
    if len(text) <= most:
        return text
    room = most - len(_THE_REST) - 2
    ends = [found.end() for found in _SENTENCE_END.finditer(text, 0, room + 1)]
    if ends and room * _LEAST_USED < ends[-1] <= room:
        return f"{text[: ends[-1]]} {_THE_REST}"
    return f"{cut(text[:room], room)[0]}… {_THE_REST}"


def _one_blank(text: str) -> str:
    return " ".join(text.split())


def _link(found: "regex.Match[str]") -> str:
    """A stand-in, and what stands behind a URL and is none of it."""
    rest = found["rest"]
    kept = rest.rstrip(_NOT_AT_END)
    return LINK + rest[len(kept) :]
