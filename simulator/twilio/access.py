"""Who may use the account's API, and how a refusal is answered."""

import hmac

from flask import Flask, Response, jsonify, request
from werkzeug.exceptions import HTTPException, NotFound

from simulator.twilio.account import Account
from simulator.twilio.refusals import RefusedError, error_body

_CODES_BY_STATUS = {404: 20404, 405: 20004}


def authenticate(account: Account, account_sid: str = "") -> None:
    """Return if the current request may use the account.

    Raises:
        RefusedError: its credentials are wrong.
        NotFound: the path names another account.
    """
    given = request.authorization
    credentials = {account.sid: account.auth_token, **account.api_keys}
    secret = credentials.get((given and given.username) or "", "")
    password = (given and given.password) or ""
    if not secret or not hmac.compare_digest(password.encode(), secret.encode()):
        raise RefusedError(20003, "Authenticate", 401)
    if account_sid not in {"", account.sid}:
        raise NotFound


def require_form() -> None:
    """Return if the current request carries a form.

    Raises:
        RefusedError: it does not.
    """
    if request.mimetype != "application/x-www-form-urlencoded":
        raise RefusedError(20001, "The body is not a form")


def answer_refusals(app: Flask) -> None:
    """Let the application answer errors in Twilio's form."""
    app.register_error_handler(RefusedError, _refused)
    app.register_error_handler(HTTPException, _failed)


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
