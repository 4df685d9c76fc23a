from datetime import UTC, datetime

from lib.conversation.question import question_text
from lib.model import Choice, InboundMessage, Location, Media, MessageKind

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def message(**fields):
    return InboundMessage("SM1", "+15550001111", NOW, **fields)


def test_text_is_asked_as_it_is():
    assert question_text(message(text="Hello")) == "Hello"


def test_an_attachment_is_named_with_its_type_and_url_below_the_caption():
    picture = Media("https://api.twilio.com/m/ME1", "image/jpeg")
    asked = question_text(message(kind=MessageKind.MEDIA, text="What is this?", media=(picture,)))
    assert asked == "What is this?\n\n[Attachment: image/jpeg https://api.twilio.com/m/ME1]"


def test_a_shared_contact_is_called_one():
    card = Media("https://api.twilio.com/m/ME1", "text/vcard")
    asked = question_text(message(kind=MessageKind.SHARED_CONTACT, media=(card,)))
    assert asked == "[Shared contact: text/vcard https://api.twilio.com/m/ME1]"


def test_a_place_is_named_with_its_coordinates():
    place = Location(55.6761, 12.5683, "Rådhuspladsen 1", "Town hall")
    asked = question_text(message(kind=MessageKind.LOCATION, location=place))
    assert asked == "[Location: Town hall, Rådhuspladsen 1 (55.676100, 12.568300)]"


def test_a_choice_is_asked_by_its_title():
    chosen = message(kind=MessageKind.CHOICE, choice=Choice("yes-1", "Yes, please"))
    assert question_text(chosen) == "Yes, please"


def test_a_forwarded_message_says_so():
    assert question_text(message(text="News", forwarded=True)) == "[Forwarded message]\nNews"
