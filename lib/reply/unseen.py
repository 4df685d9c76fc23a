"""Which characters that cannot be seen stay in a text, and which go.

Those stay that a script or an emoji needs, where it needs them: see ``_NEEDED``.

Sources: Unicode Character Database (General_Category, Default_Ignorable_Code_Point,
Prepended_Concatenation_Mark, Script_Extensions, Emoji); UAX #31, section 2.3 (joiners); UAX #14
(U+200B); UAX #9 (directions); UTS #51 (emoji); UTS #37 (ideographs); ECMA-48 (escape sequences).
"""

import regex

_ESCAPE = regex.compile(
    r"""\x1b\[[0-?]*+[ -/]*+[@-~]?+ | \x9b[0-?]++[@-~]
    | (?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x9c\n]{0,2000}+(?:\x07|\x1b\\|\x9c)
    | \x1b(?:[()*+\#%][0-9A-Za-z@]|[\]PX^_=>78])""",
    regex.VERBOSE,
)
_LINE_END = regex.compile(r"\r\n?+|[\x0b\x0c\x85\u2028]")
# A flag of a part of a country is a black flag with its code in characters that have no width.
_FLAG = r"\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{1,6}\U000e007f"
_UNSEEN = regex.compile(
    rf"(?V1){_FLAG}|(?P<run>[\p{{Cc}}\p{{Cf}}\p{{DI}}\p{{NChar}}--\p{{PCM}}--[\n\t]]+)"
)
# What has a shape, so that somebody sees that something was said: no blanks, and none of the
# characters that are drawn as blanks (braille without dots, a note without a head, fillers).
_SEEN = regex.compile(
    r"(?V1)[^\s\p{Z}\p{Cc}\p{Cf}\p{DI}\p{NChar}\u2800\ufffc\U0001d159\U00016fe4]|\p{PCM}"
)


def _of(scripts: str) -> str:
    return "[" + "".join(rf"\p{{scx={name}}}" for name in scripts.split()) + "]"


# Scripts whose letters join, or take another form where a joiner says so.
_JOINING = _of(
    "Adlm Arab Bali Beng Bugi Cakm Deva Gran Gujr Guru Java Khmr Knda Kthi Limb Mand Mani Mlym "
    "Mong Mymr Newa Nkoo Orya Phag Phlp Rohg Shrd Sinh Sogd Sund Syrc Taml Telu Tibt Tirh"
)
_LEFTWARDS = regex.compile(
    rf"(?V1)[{_of('Adlm Arab Hebr Mand Nkoo Rohg Samr Sogd Syrc Thaa Yezi')}&&\p{{L}}]"
)
_UNSPACED = _of("Khmr Lana Laoo Mymr Tale Talu Tavt Thai Tibt")
_VARIED = _of("Han Hira Kana Mymr Phag")
_JAMO = r"[\u1100-\u115e\u1161-\u11ff\ua960-\ua97f\ud7b0-\ud7ff]"
_PICTURE = r"[\p{Extended_Pictographic}\p{Emoji_Modifier}\p{RI}]"

# Which of them are needed: the character, and what stands directly before and behind it.
_NEEDED = regex.compile(
    rf"""(?V1)
      (?<={_PICTURE}|\ufe0f)\u200d(?=\p{{Extended_Pictographic}})  # family, professions
    | (?<=[{_JOINING}&&[\p{{L}}\p{{M}}]])[\u200c\u200d]            # Persian, Indic words
    | (?<={_PICTURE})[\ufe0e\ufe0f] | (?<=[0-9#*])\ufe0f(?=\u20e3) # how an emoji is drawn
    | (?<=[\p{{Sm}}\uff00-\uffef]|{_VARIED})[\ufe00-\ufe0f]       # how a sign is drawn
    | (?<=\p{{Han}})[\U000e0100-\U000e01ef]                        # how an ideograph is drawn
    | (?<={_of("Mong")})[\u180b-\u180f]
    | (?<={_UNSPACED})\u200b(?={_UNSPACED})                        # where a line may break
    | (?<=[{_of("Hebr")}&&\p{{M}}])\u034f(?=\p{{M}})               # the order of vowel signs
    | [\u115f\u1160](?={_JAMO}) | (?<={_JAMO})\u1160               # syllables of old Hangul
    | (?<={_of("Khmr")})[\u17b4\u17b5]
    | (?<={_of("Egyp")})[\U00013430-\U0001343f] | [\U00013437\U0001343c](?={_of("Egyp")})
    | (?<={_of("Dupl")})[\U0001bca0-\U0001bca3]
    """,
    regex.VERBOSE,
)
_NEAR = 40
_DIRECTIONS = "\u200e\u200f\u061c"
_BLANKS = "\u3164\uffa0"
"""Drawn as wide as a letter: they divide words, so a blank stands for them."""


def cleaned(text: str) -> str:
    """Return the text without what cannot be seen; see ``lib.reply.visible``."""
    text = _LINE_END.sub("\n", _ESCAPE.sub("", text)).replace("\u2029", "\n\n")
    pieces, position = [], 0
    for match in _UNSEEN.finditer(text):
        if match["run"]:
            pieces += [text[position : match.start()], _needed(text, *match.span())]
            position = match.end()
    return "".join((*pieces, text[position:]))


def is_seen(text: str) -> bool:
    """Whether anything of a text has a shape."""
    return bool(_SEEN.search(text))


def _needed(text: str, start: int, end: int) -> str:
    """What stays of a run of characters that cannot be seen."""
    kept = text[start - 1 : start]
    length = len(kept)
    for index in range(start, end):
        character = text[index]
        if character in _BLANKS:
            kept += " "
        elif character in _DIRECTIONS:
            is_first = character not in {kept[-1:], text[index - 1 : index]}
            kept += character if is_first and _turns(text, index) else ""
        elif _NEEDED.match(kept[-1:] + text[index : index + 2], len(kept[-1:])):
            kept += character
    return kept[length:]


def _turns(text: str, index: int) -> bool:
    """Whether letters that run from right to left stand near, in the same line."""
    before = text[max(0, index - _NEAR) : index].rpartition("\n")[2]
    after = text[index + 1 : index + _NEAR].partition("\n")[0]
    return bool(_LEFTWARDS.search(before + after))
