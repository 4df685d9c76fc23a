"""What languages are called, in every language that the gateway speaks.

Source: Unicode CLDR's names of languages, and what else people call them.
"""

import re
from collections.abc import Iterator, Mapping
from unicodedata import category, normalize

from lib.model.language import known

AUTOMATIC = "auto"
"""What stands for the language that a person writes in."""

OWN: Mapping[str, str] = {
    "en": "English",
    "es": "Español",
    "pt": "Português",
    "fr": "Français",
    "de": "Deutsch",
    "it": "Italiano",
    "da": "Dansk",
    "no": "Norsk",
    "ar": "العربية",
    "hi": "हिन्दी",
    "zh": "中文",
    "ja": "日本語",
}
"""As those call them who speak them."""

ENGLISH_NAMES: Mapping[str, str] = {
    "en": "English",
    "es": "Spanish",
    "pt": "Portuguese",
    "fr": "French",
    "de": "German",
    "it": "Italian",
    "da": "Danish",
    "no": "Norwegian",
    "ar": "Arabic",
    "hi": "Hindi",
    "zh": "Chinese",
    "ja": "Japanese",
}

_LONGEST_NAME, _LONGEST_TAG = 60, 12
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_NAMES = {
    "en": "inglés, inglês, anglais, englisch, inglese, engelsk, الإنجليزية, إنجليزي, انجليزي, "
    "अंग्रेज़ी, अंग्रेजी, इंग्लिश, 英语, 英文, 英語",
    "es": "castellano, espanhol, espagnol, spanisch, spagnolo, spansk, الإسبانية, إسباني, اسباني, "
    "स्पेनिश, स्पैनिश, 西班牙语, 西班牙文, 西語, スペイン語",
    "pt": "portugués, brasileiro, português brasileiro, portugais, portugiesisch, portoghese, "
    "portugisisk, البرتغالية, برتغالي, पुर्तगाली, 葡萄牙语, 葡萄牙文, 葡語, ポルトガル語",
    "fr": "francés, francês, französisch, francese, fransk, الفرنسية, فرنسي, फ़्रेंच, फ्रेंच, "
    "फ़्रांसीसी, 法语, 法文, 法語, フランス語",
    "de": "alemán, alemão, allemand, tedesco, tysk, الألمانية, ألماني, الماني, जर्मन, 德语, 德文, "
    "德語, ドイツ語",
    "it": "italien, italienisch, italiensk, الإيطالية, إيطالي, ايطالي, इतालवी, इटैलियन, 意大利语, "
    "義大利文, イタリア語",
    "da": "danés, dinamarquês, danois, dänisch, danese, الدنماركية, دنماركي, डेनिश, 丹麦语, 丹麥文, "
    "デンマーク語",
    "no": "bokmål, norsk bokmål, nynorsk, noruego, norueguês, norvégien, norwegisch, norvegese, "
    "النرويجية, نرويجي, नॉर्वेजियन, 挪威语, 挪威文, ノルウェー語",
    "ar": "árabe, arabe, arabisch, arabo, arabisk, عربي, عربية, अरबी, 阿拉伯语, "
    "阿拉伯文, アラビア語",
    "hi": "hindú, hindou, الهندية, هندي, हिंदी, 印地语, 印地文, ヒンディー語",
    "zh": "chino, chinês, chinois, chinesisch, cinese, kinesisk, mandarin, الصينية, صيني, चीनी, "
    "汉语, 漢語, 普通话, 华语, 简体中文, 繁體中文, 中国語",
    "ja": "japonés, japonês, japonais, japanisch, giapponese, japansk, اليابانية, ياباني, जापानी, "
    "日语, 日文, 日語",
    AUTOMATIC: "automatic, automático, automatique, automatisch, automatico, automatisk, تلقائي, "
    "स्वचालित, ऑटो, 自动, 自動",
}


def code_of(wanted: str) -> str:
    """Return the code of a language that is named in any of ours, or by a tag; empty for no name.

    ``AUTOMATIC`` is returned for its names. Accents, case and what is no letter do not count; a
    name may have its code behind it, as it has in our list.
    """
    spelt = _letters(wanted)
    for code, names in _all():
        if spelt and any(spelt in {_letters(name), _letters(name + code)} for name in names):
            return code
    tag = _EDGES.sub("", wanted[: 2 * _LONGEST_TAG])
    return known(tag) if len(tag) <= _LONGEST_TAG else ""


def _all() -> Iterator[tuple[str, list[str]]]:
    for code, names in _NAMES.items():
        own = [OWN.get(code, AUTOMATIC), ENGLISH_NAMES.get(code, AUTOMATIC)]
        yield code, [*own, *names.split(", ")]


def _letters(name: str) -> str:
    """The letters of a name without the marks that stand over and under them."""
    apart = normalize("NFKD", name[:_LONGEST_NAME]).casefold()
    return "".join(one for one in apart if category(one)[0] == "L")
