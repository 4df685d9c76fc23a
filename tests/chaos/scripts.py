"""Status callbacks that contradict one another, come late, twice, or without what they should say.

What each asks for follows from Twilio's documents ("Track outbound message status"): a failure
counts only while it is not known that the message arrived.
"""

from simulator.twilio.reports import Report

PASSING: dict[str, tuple[Report, ...]] = {
    # It arrived: nothing is to follow.
    "delivered, then undelivered": (Report("delivered"), Report("undelivered", 63018)),
    "read, then failed": (Report("read"), Report("failed", 63021), Report("sent")),
    "delivered, then failed without a code": (Report("delivered"), Report("failed")),
    "delivered, then failed twice": (
        Report("delivered"),
        Report("failed", 63024),
        Report("failed", 63051, named=False),
    ),
    # It failed, and is known to have arrived before it is time to send it again.
    "undelivered, then delivered": (
        Report("sent"),
        Report("undelivered", 63018),
        Report("delivered", after=0.2),
        Report("undelivered", 63018),
    ),
    "failed, then read": (Report("failed", 63010), Report("read", after=0.2)),
    # It failed and may work later: it comes again.
    "undelivered for a while": (Report("sent"), Report("undelivered", 63018)),
    "failed before it was sent": (Report("failed", 30001), Report("sent"), Report("failed", 30001)),
    "for a while, without a recipient": (Report("undelivered", 63010, named=False),),
}
"""After these the words have arrived, or may be sent again."""

FINAL: dict[str, tuple[Report, ...]] = {
    "refused words": (Report("sent"), Report("undelivered", 63021)),
    "an unknown code": (Report("sent"), Report("undelivered", 63060), Report("sent")),
    "no code": (Report("undelivered"), Report("undelivered", 63018), Report("failed")),
    "30008": (Report("failed", 30008), Report("failed", 30008, after=1.0)),
    "without a recipient": (Report("sent"), Report("failed", 63021, named=False)),
}
"""After these the words are given up, and the person is told."""
