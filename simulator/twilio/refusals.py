"""What Twilio refuses, and in which words: the errors of creating a message."""

import re
from collections.abc import Collection
from typing import Any
from urllib.parse import urlsplit

from werkzeug.datastructures import MultiDict

from simulator.twilio.errors import magic
from simulator.twilio.fields import complaint

MOST_UNITS = 1600

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
    for name, values in form.lists():
        wrong = complaint(name, values)
        if wrong:
            raise RefusedError(20001, wrong)
    _check_addresses(form.get("To", ""), form.get("From", ""), senders)
    always = magic(form["To"])
    if always is not None and always.status:
        raise RefusedError(always.code, always.title, always.status)
    _check_content(form)
    _check_options(form)


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
    if form.get("ContentVariables") and not form.get("ContentSid"):
        raise RefusedError(21654, "ContentVariables need a ContentSid")
    if form.get("PersistentAction") and (not body or form.get("MediaUrl")):
        raise RefusedError(20001, "PersistentAction goes with a Body, and without MediaUrl")
    if not any(form.get(name) for name in ("Body", "MediaUrl", "ContentSid")):
        raise RefusedError(21619, "A text message body or media urls must be specified.")
    if len(body.encode("utf-16-le", "surrogatepass")) // 2 > MOST_UNITS:
        limit = f"the {MOST_UNITS} character limit"
        raise RefusedError(21617, f"The concatenated message body exceeds {limit}")


def _check_options(form: MultiDict[str, str]) -> None:
    callback = form.get("StatusCallback", "")
    if callback and not _is_url(callback):
        raise RefusedError(21609, f"The 'StatusCallback' URL {callback} is not a valid URL.")
    media = form.getlist("MediaUrl")
    if len(media) > 1:
        raise RefusedError(21623, "Number of media files exceeds allowed limit")
    if form.get("MessagingServiceSid"):
        raise RefusedError(21701, "The Messaging Service does not exist")
    if form.get("ScheduleType") or form.get("SendAt"):
        raise RefusedError(35118, "MessagingServiceSid is required to schedule a message")
    if form.get("ContentSid") and (form.get("Body") or media):
        raise RefusedError(20001, "ContentSid goes with neither Body nor MediaUrl")


def _is_url(text: str) -> bool:
    url = urlsplit(text)
    return url.scheme in {"http", "https"} and bool(_HOST.fullmatch(url.netloc))
