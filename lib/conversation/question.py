"""What an assistant is asked: a message of any kind as text."""

from lib.model import InboundMessage, Location, Media, MessageKind


def question_text(message: InboundMessage) -> str:
    """Return the message as text; attachments and places are named in brackets."""
    choice = message.choice.title if message.choice and not message.text else ""
    place = [_place(message.location)] if message.location else []
    attachments = [_attachment(medium, message.kind) for medium in message.media]
    parts = [message.text or choice, *place, *attachments]
    text = "\n\n".join(part for part in parts if part)
    return f"[Forwarded message]\n{text}" if message.forwarded else text


def _attachment(medium: Media, kind: MessageKind) -> str:
    what = "Shared contact" if kind is MessageKind.SHARED_CONTACT else "Attachment"
    return f"[{what}: {medium.content_type} {medium.url}]"


def _place(location: Location) -> str:
    coordinates = f"{location.latitude:.6f}, {location.longitude:.6f}"
    names = ", ".join(part for part in (location.label, location.address) if part)
    return f"[Location: {names} ({coordinates})]" if names else f"[Location: {coordinates}]"
