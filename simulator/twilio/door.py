"""What tests and the page may ask of the stand-in, beside Twilio's own API.

``POST /simulator/faults`` takes a fault, or a list of them as a script; ``GET
/simulator/messages`` returns all messages; ``PATCH /simulator/contacts/<address>`` sets the
state of a person; ``PATCH /simulator/settings`` sets limits and pace; ``DELETE /simulator``
forgets everything.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, jsonify, request

from simulator.twilio.account import Account
from simulator.twilio.faults import parse_fault
from simulator.twilio.limits import Limits


def open_door(app: Flask, account: Account) -> None:
    """Add the door's paths to the application."""
    door = _Door(account)
    app.add_url_rule("/simulator/faults", view_func=_told(door.add_faults), methods=["POST"])
    app.add_url_rule("/simulator/messages", view_func=door.messages, methods=["GET"])
    app.add_url_rule(
        "/simulator/contacts/<address>", view_func=_told(door.change_contact), methods=["PATCH"]
    )
    app.add_url_rule(
        "/simulator/settings", view_func=_told(door.change_settings), methods=["PATCH"]
    )
    app.add_url_rule("/simulator", view_func=door.reset, methods=["DELETE"])


@dataclass(frozen=True, slots=True)
class _Door:
    account: Account

    def add_faults(self) -> Response:
        script = _list(request.get_json())
        if not script:
            raise ValueError("a script holds at least one fault")
        self.account.faults.add(*map(parse_fault, script))
        return Response(status=204)

    def messages(self) -> Response:
        """Return what the business sent, the oldest first, each with its menu."""
        sent = [one for one in self.account.messages.all() if one.direction == "outbound-api"]
        return jsonify(messages=[one.resource() | {"menu": one.menu} for one in sent])

    def change_contact(self, address: str) -> Response:
        """Set ``window_seconds`` still open, ``joined``, ``opted_out`` or ``blocked``."""
        changes: dict[str, Any] = _object(request.get_json())
        seconds = changes.pop("window_seconds", None)
        for name, value in changes.items():
            if name not in {"joined", "opted_out", "blocked"} or not isinstance(value, bool):
                raise ValueError(f"{name} is no state of a contact")
        if seconds is not None:
            changes["window_until"] = datetime.now(UTC) + timedelta(seconds=float(seconds))
        self.account.contacts.change(address, **changes)
        return Response(status=204)

    def change_settings(self) -> Response:
        """Set ``window_seconds``, ``pace`` (seconds between statuses) or a limit."""
        changes: dict[str, Any] = _object(request.get_json())
        names = {field.name for field in fields(Limits)} | {"window_seconds", "pace"}
        for name, value in changes.items():
            if name not in names or not _is_amount(value):
                raise ValueError(f"{name} is no setting, or has the wrong type")
        if "window_seconds" in changes:
            self.account.contacts.window = timedelta(seconds=changes.pop("window_seconds") or 0)
        if "pace" in changes:
            self.account.carrier.pace = float(changes.pop("pace") or 0)
        self.account.meter.set(**changes)
        return Response(status=204)

    def reset(self) -> Response:
        self.account.reset()
        return Response(status=204)


def _told(view: Callable[..., Response]) -> Callable[..., Response]:
    """Answer a ValueError with its sentence."""

    def told(**arguments: str) -> Response:
        try:
            return view(**arguments)
        except ValueError as error:
            return Response(f"{error}\n", status=400, mimetype="text/plain")

    told.__name__ = view.__name__
    return told


def _list(document: object) -> list[Any]:
    return document if isinstance(document, list) else [document]


def _object(document: object) -> dict[str, Any]:
    if not isinstance(document, Mapping):
        raise ValueError("the body must be an object")  # noqa: TRY004 - the document, not the code
    return dict(document)


def _is_amount(value: object) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))
