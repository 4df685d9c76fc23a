"""A bucket of Cloud Storage, played over HTTP: what the JSON API says it does."""

import email
import email.policy
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask, Response, request

from simulator.server import serve

BUCKET = "demo-media"
_PAGE = 2


@dataclass
class Bucket:
    """Its objects, and what is answered instead of the truth, one after another."""

    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    objects: dict[str, dict] = field(default_factory=dict)
    faults: list[int] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    logins: list[str] = field(default_factory=list)
    url: str = ""

    def app(self) -> Flask:
        app = Flask("bucket")
        app.before_request(self._before)
        one, many = f"/storage/v1/b/{BUCKET}/o/<path:name>", f"/storage/v1/b/{BUCKET}/o"
        app.add_url_rule(f"/upload{many}", "insert", self._insert, methods=["POST"])
        app.add_url_rule(many, "list", self._list)
        app.add_url_rule(one, "get", self._get)
        app.add_url_rule(one, "delete", self._delete, methods=["DELETE"])
        return app

    def _before(self):
        self.asked.append(f"{request.method} {request.path}")
        self.logins.append(request.headers.get("Authorization", ""))
        return Response(status=self.faults.pop(0)) if self.faults else None

    def _insert(self):
        assert request.args["uploadType"] == "multipart"
        head = f"Content-Type: {request.headers['Content-Type']}\r\n\r\n".encode()
        told, data = email.message_from_bytes(
            head + request.get_data(), policy=email.policy.HTTP
        ).iter_parts()
        facts = json.loads(told.get_payload(decode=True))
        assert facts["contentType"] == data["Content-Type"]
        facts |= {"data": data.get_payload(decode=True), "timeCreated": self._now()}
        self.objects[facts["name"]] = facts
        return {"name": facts["name"]}

    def _get(self, name):
        found = self.objects.get(name)
        if found is None:
            return Response(status=404)
        if request.args.get("alt") == "media":
            return Response(found["data"], content_type=found["contentType"])
        return {key: found[key] for key in request.args["fields"].split(",")}

    def _list(self):
        names = sorted(name for name in self.objects if name.startswith(request.args["prefix"]))
        start = int(request.args.get("pageToken", 0))
        page = {"items": [{"name": name} for name in names[start : start + _PAGE]]}
        if not page["items"]:
            return {}
        return page | ({"nextPageToken": str(start + _PAGE)} if names[start + _PAGE :] else {})

    def _delete(self, name):
        return Response(status=204 if self.objects.pop(name, None) else 404)

    def _now(self) -> str:
        return self.clock().astimezone(UTC).isoformat().replace("+00:00", "Z")


@contextmanager
def bucket(clock: Callable[[], datetime] | None = None) -> Iterator[Bucket]:
    """Serve an empty one."""
    played = Bucket(*([clock] if clock else []))
    with serve(played.app()) as server:
        played.url = server.url
        yield played
