"""The page and its API, for browsers on this machine."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask import Response, abort, jsonify, request, send_from_directory
from werkzeug.exceptions import HTTPException

from simulator.guard import guard
from simulator.page import bench
from simulator.page.chat_page import ChatPage
from simulator.page.hub import TooManyPagesError
from simulator.page.views import contact_view, message_view
from simulator.page.writing import WritingError, uploaded, written
from simulator.site import Site
from simulator.twilio.contacts import Contact, new_user_id
from simulator.twilio.errors import ERRORS
from simulator.twilio.faults import error_fault
from simulator.twilio.media import MOST_BYTES
from simulator.twilio.media_api import served

_STATIC = Path(__file__).resolve().parent / "static"
_PHONE = re.compile(r"\+[1-9][0-9]{4,14}")
_MOST_CONTACTS = 100
_POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; "
    "object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
)


def create_app(chat_page: ChatPage) -> Site:
    """Return the page as a WSGI application."""
    app = Site(__name__, static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES + 64 * 1024
    view = _Views(chat_page)
    routes: list[tuple[str, str, Callable[..., Response]]] = [
        ("GET", "/", view.index),
        ("GET", "/static/<path:name>", view.static),
        ("GET", "/simulator/events", view.events),
        ("GET", "/simulator/media/<sid>", view.media),
        ("POST", "/simulator/chats/<contact>/messages", view.write),
        ("DELETE", "/simulator/messages", view.clear),
        ("POST", "/simulator/contacts", view.add_contact),
        ("POST", "/simulator/bench/<name>", view.break_it),
        ("DELETE", "/simulator/bench", view.disarm),
        ("POST", "/simulator/errors", view.add_error),
    ]
    for method, path, function in routes:
        app.add_url_rule(path, f"{method} {path}", function, methods=[method])
    guard(app)
    app.after_request(_protect)
    app.register_error_handler(WritingError, lambda error: _error(str(error), error.status))
    app.register_error_handler(
        HTTPException, lambda error: _error(_words(error), error.code or 500)
    )
    return app


@dataclass(frozen=True, slots=True)
class _Views:
    chat_page: ChatPage

    def index(self) -> Response:
        return send_from_directory(_STATIC, "index.html", max_age=0)

    def static(self, name: str) -> Response:
        return send_from_directory(_STATIC, name, max_age=0)

    def events(self) -> Response:
        try:
            stream = self.chat_page.hub.stream(self.chat_page.snapshot)
        except TooManyPagesError:
            return _error("Too many pages are open; close one.", 503)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return Response(stream, content_type="text/event-stream; charset=utf-8", headers=headers)

    def media(self, sid: str) -> Response:
        return served(self.chat_page.account.media.get(sid) or abort(404))

    def write(self, contact: str) -> Response:
        person = self._contact(contact)
        messages = self.chat_page.account.messages
        file = request.files.get("file")
        if file is not None:
            what = uploaded(file, request.form, messages)
        else:
            what = written(request.get_json(), messages)
        times = 1
        if self.chat_page.twice:
            self.chat_page.twice, times = self.chat_page.twice - 1, 2
        message = self.chat_page.phones.send(person.address, what, times)
        view = message_view(message, self.chat_page.account.media, message.sid)
        return _created(view)

    def clear(self) -> Response:
        self.chat_page.account.messages.clear()
        self.chat_page.account.media.clear()
        self.chat_page.forget()
        return Response(status=204)

    def add_contact(self) -> Response:
        document = _object()
        name, phone = (str(document.get(one) or "").strip() for one in ("name", "phone"))
        phone = re.sub(r"[ ()-]", "", phone)
        if not 1 <= len(name) <= 60:  # noqa: PLR2004 - what fits the list
            raise WritingError("A contact needs a name of at most 60 characters.")
        if phone and not _PHONE.fullmatch(phone):
            raise WritingError("A phone number looks like +15551234567.")
        contacts = self.chat_page.account.contacts
        if phone in {one.address for one in contacts.known()}:
            raise WritingError("Somebody has this number already.", 409)
        if len(contacts.known()) >= _MOST_CONTACTS:
            raise WritingError("There are enough contacts.", 409)
        user_id = new_user_id()
        return _created(contact_view(contacts.change(phone or user_id, name=name, user_id=user_id)))

    def break_it(self, name: str) -> Response:
        item = bench.ITEMS.get(name) or abort(404)
        contact = str((request.get_json(silent=True) or {}).get("contact") or "")
        if item.scope == "contact":
            contact = self._contact(contact).address
        item.act(self.chat_page, contact)
        self.chat_page.tell_bench()
        return Response(status=204)

    def disarm(self) -> Response:
        bench.disarm(self.chat_page)
        self.chat_page.tell_bench()
        return Response(status=204)

    def add_error(self) -> Response:
        document = _object()
        code, contact = document.get("code"), document.get("contact")
        if code not in ERRORS:
            raise WritingError("That is no error Twilio answers a send with.")
        match = f"whatsapp:{self._contact(str(contact)).address}" if contact else ""
        self.chat_page.account.faults.add(error_fault(int(str(code)), match))
        self.chat_page.tell_bench()
        return Response(status=204)

    def _contact(self, address: str) -> Contact:
        known = {one.address: one for one in self.chat_page.account.contacts.known()}
        if address not in known:
            raise WritingError("There is no such contact.", 404)
        return known[address]


def _object() -> dict[str, Any]:
    document = request.get_json()
    if not isinstance(document, dict):
        raise WritingError("The body must be an object.")
    return document


def _created(view: dict[str, Any]) -> Response:
    answer = jsonify(view)
    answer.status_code = 201
    return answer


def _error(text: str, status: int) -> Response:
    answer = jsonify(error=text)
    answer.status_code = status
    return answer


def _words(error: HTTPException) -> str:
    if error.code == 413:  # noqa: PLR2004 - HTTP's own number
        return f"The file is larger than {MOST_BYTES // 1024 // 1024} MB."
    return error.description or error.name


def _protect(answer: Response) -> Response:
    answer.headers.setdefault("Content-Security-Policy", _POLICY)
    answer.headers.setdefault("X-Content-Type-Options", "nosniff")
    answer.headers.setdefault("Referrer-Policy", "no-referrer")
    return answer
