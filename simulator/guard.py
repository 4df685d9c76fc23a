"""Who may talk to a server on this machine: its own pages and programs, nobody else.

A browser attaches nothing that says "this machine only", so a page from elsewhere could post
here, or read answers after rebinding its own name to 127.0.0.1. Both are refused, and whatever
comes through a tunnel.
"""

from flask import Flask, Response, request
from werkzeug.wrappers import Request

from lib.twilio import locality


def guard(app: Flask) -> None:
    """Refuse every request that somebody else than this machine may have caused."""

    @app.before_request
    def check() -> Response | None:
        reason = refusal(request)
        return Response(f"{reason}\n", 403, mimetype="text/plain") if reason else None


def refusal(asked: Request) -> str:
    """Return why a request is refused; empty if it is welcome."""
    return locality.refusal(asked.headers, asked.host, asked.method)
