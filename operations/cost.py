"""``make cost``: what a number of messages costs in a month, from what one of them uses."""

import argparse
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field, fields

from operations import media_cost, prices, usage
from operations.media_cost import Media
from operations.prices import Price

_MONTH_SECONDS = 30 * 24 * 3600.0
_MOST_MESSAGES = 1_000_000_000
_LEAST_PUBSUB_BYTES = 1000


@dataclass(frozen=True, slots=True)
class Load:
    """A month: messages of people, parts of an answer, seconds an assistant takes."""

    messages: int
    parts: float = 1.5
    assistant_seconds: float = 8.0
    hours_a_day: float = 12.0
    min_instances: int = 0
    multi_region: bool = False
    media: Media = field(default_factory=Media)


TYPICAL = Load(100_000)


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the bill: how much of what, and its price for the month in dollars."""

    name: str
    amount: float
    dollars: float


def bill(load: Load) -> list[Item]:
    """Return the lines of a month's bill."""
    return [*_firestore(load), *_functions(load), *_others(load), *_media(load), *_twilio(load)]


def busy_seconds(load: Load, seconds: float, per_message: float, at_once: int) -> float:
    """Return how long instances are billed for requests of a length that come at random.

    An instance is billed while it has at least one request: with requests coming by chance, at a
    rate and for a time, that is the share 1 - exp(-rate * time) of the hours in which they come.
    At most ``at_once`` share an instance.
    """
    open_seconds = _MONTH_SECONDS * load.hours_a_day / 24
    working = load.messages * per_message * seconds / open_seconds
    return open_seconds * max(1 - math.exp(-working), working / at_once)


def _firestore(load: Load) -> list[Item]:
    table = prices.FIRESTORE_MULTI_REGION if load.multi_region else prices.FIRESTORE_REGION
    callbacks = load.parts * usage.CALLBACKS_PER_PART
    turn, part, callback = usage.TURN, usage.PART, usage.CALLBACK
    reads = turn.reads + load.parts * part.reads + callbacks * callback.reads
    writes = turn.writes + load.parts * part.writes + callbacks * callback.writes
    deletes = turn.deletes + load.parts * part.deletes
    amounts = {
        "reads": load.messages * reads + usage.TICKS * usage.TICK.reads,
        "writes": load.messages * writes,
        "deletes": load.messages * deletes,
    }
    return [
        Item(f"Firestore, documents: {kind}", amount, table[kind].of(amount))
        for kind, amount in amounts.items()
    ]


def _requests(load: Load) -> float:
    """For a message: the webhook, the push to the responder, and Twilio's callbacks."""
    return 2 + load.parts * usage.CALLBACKS_PER_PART


def _functions(load: Load) -> list[Item]:
    callbacks = load.parts * usage.CALLBACKS_PER_PART
    requests = load.messages * _requests(load) + usage.TICKS + usage.HEALTH_CHECKS
    requests += media_cost.requests(load.media)
    answering = load.assistant_seconds + load.parts * usage.SECONDS_PER_PART
    responder = busy_seconds(load, answering, 1, usage.RESPONDER.at_once)
    responder += media_cost.reading_seconds(load.media)
    serving = media_cost.serving_seconds(load.media)
    short = busy_seconds(load, usage.SHORT_SECONDS, 1, usage.WEBHOOK.at_once)
    short += busy_seconds(load, usage.SHORT_SECONDS, callbacks, usage.WEBHOOK.at_once)
    short += (usage.TICKS + usage.HEALTH_CHECKS) * usage.SHORT_SECONDS
    cpu = responder * usage.RESPONDER.cpus + short * usage.WEBHOOK.cpus
    cpu += serving * usage.MEDIA.cpus
    memory = responder * usage.RESPONDER.gib + short * usage.WEBHOOK.gib
    memory += serving * usage.MEDIA.gib
    idle = load.min_instances * _MONTH_SECONDS
    return [
        _item("Functions, requests", requests, prices.REQUEST),
        _item("Functions, vCPU seconds", cpu, prices.CPU_SECOND),
        _item(
            "Functions, GiB seconds", memory + idle * usage.WEBHOOK.gib, prices.MEMORY_GIB_SECOND
        ),
        _item("Functions, vCPU seconds of idle instances", idle, prices.IDLE_CPU_SECOND),
    ]


