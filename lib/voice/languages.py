"""Languages as Whisper calls them, and by their codes.

Source: ``LANGUAGES`` in openai/whisper, ``whisper/tokenizer.py``: names in English, ISO 639-1, but
for a few languages that have no code there.
"""

import re

_CODE = re.compile("[a-z]{2,3}")
_NAMES = """
afrikaans af albanian sq amharic am arabic ar armenian hy assamese as azerbaijani az bashkir ba
basque eu belarusian be bengali bn bosnian bs breton br bulgarian bg cantonese yue catalan ca
chinese zh croatian hr czech cs danish da dutch nl english en estonian et faroese fo finnish fi
french fr galician gl georgian ka german de greek el gujarati gu haitian-creole ht hausa ha
hawaiian haw hebrew he hindi hi hungarian hu icelandic is indonesian id italian it japanese ja
javanese jw kannada kn kazakh kk khmer km korean ko lao lo latin la latvian lv lingala ln
lithuanian lt luxembourgish lb macedonian mk malagasy mg malay ms malayalam ml maltese mt maori mi
marathi mr mongolian mn myanmar my nepali ne norwegian no nynorsk nn occitan oc pashto ps
persian fa polish pl portuguese pt punjabi pa romanian ro russian ru sanskrit sa serbian sr
shona sn sindhi sd sinhala si slovak sk slovenian sl somali so spanish es sundanese su swahili sw
swedish sv tagalog tl tajik tg tamil ta tatar tt telugu te thai th tibetan bo turkish tr
turkmen tk ukrainian uk urdu ur uzbek uz vietnamese vi welsh cy yiddish yi yoruba yo
"""
_WORDS = _NAMES.split()
_CODES = dict(zip(_WORDS[::2], _WORDS[1::2], strict=True))


def code_of(told: object) -> str:
    """Return the code of a language, told by its name or its code; empty if it is neither."""
    if not isinstance(told, str):
        return ""
    name = told.strip().lower()[:40]
    code = _CODES.get(name.replace(" ", "-"), name.partition("-")[0])
    return code if _CODE.fullmatch(code) else ""
