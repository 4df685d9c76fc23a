"""A topic on the Pub/Sub emulator, over its REST API, and what arrived at it."""

import http.client
import json
from typing import Any
from uuid import uuid4

from bench.errors import MeasurementError

TOPIC = "whatsapp-inbound"
_MOST_AT_ONCE = 1000


class Topic:
    """A topic in a project of its own. ``address`` is the emulator's host and port."""

    def __init__(self, address: str) -> None:
        self._address = address
        self.project = f"bench-{uuid4().hex[:12]}"
        self._topic = f"projects/{self.project}/topics/{TOPIC}"
        self._subscriptions = f"projects/{self.project}/subscriptions"
        self._call("PUT", self._topic, {})

    def keep(self) -> None:
        """Keep everything from now on for ``drain``."""
        self._call("PUT", f"{self._subscriptions}/kept", {"topic": self._topic})

    def push_to(self, url: str) -> None:
        """Push everything from now on to a URL, in order for each key."""
        subscription = {
            "topic": self._topic,
            "pushConfig": {"pushEndpoint": url},
            "enableMessageOrdering": True,
            "ackDeadlineSeconds": 60,
        }
        self._call("PUT", f"{self._subscriptions}/pushed", subscription)

    def stop_pushing(self) -> None:
        """Push no more."""
        self._call("DELETE", f"{self._subscriptions}/pushed")

    def drain(self) -> list[str]:
        """Take everything that was kept; return the ids of the messages."""
        path = f"{self._subscriptions}/kept"
        order = {"maxMessages": _MOST_AT_ONCE, "returnImmediately": True}
        found: list[str] = []
        # An empty answer may come early: only several of them say that there is no more.
        empty = 0
        while empty < 3:  # noqa: PLR2004 - as above
            pulled = self._call("POST", f"{path}:pull", order).get("receivedMessages", [])
            empty = 0 if pulled else empty + 1
            found += [one["message"]["attributes"]["message_id"] for one in pulled]
            if pulled:
                acknowledged = {"ackIds": [one["ackId"] for one in pulled]}
                self._call("POST", f"{path}:acknowledge", acknowledged)
        return found

    def _call(self, method: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        connection = http.client.HTTPConnection(self._address, timeout=30)
        try:
            headers = {"Content-Type": "application/json"}
            connection.request(method, f"/v1/{path}", json.dumps(body) if body else "{}", headers)
            answer = connection.getresponse()
            text = answer.read()
        finally:
            connection.close()
        if answer.status != http.client.OK:
            raise MeasurementError(f"Pub/Sub emulator: {method} {path}: {answer.status}")
        result: dict[str, Any] = json.loads(text or b"{}")
        return result