def _others(load: Load) -> list[Item]:
    # Published once and delivered once, each at least 1000 bytes.
    queued = load.messages * 2 * max(_LEAST_PUBSUB_BYTES, usage.QUEUED_BYTES)
    logged = usage.LOG_BYTES + _requests(load) * usage.REQUEST_LOG_BYTES
    return [
        _item("Pub/Sub, bytes", queued, prices.PUBSUB_BYTE),
        _item("Logs, bytes", load.messages * logged, prices.LOG_BYTE),
        _item("Scheduler, jobs", 1, prices.SCHEDULER_JOB),
        _item("Secrets, versions", usage.SECRET_VERSIONS, prices.SECRET_VERSION),
    ]


def _media(load: Load) -> list[Item]:
    """What media use; nothing where there are none."""
    used = media_cost.others(load.media)
    return [_item(one.name, one.amount, one.price) for one in used if one.amount]


def _twilio(load: Load) -> list[Item]:
    return [_item("Twilio, messages", load.messages * (1 + load.parts), prices.TWILIO_MESSAGE)]


def _item(name: str, amount: float, price: Price) -> Item:
    return Item(name, amount, price.of(amount))


def report(load: Load) -> str:
    """Return the bill as text."""
    items = bill(load)
    lines = [f"{one.name:<44}{one.amount:>18,.0f}{one.dollars:>12,.2f}" for one in items]
    google = sum(one.dollars for one in items if not one.name.startswith(("Twilio", "Voice")))
    read, given = media_cost.per_thousand()
    total = sum(one.dollars for one in items)
    head = (
        f"{load.messages:,} messages a month, {load.parts:g} parts to an answer, an assistant that "
        f"takes {load.assistant_seconds:g} s, spread over {load.hours_a_day:g} hours a day:"
    )
    return "\n".join(
        [
            head,
            "",
            f"{'':<44}{'amount':>18}{'US dollars':>12}",
            *lines,
            "",
            f"{'Google Cloud':<62}{google:>12,.2f}",
            f"{'with Twilio, and voices':<62}{total:>12,.2f}",
            "",
            f"A thousand media more: {read:.2f} to read them, {given:.2f} to give them out.",
            f"List prices of {prices.CHECKED} (operations/prices.py), free tiers taken off.",
            "Not in it: the assistant, builds and their images, alerts, Meta's fees for templates,",
            "taxes.",
            "",
        ]
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the bill that the command line asks for."""
    parser = argparse.ArgumentParser(prog='make cost ARGS="..."', description=__doc__)
    parser.add_argument(
        "messages", nargs="?", type=_count, default=TYPICAL.messages, help="a month"
    )
    parser.add_argument("--parts", type=_positive, default=TYPICAL.parts, help="of an answer")
    parser.add_argument("--assistant-seconds", type=_positive, default=TYPICAL.assistant_seconds)
    parser.add_argument("--hours-a-day", type=_hours, default=TYPICAL.hours_a_day)
    parser.add_argument("--min-instances", type=_count, default=0, help="kept warm, in all")
    parser.add_argument("--multi-region", action="store_true", help="Firestore in eur3 or nam5")
    _add_media(parser)
    told = vars(parser.parse_args(arguments))
    media = Media(**{one.name: told.pop(f"media_{one.name}") for one in fields(Media)})
    sys.stdout.write(report(Load(**told, media=media)))
    return 0


def _add_media(parser: argparse.ArgumentParser) -> None:
    none = Media()
    group = parser.add_argument_group("media")
    group.add_argument("--media-read", type=_count, default=0, help="pictures, documents and notes")
    group.add_argument("--media-given", type=_count, default=0, help="sent, or shown by address")
    group.add_argument("--media-minutes", type=_count, default=0, help="put into words")
    group.add_argument("--media-characters", type=_count, default=0, help="of answers spoken")
    group.add_argument(
        "--media-minute-price",
        type=_positive,
        default=none.minute_price,
        help="dollars a minute (default: whisper-1)",
    )
    group.add_argument(
        "--media-characters-price",
        type=_positive,
        default=none.characters_price,
        help="dollars a million (default: tts-1)",
    )


def _count(text: str) -> int:
    number = int(text.replace(",", "").replace("_", ""))
    if not 0 <= number <= _MOST_MESSAGES:
        raise argparse.ArgumentTypeError(f"not from 0 to {_MOST_MESSAGES:,}: {text}")
    return number


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number <= 1000:  # noqa: PLR2004 - more is a slip of the keyboard
        raise argparse.ArgumentTypeError(f"not from 0 to 1000: {text}")
    return number


def _hours(text: str) -> float:
    number = _positive(text)
    if number > 24:  # noqa: PLR2004 - of a day
        raise argparse.ArgumentTypeError(f"a day has 24 hours: {text}")
    return number


if __name__ == "__main__":
    sys.exit(main())
