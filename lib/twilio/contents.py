"""What people send, in Twilio's parameters: attachments, places, choices, advertisements.

Source: Twilio's "Messaging webhook request". Whatever cannot be read is not there.
"""

import re
from operator import attrgetter
from typing import TYPE_CHECKING

from lib.model import Choice, Location, Media, MessageKind, Referral
from lib.twilio.request import Form

if TYPE_CHECKING:
    from lib.twilio.form_answers import Answers

_VCARD = frozenset({"text/vcard", "text/x-vcard"})
# A message has ten media at most.
_MEDIA = tuple((f"MediaUrl{number}", f"MediaContentType{number}") for number in range(10))
_CONTENT_TYPE = attrgetter("content_type")
_LONGEST_URL = 2048
_LONGEST_CHOICE = 1024
_LONGEST_ADVERTISEMENT = 2000
# What counts clicks in the query of an address: fbclid, gclid, ctwa_clid and their like, and those
# of Instagram, Google, LinkedIn, Pinterest, Reddit and Snapchat (their guides for advertisers).
_CLICK_ID = re.compile(
    r"[?&](?:\w*clid|clickid|igshi?d?|[gw]braid|li_fat_id|epik|rdt_cid|sccid)=[^&#]*", re.IGNORECASE
)
_READABLE = frozenset(
    {"", "text", "image", "audio", "video", "document", "sticker", "location", "contacts"}
    | {"interactive", "button"}
)


def kind_of(
    form: Form,
    media: tuple[Media, ...],
    location: Location | None,
    answers: "Answers",
    choice: Choice | None,
    referral: Referral | None,
) -> MessageKind:
    """What a message is, by what there is of it."""
    message_type = form.get("MessageType").strip().lower()
    if message_type not in _READABLE and not answers:
        return MessageKind.UNSUPPORTED
    if message_type == "contacts" or not _VCARD.isdisjoint(map(_CONTENT_TYPE, media)):
        return MessageKind.SHARED_CONTACT if media else MessageKind.UNSUPPORTED
    facts = (
        (media, MessageKind.MEDIA),
        (location, MessageKind.LOCATION),
        (answers, MessageKind.FORM),
        (choice, MessageKind.CHOICE),
        (form.get("Body").strip(), MessageKind.TEXT),
        (referral, MessageKind.REFERRAL),
    )
    return next((kind for fact, kind in facts if fact), MessageKind.UNSUPPORTED)


def media_of(form: Form) -> tuple[Media, ...]:
    """The attachments, ten at most."""
    return tuple(
        Media(url[:_LONGEST_URL], form.get(kind)[:128].lower() or "application/octet-stream")
        for name, kind in _MEDIA
        if (url := form.get(name))
    )


def location_of(form: Form) -> Location | None:
    """A shared place; None where the numbers are none on a globe."""
    try:
        latitude, longitude = float(form.get("Latitude")), float(form.get("Longitude"))
    except ValueError:
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):  # noqa: PLR2004 - degrees on a globe
        return None
    return Location(latitude, longitude, form.get("Address"), form.get("Label"))


def choice_of(form: Form) -> Choice | None:
    """The tapped button or list row."""
    title = form.get("ButtonText") or form.get("ListTitle")
    choice_id = form.get("ButtonPayload") or form.get("ListId")
    if not (choice_id or title):
        return None
    title = title or form.get("Body")
    choice_id, title = choice_id or title, title or choice_id
    return Choice(choice_id[:_LONGEST_CHOICE], title[:_LONGEST_CHOICE])


def referral_of(form: Form) -> Referral | None:
    """The advertisement a person came from, without what tells their click from others."""
    headline, text, url = map(form.get, ("ReferralHeadline", "ReferralBody", "ReferralSourceUrl"))
    if not (headline or text or url):
        return None
    return Referral(
        headline.strip()[:_LONGEST_ADVERTISEMENT],
        text.strip()[:_LONGEST_ADVERTISEMENT],
        _without_click(url.strip()[:_LONGEST_URL]),
    )


def _without_click(url: str) -> str:
    kept = _CLICK_ID.sub("", url)
    head, question, _ = url.partition("?")
    # The first parameter that is left begins the query.
    return kept.replace("&", "?", 1) if question and kept.startswith(f"{head}&") else kept
