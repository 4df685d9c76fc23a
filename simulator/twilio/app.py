"""An offline stand-in for Twilio's Messages API, over HTTP.

It answers as Twilio's OpenAPI document (``twilio_api_v2010``) says. Beside the API it has a
door for tests: ``POST /simulator/faults``, ``GET /simulator/messages``, ``DELETE /simulator``.
"""

import hmac

from flask import Flask, Response, abort, jsonify, request
from werkzeug.exceptions import HTTPException

from simulator.twilio.account import Account
from simulator.twilio.faults import parse_fault
from simulator.twilio.listing import page
from simulator.twilio.messages import API_VERSION, Message
from simulator.twilio.refusals import RefusedError, check_create, error_body

_MESSAGES = f"/{API_VERSION}/Accounts/<account_sid>/Messages"
_MOST_BYTES = 1 << 16
_CODES_BY_STATUS = {404: 20404, 405: 20004}


def create_app(account: Account) -> Flask:
    """Return the API of one account as a WSGI application."""
    app = Flask(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    api = _MessagesApi(account)
    app.add_url_rule(f"{_MESSAGES}.json", view_func=api.create, methods=["POST"])
    app.add_url_rule(f"{_MESSAGES}.json", view_func=api.list, methods=["GET"])
    app.add_url_rule(f"{_MESSAGES}/<sid>.json", view_func=api.fetch, methods=["GET"])
    door = _Door(account)
    app.add_url_rule("/simulator/faults", view_func=door.add_fault, methods=["POST"])
    app.add_url_rule("/simulator/messages", view_func=door.messages, methods=["GET"])
    app.add_url_rule("/simulator", view_func=door.reset, methods=["DELETE"])
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(HTTPException, _failed)
    return app


class _MessagesApi:
    """Creating, listing and fetching messages."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._senders = frozenset(f"whatsapp:{number}" for number in account.senders)

    def create(self, account_sid: str) -> Response:
        self._authenticate(account_sid)
        faults = self._account.faults
        return faults.suffer(faults.take("create", request.form.get("To", "")), self._create)

    def list(self, account_sid: str) -> Response:
        self._authenticate(account_sid)
        faults = self._account.faults
        return faults.suffer(faults.take("list", request.args.get("To", "")), self._list)

    def fetch(self, account_sid: str, sid: str) -> Response:
        self._authenticate(account_sid)
        message = self._account.messages.get(sid) or abort(404)
        faults = self._account.faults
        return faults.suffer(faults.take("fetch", message.to), lambda: jsonify(message.resource()))

    def _create(self) -> Response:
        if request.mimetype != "application/x-www-form-urlencoded":
            raise RefusedError(20001, "The body is not a form")
        form = request.form
        check_create(form, self._senders)
        message = self._account.messages.add(
            self._account.sid,
            form["To"],
            form["From"],
            form.get("Body", ""),
            media_urls=tuple(form.getlist("MediaUrl")),
            status_callback=form.get("StatusCallback", ""),
        )
        answer = _answer(message, 201)
        self._account.on_message(message)
        self._account.carrier.take(message)
        return answer

    def _list(self) -> Response:
        return jsonify(page(self._account.messages.all(), request.args, request.path))

    def _authenticate(self, account_sid: str) -> None:
        given = request.authorization
        credentials = {self._account.sid: self._account.auth_token, **self._account.api_keys}
        secret = credentials.get((given and given.username) or "", "")
        password = (given and given.password) or ""
        if not secret or not hmac.compare_digest(password.encode(), secret.encode()):
            raise RefusedError(20003, "Authenticate", 401)
        if account_sid != self._account.sid:
            abort(404)


class _Door:
    """What tests may ask of the stand-in."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def add_fault(self) -> Response:
        try:
            self._account.faults.add(parse_fault(request.get_json()))
        except ValueError as error:
            return Response(f"{error}\n", status=400, mimetype="text/plain")
        return Response(status=204)

    def messages(self) -> Response:
        taken = self._account.messages.all()
        return jsonify(messages=[message.resource() for message in taken])

    def reset(self) -> Response:
        self._account.reset()
        return Response(status=204)


def _answer(message: Message, status: int) -> Response:
    answer = jsonify(message.resource())
    answer.status_code = status
    return answer


def _refused(error: RefusedError) -> Response:
    answer = jsonify(error.body())
    answer.status_code = error.status
    if error.status == 401:  # noqa: PLR2004 - HTTP's own number
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return answer


def _failed(error: HTTPException) -> Response:
    status = error.code or 500
    answer = jsonify(error_body(_CODES_BY_STATUS.get(status, status), error.name, status))
    answer.status_code = status
    return answer
