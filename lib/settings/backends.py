"""Which API the assistants at the gateway's own URL speak: told, or guessed where clear."""

import re
from typing import NamedTuple
from urllib.parse import urlsplit

from lib.settings.reader import Settings

VAC, OPENAI = "vac", "openai"
CHOICES = ("auto", VAC, OPENAI)
"""What ``ASSISTANT_BACKEND`` may be; the first is the default."""

_CHAT = "/chat/completions"
# How the base URLs of OpenAI-compatible servers end: /v1 of OpenAI and nearly everybody, others by
# their documentation (Gemini /v1beta/openai, Vertex AI /endpoints/openapi, Zhipu /paas/v4).
_OPENAI_PATH = re.compile(r"/(?:v\d+(?:alpha|beta)?\d*|openai|openapi)$|/chat/completions$")


class Backend(NamedTuple):
    """The name of an API, and what tells it."""

    name: str
    reason: str


def backend_of(told: str, settings: Settings) -> Backend:
    """Return the backend; settings that contradict each other are noted as wrong.

    What is ``told``, one of ``CHOICES``, wins. Otherwise a model, or an address that ends as those
    of OpenAI-compatible servers do, means ``openai``; a path of one's own means ``vac``.
    """
    ending = _ending(settings.text("ASSISTANT_API_URL"))
    model, path = settings.text("ASSISTANT_MODEL"), settings.text("ASSISTANT_API_PATH")
    if told == VAC and model:
        settings.refuse("ASSISTANT_MODEL", "is for openai, but ASSISTANT_BACKEND is vac")
    if told == OPENAI and path:
        settings.refuse("ASSISTANT_API_PATH", "is for vac, but ASSISTANT_BACKEND is openai")
    if told == VAC and ending == _CHAT:
        settings.refuse("ASSISTANT_API_URL", f"ends in {_CHAT}, but ASSISTANT_BACKEND is vac")
    if told in {VAC, OPENAI}:
        return Backend(told, "ASSISTANT_BACKEND is set")
    if path and (model or ending == _CHAT):
        rival = "ASSISTANT_MODEL" if model else "the end of ASSISTANT_API_URL"
        settings.refuse("ASSISTANT_API_PATH", f"is for vac, and {rival} for openai: keep one")
    return _guess(path, model, ending)


def base_of(url: str) -> str:
    """The URL without the path that is appended to it, for those who give the whole one."""
    return url.removesuffix(_CHAT)


def is_google(url: str) -> bool:
    """Whether a URL is of Google's APIs, the only ones that take an access token of Google's."""
    parts = urlsplit(url)
    return parts.scheme == "https" and (parts.hostname or "").endswith(".googleapis.com")


def _guess(path: str, model: str, ending: str) -> Backend:
    if model:
        return Backend(OPENAI, "ASSISTANT_MODEL is set")
    if path:
        return Backend(VAC, "ASSISTANT_API_PATH is set")
    if ending:
        return Backend(OPENAI, f"ASSISTANT_API_URL ends in {ending}")
    return Backend(VAC, "nothing says otherwise")


def _ending(url: str) -> str:
    """The end of a URL's path that only OpenAI-compatible servers have; empty if it has none."""
    try:
        path = urlsplit(url).path
    except ValueError:  # which is complained about elsewhere
        return ""
    found = _OPENAI_PATH.search(path.rstrip("/").lower())
    return found[0] if found else ""
