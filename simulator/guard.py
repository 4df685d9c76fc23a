"""Who may talk to a server on this machine: its own pages and programs, no other website.

A browser attaches nothing that says "this machine only", so a page from elsewhere could post
here, or read answers after rebinding its own name to 127.0.0.1. Both are refused.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request
from werkzeug.wrappers import Request

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
_REFUSED = "Requests from other sites are refused"


def guard(app: Flask) -> None:
    """Refuse every request that another website may have caused."""

    @app.before_request
    def check() -> Response | None:
        reason = refusal(request)
        return Response(f"{reason}\n", 403, mimetype="text/plain") if reason else None


def refusal(asked: Request) -> str:
    """Return why a request is refused; empty if it is welcome."""
    if _name(f"//{asked.host}") not in _LOOPBACK:
        return "This server is for this machine: open it as http://127.0.0.1"
    if asked.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        is_link = asked.method == "GET" and asked.headers.get("Sec-Fetch-Mode") == "navigate"
        return "" if is_link else _REFUSED
    origin = asked.headers.get("Origin")
    if origin is None or asked.method in _SAFE:
        return ""
    return "" if urlsplit(origin).netloc == asked.host else _REFUSED


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
