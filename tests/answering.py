"""A child for tests of what is asked of one: it answers, waits, breaks or talks as it is told."""

import os
import sys
import time

from lib.media.exchange import Message
from lib.voice.frames import receive, send


def main(*_told):
    into, out_of = sys.stdin.buffer, sys.stdout.buffer
    while request := receive(into, 1 << 30):
        wish = request.facts.get("wish")
        if wish == "die":
            os._exit(7)
        if wish == "sleep":
            time.sleep(3600)
        if wish == "babble":
            out_of.write((1 << 40).to_bytes(8) + b"and so on")
        else:
            send(out_of, Message({"pid": os.getpid(), "size": len(request.body)}, request.body[:9]))
        out_of.flush()
