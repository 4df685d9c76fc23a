"""An assistant behind chat completions that writes as fast as a model does."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOKENS_A_SECOND = 50
_WORD = "word "
_SENTENCE_TOKENS = 16
_PARAGRAPH_TOKENS = 96


class _Handler(BaseHTTPRequestHandler):
    """Answers a question that ends with a number by text of so many characters."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Stream, a token an event."""
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = question["messages"][-1]["content"]
        length = int("".join(filter(str.isdigit, asked.rpartition(" of ")[2])))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        began = time.monotonic()
        for number, token in enumerate(_tokens(length)):
            due = began + number / TOKENS_A_SECOND
            time.sleep(max(0.0, due - time.monotonic()))
            self._write({"choices": [{"index": 0, "delta": {"content": token}}]})
        self._write({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        self.wfile.write(b"data: [DONE]\n\n")

    def _write(self, document: object) -> None:
        self.wfile.write(f"data: {json.dumps(document)}\n\n".encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _tokens(length: int) -> Iterator[str]:
    for number in range(1, length // len(_WORD) + 1):
        if number % _PARAGRAPH_TOKENS == 0:
            yield "end.\n\n"
        else:
            yield "end. " if number % _SENTENCE_TOKENS == 0 else _WORD


@contextmanager
def streaming_assistant() -> Iterator[str]:
    """Serve it, and give its base URL."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
