"""Who may talk to a server on this machine: its own pages and programs, no other website.

A browser attaches nothing that says "this machine only", so a page from elsewhere could post
here, or read answers after rebinding its own name to 127.0.0.1. Both are refused.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request

_LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


def guard(app: Flask, prefix: str = "/") -> None:
    """Refuse requests to paths under ``prefix`` that another website may have caused."""

    @app.before_request
    def check() -> Response | None:
        if not request.path.startswith(prefix):
            return None
        reason = refusal()
        return Response(f"{reason}\n", 403, mimetype="text/plain") if reason else None


def refusal() -> str:
    """Return why the current request is refused; empty if it is welcome."""
    if _name(f"//{request.host}") not in _LOOPBACK:
        return "This server is for this machine: open it as http://127.0.0.1"
    if request.headers.get("Sec-Fetch-Site", "none") not in {"same-origin", "none"}:
        is_link = request.method == "GET" and request.headers.get("Sec-Fetch-Mode") == "navigate"
        return "" if is_link else "Requests from other sites are refused"
    origin = request.headers.get("Origin")
    if origin is None or request.method in _SAFE:
        return ""
    return (
        "" if urlsplit(origin).netloc == request.host else "Requests from other sites are refused"
    )


def _name(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""
