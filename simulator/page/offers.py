"""Messages with something to tap, sent by the business through Twilio's Content API.

The gateway itself answers in text; these show what it does with what is tapped.
"""

from typing import TYPE_CHECKING, Any

from simulator.twilio.content import parse_content

if TYPE_CHECKING:
    from simulator.page.desk import Desk

_BUTTONS = {
    "twilio/quick-reply": {
        "body": "What would you like to do?",
        "actions": [
            {"title": "/help", "id": "/help"},
            {"title": "/current", "id": "/current"},
            {"title": "Who are you?", "id": "Who are you?"},
        ],
    }
}
_LIST = {
    "twilio/list-picker": {
        "body": "Choose who answers you.",
        "button": "Choose",
        "items": [
            {"item": "Everybody", "id": "/list", "description": "Show whom you can talk to"},
            {"item": "Guide", "id": "/switch default", "description": "Knows this gateway"},
            {"item": "Formatting", "id": "/switch formatting", "description": "Shows every format"},
            {"item": "Thinker", "id": "/switch thinker", "description": "Slow, and thinking"},
            {"item": "Writer", "id": "/switch writer", "description": "Long answers"},
        ],
    }
}


def send_buttons(desk: "Desk", contact: str) -> None:
    """Offer three quick replies."""
    _send(desk, contact, "buttons", _BUTTONS)


def send_list(desk: "Desk", contact: str) -> None:
    """Offer a list."""
    _send(desk, contact, "list", _LIST)


def send_picture(desk: "Desk", contact: str) -> None:
    """Send an image that Twilio fetches from this very server."""
    to, sender = f"whatsapp:{contact}", f"whatsapp:{desk.phones.business}"
    caption = "A picture, with a *caption*."
    url = f"{desk.phones.webhook_url.partition('/whatsapp')[0]}/static/picture.png"
    desk.account.send(to, sender, caption, None, media_urls=(url,))


def _send(desk: "Desk", contact: str, name: str, types: dict[str, Any]) -> None:
    account = desk.account
    document = {"friendly_name": name, "language": "en", "variables": {}, "types": types}
    content = account.contents.add(parse_content(document))
    body, menu = content.render({})
    to, sender = f"whatsapp:{contact}", f"whatsapp:{desk.phones.business}"
    account.send(to, sender, body, None, menu=menu, content_sid=content.sid)
