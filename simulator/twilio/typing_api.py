"""The typing indicator (v2), which marks a message as read and shows that somebody writes.

Source: twilio.com/docs/whatsapp/api/typing-indicators-resource.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from flask import Response, jsonify, request

from simulator.twilio.access import authenticate, require_form
from simulator.twilio.account import Account
from simulator.twilio.bus import Typing
from simulator.twilio.messages import INBOUND
from simulator.twilio.refusals import RefusedError

_SHOWN = timedelta(seconds=25)


@dataclass(frozen=True, slots=True)
class TypingApi:
    """The view of the indicator."""

    account: Account

    def create(self) -> Response:
        """Show the indicator until a message arrives, 25 seconds at most."""
        authenticate(self.account)
        faults = self.account.faults
        return faults.suffer(faults.take("typing", ""), self._create)

    def _create(self) -> Response:
        require_form()
        form = request.form
        if set(form) != {"messageId", "channel"} or form["channel"] != "whatsapp":
            raise RefusedError(20001, "messageId and channel=whatsapp are required")
        message = self.account.messages.get(form["messageId"])
        if message is None or message.direction != INBOUND:
            raise RefusedError(20404, "The message was not found", 404)
        self.account.messages.change(message.sid, receipt="read")
        self.account.bus.tell(Typing(message.person, datetime.now(UTC) + _SHOWN))
        return jsonify(success=True)
