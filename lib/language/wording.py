"""Saying a phrase in a language."""

from collections.abc import Mapping
from typing import Any

from lib.language.direction import RIGHT_TO_LEFT, begun, isolated, with_isolated_commands
from lib.language.files import sentences_in
from lib.reply.phrase import Phrase
from lib.reply.visible import clean


def worded(text: str, code: str) -> str:
    """Return a phrase in a language, in WhatsApp's formatting; other texts as they are.

    What others wrote in it, such as an assistant's name, is without characters that cannot be
    seen: so all marks of direction are ours.
    """
    if not isinstance(text, Phrase):
        return text
    sentences = sentences_in(code)
    if code in RIGHT_TO_LEFT:
        return begun(_worded(text, sentences, rtl=True))
    return clean(_worded(text, sentences, rtl=False))


def _worded(phrase: Phrase, sentences: Mapping[str, str], *, rtl: bool) -> str:
    form = sentences.get(phrase.key, phrase.form)
    if rtl and phrase.key:
        form = with_isolated_commands(form)
    if phrase.values is None:
        return form
    values = {name: _value(one, sentences, rtl=rtl) for name, one in phrase.values.items()}
    return form.format_map(values)


def _value(value: Any, sentences: Mapping[str, str], *, rtl: bool) -> str:
    if isinstance(value, Phrase):
        return _worded(value, sentences, rtl=rtl)
    if isinstance(value, str):
        return isolated(clean(value)) if rtl else value
    return str(value).replace(".", sentences.get("decimal_mark", "."))
