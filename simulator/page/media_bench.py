"""What can go wrong with the next picture, document or recording that a person sends."""

from collections.abc import Mapping

from simulator.page.bench_item import MEDIA, Item, of_twilio
from simulator.twilio.faults import Fault, FaultKind

_FOREIGN = "https://media.invalid/stolen"
"""No such host can exist (RFC 6761): even a gateway that followed would send nothing anywhere."""


def _medium(title: str, hint: str, fault: Fault) -> Item:
    return of_twilio(title, hint, fault, MEDIA)


ITEMS: Mapping[str, Item] = {
    "media-404": _medium(
        "Not there yet",
        "Twilio says 404 twice, as it does for a moment; the gateway asks again.",
        Fault(FaultKind.ERROR, code=20404, status=404, times=2, operation="media"),
    ),
    "media-foreign": _medium(
        "Sent to a foreign host",
        "The way to the bytes leads elsewhere; nothing is fetched there, and the person is told.",
        Fault(FaultKind.REDIRECT, operation="media", location=_FOREIGN),
    ),
    "media-expired": _medium(
        "The address has expired",
        "The storage says 403; the gateway asks for a new address.",
        Fault(FaultKind.EXPIRED, operation="media"),
    ),
    "media-cut": _medium(
        "Cut in the middle",
        "Half of the bytes come; the gateway fetches it again.",
        Fault(FaultKind.CUT_WITHIN, operation="storage"),
    ),
    "media-endless": _medium(
        "Bytes without end",
        "It never ends; the gateway stops at its limit and says that it is too large.",
        Fault(FaultKind.ENDLESS, operation="storage"),
    ),
    "media-wrong-type": _medium(
        "Called what it is not",
        "It comes as a web page; the gateway looks at the bytes and reads it all the same.",
        Fault(FaultKind.WRONG_TYPE, operation="storage", content_type="text/html"),
    ),
}
