"""List prices of what the gateway uses, in US dollars: the one place where prices stand.

Read on the pages named below, last checked on 2026-11-24; taxes, discounts and regions differ.
"""

from dataclasses import dataclass

CHECKED = "2026-11-24"


@dataclass(frozen=True, slots=True)
class Price:
    """Dollars for ``unit`` of something, after what is free in a month."""

    dollars: float
    unit: float
    free: float = 0.0
    page: str = ""

    def of(self, amount: float) -> float:
        """Return what an amount in a month costs, in dollars."""
        return max(0.0, amount - self.free) / self.unit * self.dollars


_MILLION = 1_000_000
_DAYS = 30
_RUN = "https://cloud.google.com/run/pricing"
_PUBSUB = "https://cloud.google.com/pubsub/pricing"
_FIRESTORE = "https://cloud.google.com/firestore/pricing"
_SCHEDULER = "https://cloud.google.com/scheduler/pricing"
_SECRETS = "https://cloud.google.com/secret-manager/pricing"
_LOGGING = "https://cloud.google.com/stackdriver/pricing"
_STORAGE = "https://cloud.google.com/storage/pricing"
_NETWORK = "https://cloud.google.com/vpc/network-pricing"
_OPENAI = "https://platform.openai.com/docs/pricing"
_TWILIO = "https://www.twilio.com/whatsapp/pricing"

REQUEST = Price(0.40, _MILLION, 2 * _MILLION, _RUN)
CPU_SECOND = Price(0.000024, 1, 180_000, _RUN)
MEMORY_GIB_SECOND = Price(0.0000025, 1, 360_000, _RUN)
IDLE_CPU_SECOND = Price(0.0000025, 1, 0, _RUN)
PUBSUB_BYTE = Price(40.0, 2**40, 10 * 2**30, _PUBSUB)
SCHEDULER_JOB = Price(0.10, 1, 3, _SCHEDULER)
SECRET_VERSION = Price(0.06, 1, 6, _SECRETS)
LOG_BYTE = Price(0.50, 2**30, 50 * 2**30, _LOGGING)
STORED_GIB_MONTH = Price(0.020, 1, 0, _STORAGE)
STORAGE_WRITE = Price(0.005, 1000, 0, _STORAGE)
STORAGE_READ = Price(0.0004, 1000, 0, _STORAGE)
SENT_BYTE = Price(0.12, 2**30, 2**30, _NETWORK)
"""That leaves Google for the internet, in North America and Europe."""

HEARD_MINUTE = Price(0.006, 1, 0, _OPENAI)
"""Of a recording put into words by OpenAI's whisper-1; by what one machine ships: nothing."""

SPOKEN_CHARACTER = Price(15.0, _MILLION, 0, _OPENAI)
"""Of a text spoken by OpenAI's tts-1."""

TWILIO_MESSAGE = Price(0.005, 1, 0, _TWILIO)
"""Sent or received. Meta charges nothing for free text within 24 hours of the person's message."""

# What is free is free each day; a month of even days has this much.
FIRESTORE_REGION = {
    "reads": Price(0.30, _MILLION, 50_000 * _DAYS, _FIRESTORE),
    "writes": Price(0.90, _MILLION, 20_000 * _DAYS, _FIRESTORE),
    "deletes": Price(0.10, _MILLION, 0, _FIRESTORE),
}
"""In one region, as in Oregon. Deletions here are those of TTL, which has nothing free."""

FIRESTORE_MULTI_REGION = {
    "reads": Price(0.60, _MILLION, 50_000 * _DAYS, _FIRESTORE),
    "writes": Price(1.80, _MILLION, 20_000 * _DAYS, _FIRESTORE),
    "deletes": Price(0.20, _MILLION, 0, _FIRESTORE),
}
"""In eur3 or nam5."""
