"""The page in an export: what is kept of a person, for them to read. It works from a file.

Nothing in it runs, and nothing is fetched. Whatever others wrote is escaped, in a place of its own
direction.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

from lib.export.spool import Spool
from lib.reply import export_texts as texts
from lib.reply.phrase import Say

_HEAD = """<!doctype html>
<html>
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{title}</title>
<style>
body {{ max-width: 44rem; margin: 0 auto; padding: 1rem; font: 1rem/1.5 system-ui, sans-serif }}
dl {{ display: grid; grid-template-columns: max-content 1fr; gap: 0 1rem; margin: 0 0 1rem }}
dt, time {{ opacity: .7 }}
dd {{ margin: 0 }}
dd, article p {{ overflow-wrap: anywhere; white-space: pre-wrap; unicode-bidi: plaintext }}
article {{ margin: 0 4rem 1rem 0; padding: .5rem 1rem; border: 1px solid; border-radius: .75rem }}
article.user {{ margin: 0 0 1rem 4rem; border-style: dashed }}
article p {{ margin: 0 }}
</style>
</head>
<body>
<h1 dir="auto">{title}</h1>
<p dir="auto">{made}</p>
<p dir="auto">{all_of_it}</p>
"""
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MINUTE = len("2026-11-28T10:00")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?\+00:00")


def page(
    person: Mapping[str, Any], spool: Spool, files: Sequence[Mapping[str, str]], made: str, say: Say
) -> Iterator[str]:
    """Give the page, a piece at a time; ``made`` is when that is."""

    def heading(phrase: str) -> str:
        return f'<h2 dir="auto">{shown(say(phrase))}</h2>\n'

    head = {"title": texts.TITLE, "made": texts.made(made), "all_of_it": texts.all_of_it(_FILE)}
    yield _HEAD.format_map({name: shown(say(phrase)) for name, phrase in head.items()})
    yield heading(texts.PERSON) + _facts(person)
    for phrase, section in _LISTS.items():
        yield heading(phrase)
        yield from map(_facts, _read(spool, section))
        yield from _nothing(say) if not spool.count(section) else ()
    yield heading(texts.CONVERSATION)
    speakers = {"user": say(texts.PERSON), "assistant": say(texts.ASSISTANT)}
    yield from (_said(one, speakers) for one in _read(spool, "messages"))
    yield from _nothing(say) if not spool.count("messages") else ()
    if files:
        yield heading(texts.FILES) + "".join(map(_link, files))
    yield "</body>\n</html>\n"


def shown(text: str) -> str:
    """Return a text as HTML."""
    return escape(_UNSEEN.sub("", text))


_FILE = "export.json"
_LISTS = {
    texts.SETTINGS: "sessions",
    texts.PERMISSIONS: "permissions",
    texts.CONSENTS: "consents",
}


def _read(spool: Spool, section: str) -> Iterator[Mapping[str, Any]]:
    return map(json.loads, spool.lines(section))


def _nothing(say: Say) -> Iterator[str]:
    yield f'<p dir="auto">{shown(say(texts.NOTHING))}</p>\n'


def _facts(document: Mapping[str, Any]) -> str:
    """What stands in a document, as far as it is said in a few words."""
    rows = (_row(name, value) for name, value in document.items() if not _is_left_out(value))
    return f"<dl>{''.join(rows)}</dl>\n"


def _is_left_out(value: Any) -> bool:
    is_list = isinstance(value, list) and all(isinstance(one, str) for one in value)
    return value in (None, "", []) or (isinstance(value, dict | list) and not is_list)


def _row(name: str, value: Any) -> str:
    said = ", ".join(value) if isinstance(value, list) else str(value)
    said = _minute(said) if _TIME.fullmatch(said) else said
    return f'<dt>{shown(name)}</dt><dd dir="auto">{shown(said)}</dd>'


def _said(message: Mapping[str, Any], speakers: Mapping[str, str]) -> str:
    role = "user" if message.get("role") == "user" else "assistant"
    at = str(message.get("created_at", ""))
    time = f'<time datetime="{shown(at)}">{shown(_minute(at))}</time>' if at else ""
    said = shown(str(message.get("content", "")))
    return (
        f'<article class="{role}"><strong><bdi>{shown(speakers[role])}</bdi></strong> {time}'
        f'<p dir="auto">{said}</p></article>\n'
    )


def _minute(at: str) -> str:
    """A time in UTC as people read it."""
    return f"{at[:_MINUTE].replace('T', ' ')} UTC"


def _link(file: Mapping[str, str]) -> str:
    return f'<p><a href="{shown(file["file"])}">{shown(file["file"])}</a></p>\n'
