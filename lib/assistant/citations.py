"""Marks of sources that a model's own page resolves and nobody else can.

Sources: OpenAI's "Assistants API, annotations" (【12:0†file】) and "Model spec" of ChatGPT's own
page (private-use characters around ``cite``, ``entity``, ``url``; ``:contentReference``;
``oai_citation``), Codex (【F:path†L1】), Gemini's ``[cite: 1]``.
"""

import json
import re

_TURN = r"turn\d{1,6}[a-z]{1,20}\d{1,6}"

PATTERN = rf"""
      (?<=【)(?:[^【】†\n]{{1,200}}+†[^【】\n]{{1,200}}+
        | oaicite:\d{{1,6}}+ | {_TURN}(?:[,、\s]{{0,2}}{_TURN}){{0,20}})】
    | (?<=:)(?:contentReference|citation)\[oaicite:\d{{1,6}}\](?:\{{index=\d{{1,6}}\}})?
    | (?<=\ue200)(?P<private>[^\ue200\ue201\n]{{0,2000}}+)\ue201
    | (?<=[\ue200-\ue20f])(?:[\ue201-\ue20f]|\ue200(?=\ue200))*+
"""
"""Regular expressions (``re.VERBOSE``) of what follows the first character of each mark."""

SQUARE = r"""
      cite(?:_start|_end|:[\d\s,.-]{1,100}+)\](?!\()
    | oai_citation(?:_attribution)?:\d{1,6}+‡(?P<page>[^\[\]\n]{0,300}+)\]
      (?:\((?P<address>[^()\s]{0,2000}+)\))?
"""
"""The same behind a square bracket."""

BARE_SIGN = "citeturn"
BARE = re.compile(rf"(?:file|image)?cite(?:{_TURN}){{1,20}}")
"""The same without its private-use characters, as some servers send it; it holds BARE_SIGN."""


def said(match: re.Match[str]) -> str:
    """What is said in place of a mark: nothing, but for the name of a thing or of a page."""
    if match.lastgroup is None:
        return ""
    if match["private"]:
        kind, *fields = match["private"].split("\ue202")
        return _FIELDS.get(kind.strip(), lambda _: "")(fields)
    if match["address"] and match["address"].startswith(("http://", "https://")):
        return f"[{match['page']}]({match['address']})"
    return ""


def _entity(fields: list[str]) -> str:
    try:
        _, name, *_ = json.loads(fields[0])
    except (ValueError, RecursionError, LookupError, TypeError):
        return ""
    return name if isinstance(name, str) else ""


def _url(fields: list[str]) -> str:
    label, address = [*fields, "", ""][:2]
    known = address.startswith(("http://", "https://"))
    return f"[{label}]({address})" if known and label else label or address


_FIELDS = {"entity": _entity, "url": _url}
