"""The Media resource: basic auth first, then a redirect to signed storage elsewhere.

Source: twilio.com/docs/messaging/api/media-resource. The storage is this same server under
another host name, so that a client that carries credentials across hosts is found out.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import quote, urlsplit

from flask import Response, abort, jsonify, redirect, request

from simulator.twilio.access import authenticate
from simulator.twilio.account import Account
from simulator.twilio.faults import Fault, FaultKind
from simulator.twilio.listing import page_of
from simulator.twilio.media import Medium
from simulator.twilio.media_faults import spoilt
from simulator.twilio.messages import Message
from simulator.twilio.refusals import RefusedError
from simulator.twilio.telling import telling

_VALID_SECONDS = 4 * 60 * 60


@dataclass(frozen=True, slots=True)
class MediaApi:
    """The views of the media of one account's messages."""

    account: Account

    def list(self, account_sid: str, message_sid: str) -> Response:
        """List the media of a message."""
        message = self._message(account_sid, message_sid)
        media = [one for sid in message.media if (one := self.account.media.get(sid))]
        entries = [one.resource(self.account.sid, message.uri) for one in media]
        return jsonify(page_of(entries, "media_list", request.args, request.path))

    def fetch(self, account_sid: str, message_sid: str, sid: str) -> Response:
        """Return what is known of a medium."""
        message, medium = self._medium(account_sid, message_sid, sid)
        return jsonify(medium.resource(self.account.sid, message.uri))

    def delete(self, account_sid: str, message_sid: str, sid: str) -> Response:
        """Delete a medium."""
        self._medium(account_sid, message_sid, sid)
        self.account.media.remove(sid)
        return Response(status=204)

    def content(self, account_sid: str, message_sid: str, sid: str) -> Response:
        """Send the caller to where the bytes are."""
        message, medium = self._medium(account_sid, message_sid, sid)
        faults = self.account.faults
        fault = faults.take("media", message.person)
        is_expired = fault is not None and fault.fault is FaultKind.EXPIRED
        valid = -1 if is_expired else _VALID_SECONDS

        def there() -> Response:
            spoiled = spoilt(fault, medium, faults.over)
            return spoiled or faults.suffer(fault, lambda: self._there(sid, valid))

        return self._told("Asked where a medium is", message.person, fault, there)

    def storage(self, sid: str) -> Response:
        """Serve the bytes to whoever has the signed URL, and to nobody with credentials."""
        if request.authorization is not None or "Authorization" in request.headers:
            raise RefusedError(20001, "Only one auth mechanism allowed", 400)
        expires = request.args.get("expires", "")
        given = request.args.get("signature", "")
        fresh = expires.isdecimal() and int(expires) >= time.time()
        if not fresh or not hmac.compare_digest(given, self._seal(sid, int(expires))):
            abort(403)
        medium = self.account.media.get(sid) or abort(404)
        faults, person = self.account.faults, self._person(sid)
        fault = faults.take("storage", person)

        def bytes_of() -> Response:
            spoiled = spoilt(fault, medium, faults.over)
            return spoiled or faults.suffer(fault, lambda: served(medium))

        return self._told("Asked for its bytes", person, fault, bytes_of)

    def _told(
        self, title: str, person: str, fault: Fault | None, answer: Callable[[], Response]
    ) -> Response:
        with telling(self.account.bus, title, person) as told:
            told.fault, told.response = fault, answer()
            return told.response

    def _there(self, sid: str, valid: int) -> Response:
        expires = int(time.time()) + valid
        port = urlsplit(request.host_url).port
        path = f"/storage/{sid}?expires={expires}&signature={self._seal(sid, expires)}"
        answer = redirect(f"http://localhost:{port}{path}", 307)
        return Response(answer.get_data(), 307, dict(answer.headers))

    def _person(self, sid: str) -> str:
        found = (one.person for one in self.account.messages.all() if sid in one.media)
        return next(found, "")

    def _seal(self, sid: str, expires: int) -> str:
        text = f"{sid} {expires}".encode()
        return hmac.new(self.account.auth_token.encode(), text, hashlib.sha256).hexdigest()

    def _message(self, account_sid: str, sid: str) -> Message:
        authenticate(self.account, account_sid)
        return self.account.messages.get(sid) or abort(404)

    def _medium(self, account_sid: str, message_sid: str, sid: str) -> tuple[Message, Medium]:
        message = self._message(account_sid, message_sid)
        if sid not in message.media:
            abort(404)
        return message, self.account.media.get(sid) or abort(404)


def served(medium: Medium) -> Response:
    """Return the bytes of a medium as a file that no browser will run as a page."""
    answer = Response(medium.data, content_type=medium.content_type)
    if medium.name:
        answer.headers["Content-Disposition"] = f"inline; filename*=UTF-8''{quote(medium.name)}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    answer.headers["Cache-Control"] = "private, max-age=3600"
    return answer
