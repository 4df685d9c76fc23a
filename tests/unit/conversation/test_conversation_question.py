from datetime import UTC, datetime

import pytest

from lib.conversation.question import question_text
from lib.model import Choice, InboundMessage, Location, Media, MessageKind, Referral

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


@pytest.mark.parametrize(
    ("text", "choice", "asked"),
    [
        ("", Choice("yes-1", "Yes, please"), "Yes, please\n\n[Choice: yes-1]"),
        ("Yes", Choice("order_17_yes", "Yes"), "Yes\n\n[Choice: order_17_yes]"),
        ("Yes", Choice("Yes", "Yes"), "Yes"),
        ("yes ", Choice("YES", "Yes"), "yes "),
        ("Ok", Choice("y", "Yes"), "Ok\n\n[Choice: Yes, y]"),
        ("", Choice("y", "y"), "y"),
    ],
)
def test_a_choice_is_asked_with_what_stands_behind_it_once(text, choice, asked):
    assert question_text(message(kind=MessageKind.CHOICE, text=text, choice=choice)) == asked


def test_a_form_is_asked_with_its_names_and_values():
    form = (("name", "Ann"), ("date", "2026-12-01"))
    asked = question_text(message(kind=MessageKind.FORM, text="Sent", form=form))
    assert asked == "Sent\n\n[Form]\nname: Ann\ndate: 2026-12-01"


@pytest.mark.parametrize(
    ("referral", "asked"),
    [
        (
            Referral("Shop", "Buy", "https://a.example"),
            "[Advertisement: Shop\nBuy\nhttps://a.example]",
        ),
        (Referral(text="Buy"), "[Advertisement: Buy]"),
        (Referral(), ""),
    ],
)
def test_an_advertisement_is_named_before_the_words(referral, asked):
    assert question_text(message(kind=MessageKind.REFERRAL, referral=referral)) == asked
    before = f"{asked}\n" if asked else ""
    assert question_text(message(text="How much?", referral=referral)) == f"{before}How much?"


def test_what_is_replied_to_is_named_before_the_words():
    asked = question_text(message(text="Why?", forwarded=True), "[Reply to your message: “Hi”]")
    assert asked == "[Reply to your message: “Hi”]\n[Forwarded message]\nWhy?"


def test_a_forwarded_message_says_so():
    assert question_text(message(text="News", forwarded=True)) == "[Forwarded message]\nNews"
