"""Twilio's errors that sending a WhatsApp message can meet: one table.

Source: Twilio's error dictionary (twilio.com/docs/api/errors). Sentences are our own.
"""

import re
from dataclasses import dataclass

_MAGIC = re.compile(r"whatsapp:\+150055(\d{5})")


@dataclass(frozen=True, slots=True)
class TwilioError:
    """One error.

    ``status`` is the HTTP status of an error that answers the request itself; 0 means that the
    message is taken, and the error arrives later by status callback. ``delivery`` is the
    message's last status then: ``failed`` if WhatsApp never got it, else ``undelivered``.
    """

    code: int
    title: str
    status: int = 0
    delivery: str = "undelivered"


def _at_once(code: int, title: str, status: int = 400) -> TwilioError:
    return TwilioError(code, title, status)


def _failed(code: int, title: str) -> TwilioError:
    return TwilioError(code, title, delivery="failed")


_ALL = (
    _at_once(20003, "Authentication failed", 401),
    _at_once(20404, "The resource was not found", 404),
    _at_once(20429, "Too many requests at once", 429),
    _at_once(20500, "Internal server error", 500),
    _at_once(20503, "Service unavailable", 503),
    _at_once(21211, "'To' is not a valid address"),
    _at_once(21603, "'From' is missing"),
    _at_once(21604, "'To' is missing"),
    _at_once(21610, "The recipient opted out"),
    _at_once(21611, "The sender's queue is full", 429),
    _at_once(21617, "The body is too long"),
    _at_once(21619, "Neither body nor media"),
    _at_once(21620, "The media's URL is not valid"),
    _at_once(21623, "There are too many media"),
    _at_once(21654, "The ContentSid is missing or unknown"),
    _at_once(21655, "The ContentSid is not valid"),
    _at_once(21656, "The ContentVariables are not valid"),
    _at_once(21658, "The body is too long for this channel"),
    _at_once(21910, "'From' and 'To' are of different channels"),
    _at_once(63007, "No such WhatsApp sender"),
    _at_once(63031, "'From' and 'To' are the same"),
    _at_once(63038, "The account's daily limit is reached", 429),
    _failed(12300, "The media's type is missing or not valid"),
    _failed(30001, "Queue overflow"),
    _failed(30016, "The channel address is not valid"),
    _failed(63001, "The channel refused the credentials"),
    _failed(63002, "The channel's sender was not found"),
    TwilioError(63003, "The recipient is not on WhatsApp"),
    TwilioError(63005, "The channel refused the content"),
    _failed(63008, "The channel is not set up completely"),
    TwilioError(63010, "WhatsApp had an internal error"),
    TwilioError(63012, "The channel answered with an internal error"),
    TwilioError(63013, "The message breaks the channel's policy"),
    TwilioError(63014, "The recipient blocked the sender"),
    _failed(63015, "The recipient has not joined the sandbox"),
    TwilioError(63016, "Outside the 24-hour window"),
    TwilioError(63017, "Rate limit of the account"),
    TwilioError(63018, "Rate limit of the sender or the recipient"),
    _failed(63019, "The media could not be fetched"),
    _failed(63020, "The business has not accepted the channel's invitation"),
    TwilioError(63021, "The channel refused the content as not valid"),
    TwilioError(63022, "The template is not valid"),
    TwilioError(63024, "The recipient cannot get this message"),
    TwilioError(63027, "The template does not exist in this language"),
    TwilioError(63028, "The template got a wrong number of parameters"),
    TwilioError(63029, "The template got a parameter that is not valid"),
    TwilioError(63030, "The template does not allow this parameter"),
    TwilioError(63032, "The recipient is part of an experiment of Meta's"),
    TwilioError(63033, "The recipient cannot get this message (deprecated code)"),
    TwilioError(63049, "Meta withheld the marketing message"),
    _failed(63051, "The sender is locked"),
)
ERRORS = {error.code: error for error in _ALL}


def magic(to: str) -> TwilioError | None:
    """Return what a message to this number always meets; None for ordinary ones.

    The numbers are ``+150055`` and the five digits of a code: ``whatsapp:+15005563016``.
    """
    match = _MAGIC.fullmatch(to)
    return ERRORS.get(int(match[1])) if match else None
