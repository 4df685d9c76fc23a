"""Serves the stand-ins until it is told to stop; its port is the first line it prints."""

import argparse
import asyncio
import sys

from bench.standins.callbacks import Callbacks
from bench.standins.http import Connection
from bench.standins.played import Played, Times


async def serve(options: argparse.Namespace) -> None:
    """Serve on a free port."""
    loop = asyncio.get_running_loop()
    times = Times(options.assistant_seconds, options.twilio_seconds)
    played = Played(times, loop.call_later)

    def told(taken: bool) -> None:  # noqa: FBT001 - the one thing to tell
        played.record.callbacks += taken
        played.record.refusals += not taken

    if options.callbacks:
        played.on_send = Callbacks(options.callbacks, told)
    server = await loop.create_server(
        lambda: Connection(played.handle), "127.0.0.1", 0, backlog=1024
    )
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--assistant-seconds", type=float, default=0.0)
    parser.add_argument("--twilio-seconds", type=float, default=0.0)
    parser.add_argument("--callbacks", default="", metavar="URL")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(serve(_options()))
