"""Assistants and permissions as documents: who can answer, and who may ask whom.

Other programs and operators write these documents, too, so reading is lenient; but what
cannot be understood in a permission allows nothing.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from lib.model import Assistant, Catalogue, Permissions
from lib.ports.documents import Document
from lib.storage.fields import text, time_if_any

ASSISTANTS = "assistants"
PERMISSIONS = "user_permissions"

EVERYTHING = "*"
"""Stands for all assistants in a permission."""

BUDGET = "budget_per_day"
LIMITS = ("messages_per_minute", "questions_per_day", BUDGET)
"""The limits that a person may have of their own; the last one is an amount, like 0.25."""

_UNREAD = datetime.max.replace(tzinfo=UTC)
_RULES = ("blocked", "assistants", "tools", "denied", "limits")

ASSISTANT_FIELDS = frozenset({"id", "name", "description", "enabled", "backend", "settings"})
"""Whatever else stands in an assistant's document is a setting of its backend."""


def catalogue_documents(catalogue: Catalogue) -> dict[str, dict[str, Document]]:
    """A catalogue as documents, by collection and id."""
    return {
        ASSISTANTS: {one.id: assistant_document(one) for one in catalogue.assistants},
        PERMISSIONS: {
            email: permissions_document(one) for email, one in catalogue.permissions.items()
        },
    }


def assistant_document(assistant: Assistant) -> Document:
    """A document of ``assistants``."""
    return {
        "name": assistant.name,
        "description": assistant.description,
        "enabled": assistant.enabled,
        "backend": assistant.backend,
        "settings": dict(assistant.settings),
    }


def read_assistant(assistant_id: str, document: Mapping[str, Any]) -> Assistant:
    """An assistant; its settings may stand apart or beside the other fields."""
    beside = {key: value for key, value in document.items() if key not in ASSISTANT_FIELDS}
    apart = document.get("settings")
    settings = {**beside, **(apart if isinstance(apart, Mapping) else {})}
    return Assistant(
        id=assistant_id,
        name=text(document.get("name")) or name_from(assistant_id),
        description=text(document.get("description")),
        enabled=document.get("enabled") is not False,
        backend=text(document.get("backend")) or "vac",
        settings={k: _setting(v) for k, v in settings.items() if _is_setting(v)},
    )


def name_from(assistant_id: str) -> str:
    """A name for an assistant that was given none: ``python-expert`` is a Python Expert."""
    return assistant_id.replace("-", " ").replace("_", " ").title()


def permissions_document(permissions: Permissions) -> Document:
    """A document of ``user_permissions``."""
    allowed, tools = permissions.assistants, permissions.tools
    further = {
        "email": permissions.email,
        "tools": None if tools is None else sorted(tools),
        "denied": sorted(permissions.denied),
        "limits": _limits_document(permissions.limits),
        "until": permissions.until,
    }
    said = {name: value for name, value in further.items() if value not in ("", None, [], {})}
    if permissions == Permissions(email=permissions.email, until=permissions.until) and said:
        return said  # which is no rule
    return {
        "blocked": permissions.blocked,
        "assistants": EVERYTHING if allowed is None else sorted(allowed),
        **said,
    }


def read_permissions(document: Mapping[str, Any] | None) -> Permissions:
    """Somebody's permissions; nothing written means the default policy."""
    known = document or {}
    until = _until(known.get("until"))
    return Permissions(
        blocked=known.get("blocked") not in (None, False) or until is _UNREAD,
        assistants=_allowed(known.get("assistants")),
        email=text(known.get("email")).strip(),
        tools=_allowed(known.get("tools")),
        denied=_named(known.get("denied")),
        limits=_limits(known.get("limits")),
        until=None if until is _UNREAD else until,
    )


def is_rule(document: Mapping[str, Any]) -> bool:
    """Whether a document says what somebody may do, and not only who they are."""
    said = any(document.get(name) is not None for name in _RULES)
    return said or _until(document.get("until")) is _UNREAD


def is_listing(document: Mapping[str, Any]) -> bool:
    """Whether somebody is listed by a document; what is left of a block says nothing."""
    return is_rule(document) or any(document.get(name) is not None for name in ("email", "until"))


def _allowed(value: object) -> frozenset[str] | None:
    return None if value is None or EVERYTHING in _listed(value) else _named(value)


def _named(value: object) -> frozenset[str]:
    return frozenset(one for one in _listed(value) if isinstance(one, str))


def _listed(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def unread_fields(document: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of limits, and of the end, that cannot be understood in a document."""
    known = _limits_known(document.get("limits"))
    wrong = [name for name, value in known.items() if _limit(name, value) is None]
    return (*wrong, *(["until"] if _until(document.get("until")) is _UNREAD else []))


def _until(value: object) -> datetime | None:
    """When a permission ends; ``_UNREAD`` where nobody can tell, which blocks."""
    if value is None or isinstance(value, datetime):
        return time_if_any(value)
    from lib.storage.catalogue.until import until_of  # noqa: PLC0415 - most are times

    return (until_of(value) if isinstance(value, str) else None) or _UNREAD


def _limits(value: object) -> dict[str, int]:
    """Limits by name; one that cannot be understood allows next to nothing."""
    limits = {name: _limit(name, one) for name, one in _limits_known(value).items()}
    return {name: 1 if limit is None else limit for name, limit in limits.items()}


def _limits_known(value: object) -> dict[str, object]:
    known = value if isinstance(value, Mapping) else {}
    return {name: known[name] for name in LIMITS if known.get(name) is not None}


def _limit(name: str, value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or value == "":
        return None
    if name != BUDGET:
        return value if isinstance(value, int) and value >= 0 else None
    from lib.people.budget import AmountError, amount  # noqa: PLC0415 - few have one

    try:
        return amount(name, str(value))
    except AmountError:
        return None


def _limits_document(limits: Mapping[str, int]) -> dict[str, int | str]:
    document: dict[str, int | str] = dict(limits)
    if BUDGET in limits:
        from lib.people.budget import written  # noqa: PLC0415 - as above

        document[BUDGET] = written(limits[BUDGET])
    return document


def _is_setting(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, str | int | float)


def _setting(value: str | float | list[str]) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return str(value).lower() if isinstance(value, bool) else str(value)
