"""What Twilio refuses, and in which words: the errors of creating a message.

Stricter than Twilio in one way: a field that is unknown or given twice is an error, so that
a slip of ours cannot pass unnoticed.
"""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

MOST_UNITS = 1600

_REPEATABLE = frozenset({"MediaUrl", "PersistentAction"})
# Every field of CreateMessageRequest in Twilio's OpenAPI document.
_FIELDS = _REPEATABLE | {
    *("To", "From", "FallbackFrom", "MessagingServiceSid", "Body", "StatusCallback"),
    *("ContentSid", "ContentVariables", "ApplicationSid", "MaxPrice", "ProvideFeedback"),
    *("Attempt", "ValidityPeriod", "ForceDelivery", "ContentRetention", "AddressRetention"),
    *("SmartEncoded", "TrafficType", "ShortenUrls", "ScheduleType", "SendAt", "SendAsMms"),
    *("MessageIntent", "RiskCheck"),
}
_PHONE = r"\+[1-9][0-9]{4,14}"
_WHATSAPP_PHONE = re.compile(rf"whatsapp:{_PHONE}")
_WHATSAPP = re.compile(rf"whatsapp:(?:{_PHONE}|[A-Z]{{2}}\.(?:ENT\.)?[A-Za-z0-9]{{1,130}})")
_HOST = re.compile(r"[A-Za-z0-9.:-]+")


class RefusedError(Exception):
    """A request that Twilio answers with an error: its code, sentence and HTTP status."""

    def __init__(self, code: int, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.status = status

    def body(self) -> dict[str, Any]:
        """The JSON of the answer."""
        return error_body(self.code, self.message, self.status)


def error_body(code: int, message: str, status: int) -> dict[str, Any]:
    """Return an error in Twilio's usual form."""
    more_info = f"https://www.twilio.com/docs/errors/{code}"
    return {"code": code, "message": message, "more_info": more_info, "status": status}


def check_create(form: MultiDict[str, str], senders: Collection[str]) -> None:
    """Return if Twilio would take the message; ``senders`` are the account's own numbers.

    Raises:
        RefusedError: it would not.
    """
    _check_fields(form)
    _check_addresses(form.get("To", ""), form.get("From", ""), senders)
    _check_content(form)
    callback = form.get("StatusCallback", "")
    if callback and not _is_url(callback):
        raise RefusedError(21609, f"The 'StatusCallback' URL {callback} is not a valid URL.")


def _check_fields(form: MultiDict[str, str]) -> None:
    for name, values in form.lists():
        if name not in _FIELDS:
            raise RefusedError(20001, f"Unknown parameter {name}")
        if len(values) > 1 and name not in _REPEATABLE:
            raise RefusedError(20001, f"Parameter {name} is given more than once")


def _check_addresses(to: str, sender: str, senders: Collection[str]) -> None:
    if not to:
        raise RefusedError(21604, "A 'To' phone number is required.")
    if not sender:
        raise RefusedError(21603, "A 'From' phone number is required.")
    if to.startswith("whatsapp:") != sender.startswith("whatsapp:"):
        raise RefusedError(21910, "Invalid From and To pair. They should be of the same channel")
    if not _WHATSAPP.fullmatch(to):
        raise RefusedError(21211, f"The 'To' number {to} is not a valid phone number.")
    if not _WHATSAPP_PHONE.fullmatch(sender):
        raise RefusedError(21212, f"The 'From' number {sender} is not a valid phone number.")
    if to == sender:
        raise RefusedError(63031, "Message cannot have the same To and From")
    if sender not in senders:
        raise RefusedError(63007, "Twilio could not find a Channel with the specified From address")


def _check_content(form: MultiDict[str, str]) -> None:
    body = form.get("Body", "")
    if not any(form.get(name) for name in ("Body", "MediaUrl", "ContentSid")):
        raise RefusedError(21619, "A text message body or media urls must be specified.")
    if len(body.encode("utf-16-le")) // 2 > MOST_UNITS:
        limit = f"the {MOST_UNITS} character limit"
        raise RefusedError(21617, f"The concatenated message body exceeds {limit}")


def _is_url(text: str) -> bool:
    url = urlsplit(text)
    return url.scheme in {"http", "https"} and bool(_HOST.fullmatch(url.netloc))
