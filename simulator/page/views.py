"""Contacts, messages and steps as the page's JSON."""

from datetime import UTC, datetime
from mimetypes import guess_type
from typing import Any
from urllib.parse import unquote, urlsplit

from simulator.page.cards import CARDS, card_view
from simulator.twilio.bus import Step
from simulator.twilio.contacts import Contact
from simulator.twilio.errors import ERRORS
from simulator.twilio.fetching import is_here
from simulator.twilio.media import MediaStore
from simulator.twilio.messages import INBOUND, Message, Place

View = dict[str, Any]
_UNKNOWN = "application/octet-stream"


def moment(at: datetime | None) -> str | None:
    """A time as ISO 8601 with milliseconds."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds") if at else None


def contact_view(contact: Contact) -> View:
    """A person."""
    return {
        "id": contact.address,
        "name": contact.name or contact.address,
        "phone": contact.address if contact.address.startswith("+") else None,
        "user_id": contact.user_id or None,
        "window_open": contact.window_open(datetime.now(UTC)),
        "window_until": moment(contact.window_until),
        "joined": contact.joined,
        "opted_out": contact.opted_out,
        "blocked": contact.blocked,
    }


def message_view(message: Message, media: MediaStore, trace: str, *, awaited: bool = False) -> View:
    """A message; ``trace`` is the inbound message whose story it belongs to.

    ``awaited`` is whether the gateway is at work on its answer.
    """
    inbound = message.direction == INBOUND
    error = ERRORS.get(message.error_code or 0)
    return {
        "sid": message.sid,
        "number": message.number,
        "contact": message.person,
        "direction": "in" if inbound else "out",
        "at": moment(message.created_at),
        "body": message.body,
        "status": message.receipt if inbound else message.status,
        "error_code": message.error_code,
        "error_text": error.title if error else None,
        "media": _media(message, media),
        "location": _place(message.place),
        "reply_to": message.reply_to or None,
        "buttons": _buttons(message.menu),
        "list": _list(message.menu),
        "choice": _choice(message),
        "trace": trace,
        "awaited": awaited,
    }


def step_view(step: Step) -> View:
    """One thing that happened."""
    return {
        "at": moment(step.at),
        "actor": step.actor,
        "title": step.title,
        "detail": step.detail,
        "ms": step.milliseconds,
        "ok": step.ok,
    }


def error_views() -> list[View]:
    """Twilio's errors that can be asked for."""
    return [
        {"code": error.code, "where": "create" if error.status else "status", "title": error.title}
        for error in ERRORS.values()
    ]


def _media(message: Message, media: MediaStore) -> list[View]:
    """The media of a message; those that are elsewhere, and were not fetched, by their links."""
    if message.media:
        return [_medium(sid, media) for sid in message.media]
    return [_linked(url) for url in message.media_urls if not is_here(url)]


def _medium(sid: str, media: MediaStore) -> View:
    medium = media.get(sid)
    if medium is None:
        return _file("", _UNKNOWN, "deleted", 0)
    kind, size = medium.content_type, len(medium.data)
    people = card_view(medium) if kind in CARDS else []
    return {**_file(f"/simulator/media/{sid}", kind, medium.name, size), "people": people}


def _linked(url: str) -> View:
    name = unquote(urlsplit(url).path.rpartition("/")[2])
    return _file(url, guess_type(name)[0] or _UNKNOWN, name, 0, linked=True)


def _file(url: str, content_type: str, name: str, size: int, *, linked: bool = False) -> View:
    """A file; a ``linked`` one is not on this machine, and not to be loaded."""
    told = {"url": url, "content_type": content_type, "type": content_type, "name": name}
    return {**told, "size": size, "linked": linked}


def _place(place: Place | None) -> View | None:
    if place is None:
        return None
    return {
        "latitude": place.latitude,
        "longitude": place.longitude,
        "label": place.label,
        "address": place.address,
    }


def _buttons(menu: View) -> list[View]:
    return [
        {"id": action.get("id") or action["title"], "title": action["title"]}
        for action in menu.get("actions", [])
    ]


def _list(menu: View) -> View | None:
    if not menu.get("items"):
        return None
    items = [
        {"id": one["id"], "title": one["item"], "description": one.get("description", "")}
        for one in menu["items"]
    ]
    return {"button": menu["button"], "items": items}


def _choice(message: Message) -> View | None:
    choice = message.choice
    return {"kind": choice.kind, "id": choice.id, "title": choice.title} if choice else None
