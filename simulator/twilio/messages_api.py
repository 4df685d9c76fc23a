"""The Messages resource: create, fetch, list, redact, delete."""

from dataclasses import dataclass
from typing import Any

from flask import Response, abort, jsonify, request

from simulator.twilio.access import authenticate, require_form
from simulator.twilio.account import Account
from simulator.twilio.content import CONTENT_SID
from simulator.twilio.faults import Fault
from simulator.twilio.fields import variables_of
from simulator.twilio.listing import page
from simulator.twilio.messages import Message, Place
from simulator.twilio.refusals import RefusedError, check_create
from simulator.twilio.telling import telling

_FINAL = frozenset({"delivered", "read", "failed", "undelivered", "canceled", "received"})


@dataclass(frozen=True, slots=True)
class MessagesApi:
    """The views of one account's messages."""

    account: Account

    def create(self, account_sid: str) -> Response:
        """Take a message."""
        authenticate(self.account, account_sid)
        faults, to = self.account.faults, request.form.get("To", "")
        fault = faults.take("create", to)
        with telling(self.account.bus, "Send a message", to) as told:
            told.fault = fault
            told.response = faults.suffer(fault, lambda: told.carried_out(self._create(fault)))
            return told.response

    def list(self, account_sid: str) -> Response:
        """List messages, the newest first."""
        authenticate(self.account, account_sid)
        faults, to = self.account.faults, request.args.get("To", "")
        with telling(self.account.bus, "Look for a message", to) as told:
            told.fault = faults.take("list", to)
            told.response = faults.suffer(told.fault, self._list)
            return told.response

    def fetch(self, account_sid: str, sid: str) -> Response:
        """Return one message."""
        message = self._message(account_sid, sid)
        faults = self.account.faults
        return faults.suffer(faults.take("fetch", message.to), lambda: jsonify(message.resource()))

    def redact(self, account_sid: str, sid: str) -> Response:
        """Take the body out of a message; nothing else of it can be changed."""
        self._message(account_sid, sid)
        require_form()
        if dict(request.form) != {"Body": ""}:
            raise RefusedError(20001, "Only an empty Body can be set")
        message = self.account.messages.change(sid, body="") or abort(404)
        return jsonify(message.resource())

    def delete(self, account_sid: str, sid: str) -> Response:
        """Delete a message, once nothing happens to it any more; its media are apart from it."""
        if self._message(account_sid, sid).status not in _FINAL:
            raise RefusedError(20009, "Cannot delete message before it has reached a final state")
        self.account.messages.remove(sid)
        return Response(status=204)

    def _message(self, account_sid: str, sid: str) -> Message:
        authenticate(self.account, account_sid)
        return self.account.messages.get(sid) or abort(404)

    def _create(self, fault: Fault | None) -> Response:
        require_form()
        with self.account.meter.request():
            form = request.form
            check_create(form, {f"whatsapp:{number}" for number in self.account.senders})
            if self.account.contacts.get(form["To"]).opted_out:
                raise RefusedError(21610, "Attempt to send to unsubscribed recipient")
            content = self._content()
            self.account.meter.take()
            message = self.account.send(
                form["To"],
                form["From"],
                content.pop("body", form.get("Body", "")),
                fault,
                status_callback=form.get("StatusCallback", ""),
                **content,
            )
        answer = jsonify(message.resource())
        answer.status_code = 201
        return answer

    def _content(self) -> dict[str, Any]:
        """Return the fields of the message that come from a template or beside the body."""
        form = request.form
        sid = form.get("ContentSid", "")
        if not sid:
            urls = tuple(filter(None, form.getlist("MediaUrl")))
            return {"media_urls": urls, "place": _place(form.get("PersistentAction", ""))}
        if not CONTENT_SID.fullmatch(sid):
            raise RefusedError(21655, "The ContentSid is invalid")
        content = self.account.contents.get(sid)
        if content is None:
            raise RefusedError(21654, "The ContentSid does not exist")
        variables = variables_of(form.get("ContentVariables", ""))
        if variables is None:
            raise RefusedError(21656, "The ContentVariables are invalid")
        body, menu = content.render(variables)
        urls = tuple(menu.get("media", ()))
        return {"body": body, "menu": menu, "content_sid": sid, "media_urls": urls}

    def _list(self) -> Response:
        return jsonify(page(self.account.messages.all(), request.args, request.path))


def _place(action: str) -> Place | None:
    """Read the action that shares a place, whose form was checked."""
    if not action:
        return None
    coordinates, _, label = action.removeprefix("geo:").partition("|")
    latitude, longitude = map(float, coordinates.split(","))
    return Place(latitude, longitude, label)
