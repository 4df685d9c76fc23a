"""A stand-in for Google's APIs: what ``deploy.sh`` makes with the real gcloud is kept here.

It answers as the REST resources of Google's APIs do: a collection is posted to, a resource is
read, patched and deleted under its name, and a policy hangs on each. gcloud reaches it as a proxy,
so that every host name is the real one.
"""

import io
import json
import re
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qsl, urlsplit

from tests.google.answers import RefusedError
from tests.google.rules import CREATED_WITH, RULES

PROJECT, NUMBER = "demo-gateway", "123456789012"


class Call(NamedTuple):
    """One request: its method, host, path, query and decoded body."""

    method: str
    host: str
    path: str
    query: dict[str, str]
    body: dict


class Google:
    """Every resource by its full name, and what was asked for."""

    def __init__(self, **project):
        self.project = {"projectId": PROJECT, "projectNumber": NUMBER, **project}
        self.billing = True
        self.public = True
        self.build_error = ""
        self.denied: list[str] = []
        self.unknown: list[str] = []
        self.unclear: list[str] = []
        self.building = 0
        self.resources: dict[str, dict] = {}
        self.policies: dict[str, dict] = {}
        self.secrets: dict[str, list[str]] = {}
        self.zips: dict[str, set[str]] = {}
        self.calls: list[Call] = []
        self.lock = threading.RLock()

    def answer(self, call: Call, raw: bytes) -> tuple[int, dict]:
        with self.lock:
            self.calls.append(call)
            try:
                self._check(call)
                for pattern, rule in RULES:
                    match = re.fullmatch(pattern, f"{call.method} {call.host}{call.path}")
                    if match:
                        return 200, rule(self, call, *match.groups())
                return 200, self.rest(call)
            except RefusedError as refused:
                error = {"code": refused.code, "message": str(refused), "status": refused.status}
                return refused.code, {"error": error}

    def _check(self, call: Call) -> None:
        line = f"{call.method} {call.host}{call.path}"
        if any(re.search(pattern, line) for pattern in self.denied):
            raise RefusedError(403, "PERMISSION_DENIED", f"Permission denied on {call.path}")
        if any(re.search(pattern, line) for pattern in self.unknown):
            # Not 501, which gcloud tries five times.
            raise RefusedError(404, "NOT_FOUND", "Method not found.")
        if any(re.search(pattern, line) for pattern in self.unclear):
            raise RefusedError(400, "INVALID_ARGUMENT", "Something about this was not understood")

    def rest(self, call: Call) -> dict:
        """Answer as any REST collection does."""
        path = re.sub(r"^/v\d\w*/", "", call.path)
        path = path.replace("projects/-/", f"projects/{self.project['projectId']}/")
        if call.method == "GET":
            return self._read(path)
        if call.method == "DELETE":
            self.found(path)
            del self.resources[path]
            return {}
        if call.method == "PATCH":
            self.found(path).update(call.body)
            return self.resources[path]
        return self.create(path, call)

    def create(self, path: str, call: Call) -> dict:
        parent, _, collection = path.rpartition("/")
        if call.method == "PUT":
            parent, collection = path.rsplit("/", 2)[:2]
            name = path
        else:
            given = next((v for k, v in call.query.items() if k.endswith("Id")), "")
            field = CREATED_WITH.get(collection, "")
            chosen = given or str(call.body.get(field, "")).rpartition("/")[2]
            name = f"{parent}/{collection}/{chosen or len(self.resources) + 1000}"
        if name in self.resources:
            raise RefusedError(409, "ALREADY_EXISTS", f"{name} exists already")
        self.resources[name] = {"name": name, **call.body}
        if not self.resources[name]["name"].startswith("projects/"):
            self.resources[name]["name"] = name
        return self.resources[name]

    def found(self, name: str) -> dict:
        if name not in self.resources:
            raise RefusedError(404, "NOT_FOUND", f"{name} was not found")
        return self.resources[name]

    def children(self, path: str) -> list[dict]:
        return [one for name, one in self.resources.items() if name.rpartition("/")[0] == path]

    def _read(self, path: str) -> dict:
        if path in self.resources:
            return self.resources[path]
        if len(path.split("/")) % 2:
            return {path.rpartition("/")[2]: self.children(path)}
        raise RefusedError(404, "NOT_FOUND", f"{path} was not found")

    def writes(self) -> list[Call]:
        """The requests that may have changed something."""
        reading = (":getIamPolicy", ":access", ":testIamPermissions")
        return [one for one in self.calls if one.method != "GET" and not one.path.endswith(reading)]

    def names(self, kind: str) -> set[str]:
        """The last parts of the names of one kind of resource."""
        parts = [name.split("/") for name in self.resources]
        return {one[-1] for one in parts if one[-2] == kind}


@contextmanager
def serve(google: Google) -> Iterator[int]:
    """Serve a stand-in as an HTTP proxy; give its port."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def handle_any(self):
            raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            json_body = raw[:1] in (b"{", b"[")
            body = json.loads(raw) if json_body else {}
            call = Call(self.command, parts.netloc, parts.path, dict(parse_qsl(parts.query)), body)
            if call.path.startswith("/upload/"):
                google.zips[call.path] = set(zipfile.ZipFile(io.BytesIO(raw)).namelist())
            status, document = google.answer(call, raw)
            answer = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any  # noqa: N815 - their names

        def log_message(self, *arguments):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
