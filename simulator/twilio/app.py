"""An offline stand-in for Twilio's APIs of WhatsApp messages, over HTTP.

It answers as Twilio's OpenAPI documents (``twilio_api_v2010``, ``twilio_content_v1``,
``twilio_messaging_v2``) say. All APIs are under one base.
"""

from collections.abc import Callable

from flask import Response

from simulator.guard import guard
from simulator.site import Site
from simulator.twilio.access import answer_refusals
from simulator.twilio.account import Account
from simulator.twilio.content_api import ContentApi
from simulator.twilio.door import open_door
from simulator.twilio.media_api import MediaApi
from simulator.twilio.messages import API_VERSION
from simulator.twilio.messages_api import MessagesApi
from simulator.twilio.senders_api import SendersApi
from simulator.twilio.typing_api import TypingApi

_MESSAGES = f"/{API_VERSION}/Accounts/<account_sid>/Messages"
_MEDIA = f"{_MESSAGES}/<message_sid>/Media"
_CONTENT = "/v1/Content"
_SENDERS = "/v2/Channels/Senders"
_MOST_BYTES = 1 << 16


def create_app(account: Account) -> Site:
    """Return the APIs of one account as a WSGI application."""
    app = Site(__name__)
    app.config["MAX_CONTENT_LENGTH"] = _MOST_BYTES
    messages, media = MessagesApi(account), MediaApi(account)
    content, typing = ContentApi(account), TypingApi(account)
    senders = SendersApi(account)
    routes: list[tuple[str, str, Callable[..., Response]]] = [
        ("POST", f"{_MESSAGES}.json", messages.create),
        ("GET", f"{_MESSAGES}.json", messages.list),
        ("GET", f"{_MESSAGES}/<sid>.json", messages.fetch),
        ("POST", f"{_MESSAGES}/<sid>.json", messages.redact),
        ("DELETE", f"{_MESSAGES}/<sid>.json", messages.delete),
        ("GET", f"{_MEDIA}.json", media.list),
        ("GET", f"{_MEDIA}/<sid>.json", media.fetch),
        ("DELETE", f"{_MEDIA}/<sid>.json", media.delete),
        ("GET", f"{_MEDIA}/<sid>", media.content),
        ("GET", "/storage/<sid>", media.storage),
        ("POST", _CONTENT, content.create),
        ("GET", _CONTENT, content.list),
        ("GET", f"{_CONTENT}/<sid>", content.fetch),
        ("DELETE", f"{_CONTENT}/<sid>", content.delete),
        ("GET", f"{_CONTENT}/<sid>/ApprovalRequests", content.approval),
        ("POST", f"{_CONTENT}/<sid>/ApprovalRequests/whatsapp", content.approve),
        ("POST", "/v2/Indicators/Typing.json", typing.create),
        ("GET", _SENDERS, senders.list),
        ("GET", f"{_SENDERS}/<sid>", senders.fetch),
        ("POST", f"{_SENDERS}/<sid>", senders.update),
    ]
    for method, path, view in routes:
        app.add_url_rule(path, f"{method} {path}", view, methods=[method])
    open_door(app, account)
    guard(app)
    answer_refusals(app)
    return app
