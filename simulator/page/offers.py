"""Messages with something to tap, sent by the business through Twilio's Content API.

The gateway's own are below the answers to some commands; these show the forms side by side.
"""

from typing import TYPE_CHECKING, Any

from simulator.twilio.content import parse_content

if TYPE_CHECKING:
    from simulator.page.chat_page import ChatPage

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
            {"item": "Observer", "id": "/switch observer", "description": "Send it a photo"},
            {"item": "Formatting", "id": "/switch formatting", "description": "Shows every format"},
            {"item": "Thinker", "id": "/switch thinker", "description": "Slow, and thinking"},
            {"item": "Writer", "id": "/switch writer", "description": "Long answers"},
        ],
    }
}


def send_buttons(chat_page: "ChatPage", contact: str) -> None:
    """Offer three quick replies."""
    _send(chat_page, contact, "buttons", _BUTTONS)


def send_list(chat_page: "ChatPage", contact: str) -> None:
    """Offer a list."""
    _send(chat_page, contact, "list", _LIST)


def send_picture(chat_page: "ChatPage", contact: str) -> None:
    """Send an image that Twilio fetches from this very server."""
    to, sender = f"whatsapp:{contact}", f"whatsapp:{chat_page.phones.business}"
    caption = "A picture, with a *caption*."
    url = f"{chat_page.phones.webhook_url.partition('/whatsapp')[0]}/static/picture.png"
    chat_page.account.send(to, sender, caption, None, media_urls=(url,))


def _send(chat_page: "ChatPage", contact: str, name: str, types: dict[str, Any]) -> None:
    account = chat_page.account
    document = {"friendly_name": name, "language": "en", "variables": {}, "types": types}
    content = account.contents.add(parse_content(document))
    body, menu = content.render({})
    to, sender = f"whatsapp:{contact}", f"whatsapp:{chat_page.phones.business}"
    account.send(to, sender, body, None, menu=menu, content_sid=content.sid)
