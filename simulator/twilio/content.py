"""Content templates. Source: twilio.com/docs/content, for limits and the forms of each type."""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from simulator.twilio.refusals import RefusedError

CONTENT_SID = re.compile(r"HX[0-9a-f]{32}")

_VARIABLE = re.compile(r"\{\{([A-Za-z0-9_]+)\}\}")
_FIELDS = frozenset({"friendly_name", "language", "variables", "types"})
_MOST_BODY = {"twilio/text": 1600, "twilio/media": 1600}
_DEFAULT_BODY = 1024
_MOST_IN_SESSION = 3


@dataclass(frozen=True, slots=True)
class Content:
    """One template. ``types`` maps a content type to its fields."""

    friendly_name: str
    language: str
    variables: Mapping[str, str]
    types: Mapping[str, Any]
    approved: bool = False
    sid: str = field(default_factory=lambda: f"HX{uuid4().hex}")
    created_at: datetime = field(default_factory=lambda: datetime.now(UTC))

    def resource(self, account_sid: str) -> dict[str, Any]:
        """The template as Twilio's JSON (``content.v1.content``)."""
        url = f"https://content.twilio.com/v1/Content/{self.sid}"
        created = self.created_at.isoformat(timespec="seconds").replace("+00:00", "Z")
        return {
            "account_sid": account_sid,
            "date_created": created,
            "date_updated": created,
            "friendly_name": self.friendly_name,
            "language": self.language,
            "links": {"approval_fetch": f"{url}/ApprovalRequests"},
            "sid": self.sid,
            "types": dict(self.types),
            "url": url,
            "variables": dict(self.variables),
        }

    def render(self, given: Mapping[str, str]) -> tuple[str, dict[str, Any]]:
        """Return the body a phone shows, and the fields of its type with values filled in.

        Raises:
            RefusedError: a variable is given that the template does not have, or WhatsApp would
                not take the fields with these values.
        """
        name, fields = next(iter(self.types.items()))
        names = set(_VARIABLE.findall(str(fields)))
        if set(given) - names - set(self.variables):
            raise RefusedError(21656, "The ContentVariables are invalid")
        filled = _filled(fields, {**self.variables, **given})
        self._check(name, filled)
        return str(filled.get("body", "")), {"type": name, **filled}

    def _check(self, name: str, filled: dict[str, Any]) -> None:
        try:
            _check_type(name, filled)
        except RefusedError as error:
            raise RefusedError(21656, error.message) from None
        if len(filled.get("actions", ())) > _MOST_IN_SESSION and not self.approved:
            raise RefusedError(21656, f"Without approval there are {_MOST_IN_SESSION} buttons")


class Contents:
    """All templates, for any number of threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._by_sid: dict[str, Content] = {}

    def add(self, content: Content) -> Content:
        """Keep a template."""
        with self._lock:
            self._by_sid[content.sid] = content
        return content

    def get(self, sid: str) -> Content | None:
        """Return one template."""
        with self._lock:
            return self._by_sid.get(sid)

    def all(self) -> list[Content]:
        """Return every template, the oldest first."""
        with self._lock:
            return list(self._by_sid.values())

    def remove(self, sid: str) -> bool:
        """Delete a template; return whether it was there."""
        with self._lock:
            return self._by_sid.pop(sid, None) is not None

    def approved(self, sid: str) -> bool:
        """Whether a template may be sent outside the 24-hour window."""
        content = self.get(sid)
        return content is not None and content.approved


def parse_content(document: Any) -> Content:
    """Read a template from the JSON of a request.

    Raises:
        RefusedError: Twilio would not take it.
    """
    if not isinstance(document, dict) or set(document) - _FIELDS:
        raise RefusedError(20001, "The body is not a content template")
    types, variables = document.get("types"), document.get("variables", {})
    if not isinstance(types, dict) or len(types) != 1 or not isinstance(variables, dict):
        raise RefusedError(20001, "types must hold one content type, variables be an object")
    language = document.get("language")
    if not isinstance(language, str) or not re.fullmatch(r"[a-z]{2}(?:_[A-Z]{2})?", language):
        raise RefusedError(20001, "language must be a code such as en")
    for name, fields in types.items():
        _check_type(name, fields)
    return Content(str(document.get("friendly_name", "")), language, variables, types)


def _check_type(name: str, fields: Any) -> None:
    known = {"twilio/text", "twilio/media", "twilio/quick-reply", "twilio/list-picker"}
    if name not in known or not isinstance(fields, dict):
        raise RefusedError(20001, f"Content type {name} is not supported here")
    _text(fields, "body", _MOST_BODY.get(name, _DEFAULT_BODY), optional=name == "twilio/media")
    if name == "twilio/quick-reply":
        actions = _rows(fields, "actions", 10)
        for action in actions:
            _text(action, "title", 20)
            _text(action, "id", 200, optional=True)
        _differ([action["title"] for action in actions], "titles")
    if name == "twilio/list-picker":
        _text(fields, "button", 20)
        items = _rows(fields, "items", 10)
        for item in items:
            _text(item, "item", 24)
            _text(item, "id", 200)
            _text(item, "description", 72, optional=True)
        _differ([item["id"] for item in items], "ids")


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _rows(fields: Mapping[str, Any], name: str, most: int) -> list[Mapping[str, Any]]:
    rows = fields.get(name)
    if not isinstance(rows, list) or not 1 <= len(rows) <= most:
        raise RefusedError(20001, f"{name} must have from 1 to {most} entries")
    if not all(isinstance(row, dict) for row in rows):
        raise RefusedError(20001, f"{name} must hold objects")
    return rows


def _text(fields: Mapping[str, Any], name: str, most: int, *, optional: bool = False) -> None:
    value = fields.get(name)
    if value is None and optional:
        return
    if not isinstance(value, str) or not 1 <= _units(value) <= most:
        raise RefusedError(20001, f"{name} must have from 1 to {most} characters")


def _differ(values: list[str], what: str) -> None:
    if len(set(values)) < len(values):
        raise RefusedError(20001, f"Two options have the same {what}")


def _filled(value: Any, variables: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        return {name: _filled(one, variables) for name, one in value.items()}
    if isinstance(value, list):
        return [_filled(one, variables) for one in value]
    if isinstance(value, str):
        return _VARIABLE.sub(lambda match: variables.get(match[1], match[0]), value)
    return value
