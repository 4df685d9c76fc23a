"""What an assistant is asked: a message of any kind as text."""

from lib.conversation.spelling import plain
from lib.model import InboundMessage, Location, Media, MessageKind, Referral


def question_text(message: InboundMessage, quote: str = "", attachments: str | None = None) -> str:
    """Return the message as text; whatever is no word of the person's is named in brackets.

    What it is about comes first (``quote``, an advertisement), what comes with it last:
    ``attachments`` is what was understood of its media, None where they were not read.
    """
    said = message.text or (message.choice.title if message.choice else "")
    if attachments is None:
        attachments = "\n\n".join(_attachment(one, message.kind) for one in message.media)
    parts = [said, _form(message), _choice(message, said), _place(message.location), attachments]
    text = "\n\n".join(part for part in parts if part)
    forwarded = "[Forwarded message]" if message.forwarded else ""
    lines = [_advertisement(message.referral), quote, forwarded, text]
    return "\n".join(line for line in lines if line)


def _form(message: InboundMessage) -> str:
    answers = [f"{name}: {value}" for name, value in message.form]
    return "\n".join(["[Form]", *answers]) if answers else ""


def _choice(message: InboundMessage, said: str) -> str:
    """What stands behind a tap and is not said already."""
    behind = [message.choice.title, message.choice.id] if message.choice else []
    new = {plain(one): one for one in reversed(behind) if plain(one) != plain(said)}
    return f"[Choice: {', '.join(reversed(new.values()))}]" if new else ""


def _attachment(medium: Media, kind: MessageKind) -> str:
    what = "Shared contact" if kind is MessageKind.SHARED_CONTACT else "Attachment"
    return f"[{what}: {medium.content_type} {medium.url}]"


def _place(location: Location | None) -> str:
    if location is None:
        return ""
    coordinates = f"{location.latitude:.6f}, {location.longitude:.6f}"
    names = ", ".join(part for part in (location.label, location.address) if part)
    return f"[Location: {names} ({coordinates})]" if names else f"[Location: {coordinates}]"


def _advertisement(referral: Referral | None) -> str:
    parts = [referral.headline, referral.text, referral.url] if referral else []
    lines = "\n".join(part for part in parts if part)
    return f"[Advertisement: {lines}]" if lines else ""
