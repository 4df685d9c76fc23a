"""The fields of creating a message, as Twilio's OpenAPI document gives them.

Source: ``twilio_api_v2010``, CreateMessageRequest. Stricter than Twilio in one way: a field
that is unknown or given twice is an error, so that a slip of ours cannot pass unnoticed.
"""

import json
import re
from collections.abc import Callable, Mapping

REPEATABLE = frozenset({"MediaUrl", "PersistentAction"})

_Check = Callable[[str], bool]
_DATE_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)"
_GEO = r"geo:-?\d{1,2}(?:\.\d+)?,-?\d{1,3}(?:\.\d+)?(?:\|.{1,256})?"


def _anything(_value: str) -> bool:
    return True


def _pattern(expression: str) -> _Check:
    return lambda value: re.fullmatch(expression, value) is not None


def _whole(low: int, high: int) -> _Check:
    return lambda value: value.isdecimal() and low <= int(value) <= high


_BOOLEAN = _pattern("true|false|True|False")
CHECKS: Mapping[str, _Check] = {
    "To": _anything,
    "From": _anything,
    "FallbackFrom": _anything,
    "Body": _anything,
    "MediaUrl": _pattern(r"https?://\S+"),
    "StatusCallback": _anything,
    "ContentSid": _anything,
    "ContentVariables": _anything,
    "MessagingServiceSid": _pattern("MG[0-9a-fA-F]{32}"),
    "ApplicationSid": _pattern("AP[0-9a-fA-F]{32}"),
    "MaxPrice": _pattern(r"\d+(?:\.\d+)?"),
    "ProvideFeedback": _BOOLEAN,
    "Attempt": _whole(1, 1000),
    "ValidityPeriod": _whole(1, 36_000),
    "ForceDelivery": _BOOLEAN,
    "ContentRetention": _pattern("retain|discard"),
    "AddressRetention": _pattern("retain|obfuscate"),
    "SmartEncoded": _BOOLEAN,
    "PersistentAction": _pattern(_GEO),
    "TrafficType": _pattern("free"),
    "ShortenUrls": _BOOLEAN,
    "ScheduleType": _pattern("fixed"),
    "SendAt": _pattern(_DATE_TIME),
    "SendAsMms": _BOOLEAN,
    "MessageIntent": _pattern(
        "otp|notifications|fraud|security|customercare|delivery|education"
        "|events|polling|announcements|marketing"
    ),
    "RiskCheck": _pattern("enable|disable"),
}


def complaint(name: str, values: list[str]) -> str:
    """Return what is wrong with a field; empty if nothing is."""
    check = CHECKS.get(name)
    if check is None:
        return f"Unknown parameter {name}"
    if len(values) > 1 and name not in REPEATABLE:
        return f"Parameter {name} is given more than once"
    # A field that is sent empty counts as not given.
    return "" if all(not value or check(value) for value in values) else f"Invalid {name}"


def variables_of(text: str) -> dict[str, str] | None:
    """Read ContentVariables; None if they are not what Twilio takes.

    A value must not be empty nor hold a line break, a tab or five blanks in a row.
    """
    try:
        document = json.loads(text or "{}")
    except ValueError:
        return None
    if not isinstance(document, dict):
        return None
    fits = all(
        isinstance(value, str) and value and not re.search(r"[\n\t]| {5}", value)
        for value in document.values()
    )
    return document if fits else None
