"""What an operator needs to know where an assistant cannot be asked: place, reply and way out.

No word of the reply is repeated but the short name of an error; of the address, nothing that may be
secret.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

from lib.assistant import endings
from lib.assistant.exchange import REFUSALS, SUCCESS, Reply, kind_of, place_of
from lib.errors import AssistantDeclinedError, AssistantError, AssistantRefusedError
from lib.model import Assistant

_MISPLACED = frozenset({404, 405, 501})
_UNFIT = frozenset({400, 422})
_MOST_READ = 64 * 1024
# Names of errors have no digits but at their end; keys and numbers have.
_NAME = re.compile(r"[A-Za-z][A-Za-z_. -]{1,39}|\d{3,4}")


def check_status(reply: Reply, assistant: Assistant) -> None:
    """Return if a reply says success.

    Raises:
        AssistantRefusedError: it did not let us in.
        AssistantDeclinedError: a filter did not let the question through.
        AssistantError: it failed. Its words stay where they are: they may hold code and paths.
    """
    if reply.status == SUCCESS:
        return
    names = list(error_names(reply))
    kind = AssistantError
    if reply.status in REFUSALS:
        kind = AssistantRefusedError
    elif any(map(endings.is_declined, names)):
        kind = AssistantDeclinedError
    told = f" ({', '.join(names)})" if names else ""
    raise kind(f"HTTP {reply.status}{told}{_place(reply)}{_status_advice(reply, assistant)}")


def explained(error: AssistantError, reply: Reply, assistant: Assistant) -> AssistantError:
    """The same error with what came from where, and with what to change if that is clear."""
    return type(error)(f"{error}{_place(reply)}{_shape_advice(error, reply, assistant)}")


def _place(reply: Reply) -> str:
    kind = kind_of(reply.content_type)[:60] or "no content type"
    return f"; asked {place_of(reply.url)}, got {kind}"


def _status_advice(reply: Reply, assistant: Assistant) -> str:
    settings, status = assistant.settings, reply.status
    url = "the assistant's url" if settings.get("url") else "ASSISTANT_API_URL"
    model = "ASSISTANT_MODEL or the assistant's model"
    if status in REFUSALS:
        own = "the key that the assistant's api_key_env names"
        key = own if settings.get("api_key_env") else "ASSISTANT_API_AUTH and ASSISTANT_API_KEY"
        return f"; check {key}"
    if 300 <= status < 400:  # noqa: PLR2004 - HTTP's redirections
        return f"; it is elsewhere, and nobody is followed there: check {url}"
    if assistant.backend == "openai" and status in _MISPLACED | _UNFIT:
        is_model = status in _UNFIT or b"model" in reply.body[:_MOST_READ].lower()
        base = f"{url} (the base of the API, which often ends in /v1)"
        return (
            f"; check {model}" + ("" if status in _UNFIT else f" and {base}")
            if is_model
            else (f"; check {base}, or ASSISTANT_BACKEND=vac")
        )
    if status in _MISPLACED:
        return f"; check {url} and ASSISTANT_API_PATH, or ASSISTANT_BACKEND=openai"
    return ""


def _shape_advice(error: AssistantError, reply: Reply, assistant: Assistant) -> str:
    body = reply.body[:_MOST_READ].lstrip().lower()
    is_openai = assistant.backend == "openai"
    if body.startswith((b"<!doctype html", b"<html")):
        return "; a web page came back: check ASSISTANT_API_URL or the assistant's url"
    if is_openai and b'"answer"' in body and b'"choices"' not in body:
        return "; it speaks the other API: set ASSISTANT_BACKEND=vac, or the assistant's backend"
    if not is_openai and b'"choices"' in body and b'"answer"' not in body:
        return "; it speaks the other API: set ASSISTANT_BACKEND=openai, or the assistant's backend"
    own = b'"choices"' if is_openai else b'"answer"'
    if type(error) is AssistantError and own not in body and b'"error"' not in body:
        other = "vac" if is_openai else "openai"
        return f"; check ASSISTANT_API_URL or the assistant's url, or ASSISTANT_BACKEND={other}"
    return ""


def error_names(reply: Reply) -> Iterator[str]:
    """The short names that a reply gives its error: never a sentence, never a key."""
    try:
        document: Any = json.loads(reply.body) if len(reply.body) <= _MOST_READ else None
    except (ValueError, RecursionError):
        return
    found = document[0] if isinstance(document, list) and document else document
    error = found.get("error") if isinstance(found, dict) else None
    for name in ("code", "type", "status"):
        value = error.get(name) if isinstance(error, dict) else None
        if isinstance(value, str | int) and _NAME.fullmatch(str(value)):
            yield str(value)
