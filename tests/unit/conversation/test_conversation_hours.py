"""What is said outside an assistant's hours, and to whom nothing of that applies."""

from datetime import UTC, datetime, timedelta

import pytest

from lib.conversation.converse import converse
from lib.conversation.hours import schedule_of
from lib.conversation.limits import Limits
from lib.conversation.moment import Tools
from lib.conversation.support import Support
from lib.model import Answer, Assistant, Conversation, InboundMessage, Permissions, Session
from lib.ports.typing import no_typing
from lib.storage.stores import stores_on

ANN = "+15550001111"
HOURS = {"hours": "Mo-Fr 09:00-17:30", "timezone": "Europe/Berlin"}
FRIDAY_NIGHT = datetime(2026, 11, 27, 20, 0, tzinfo=UTC)
AWAY = (
    "🌙 Expert is not there at the moment, but again on Monday at 09:00 (Europe/Berlin). "
    "Send /again then to have this answered."
)
AWAY_IN = {
    "de": "🌙 Expert ist gerade nicht da, aber am Montag um 09:00 Uhr (Europe/Berlin) wieder. "
    "Sende dann /again, um die Antwort zu bekommen.",
    "ar": "\u200f🌙 \u2068Expert\u2069 غير متاح حاليًا، وسيعود يوم الاثنين الساعة "
    "\u206809:00\u2069 (\u2068Europe/Berlin\u2069). أرسل \u2068/again\u2069 "
    "حينها للحصول على الإجابة.",
    "ja": "🌙 Expertは現在対応していません。次に対応できるのは月曜日の09:00（Europe/Berlin）"
    "です。その時に /again を送信すると回答します。",
}
ALL_THE_SAME = (
    "🌙 It is outside our hours, but I answer all the same. "
    "These begin again on Monday at 09:00 (Europe/Berlin)."
)
INSTEAD = (
    "🌙 Expert is not there at the moment, so Stand-in answers. "
    "It is there again on Monday at 09:00 (Europe/Berlin)."
)


class Echo:
    def ask(self, assistant, question, listener):
        return Answer(f"{assistant.name} heard: {question.text}")


def tools(now=FRIDAY_NIGHT, **further):
    return Tools(
        stores=stores_on(None, lambda: now),
        clients={"vac": Echo()},
        default_assistant=Assistant("default-assistant", "Default Assistant"),
        typing=no_typing,
        limits=Limits(questions_per_contact=10),
        clock=lambda: now,
        **further,
    )


def person(*others, session=None, **settings):
    expert = Assistant("expert", "Expert", settings={**HOURS, **settings})
    since = FRIDAY_NIGHT - timedelta(days=1)
    known = session or Session(ANN, ANN, "expert", "Ann", since, since)
    return Conversation(ANN, known, Permissions(), (expert, *others), names=frozenset({ANN}))


def ask(who, text="Hello", now=FRIDAY_NIGHT, came=None, **further):
    message = InboundMessage("SM1", ANN, came or now, text=text)
    return converse(message, who, tools(now, **further))


def said(outcome):
    return "\n".join(outcome.chunks)


def test_a_question_outside_the_hours_gets_the_next_opening_and_is_not_counted():
    outcome = ask(person())
    assert said(outcome) == AWAY
    assert (outcome.kind, outcome.session.usage.asked) == ("notice", 0)
    assert (outcome.session.question, outcome.assistant_id) == ("SM1", "")


@pytest.mark.parametrize("language", AWAY_IN)
def test_the_next_opening_is_told_in_the_language_of_the_person(language):
    since = FRIDAY_NIGHT - timedelta(days=1)
    who = person(session=Session(ANN, ANN, "expert", "Ann", since, since, language=language))
    assert said(ask(who)) == AWAY_IN[language]


def test_a_note_above_an_answer_is_in_the_language_of_the_person():
    since = FRIDAY_NIGHT - timedelta(days=1)
    french = Session(ANN, ANN, "expert", "Ann", since, since, language="fr")
    note, answer = said(ask(person(outside="answer", session=french))).split("\n\n")
    assert note == (
        "🌙 Nous sommes en dehors de nos horaires, mais je vous réponds quand même. "
        "Ils reprennent lundi à 09:00 (Europe/Berlin)."
    )
    assert answer == "Expert heard: Hello"


@pytest.mark.parametrize(
    ("now", "opening"),
    [
        ("2026-11-27T05:00", "today at 09:00 (Europe/Berlin)"),
        ("2026-11-26T23:30", "today at 09:00 (Europe/Berlin)"),
        ("2026-11-26T20:00", "tomorrow at 09:00 (Europe/Berlin)"),
        ("2026-11-28T20:00", "on Monday at 09:00 (Europe/Berlin)"),
    ],
)
def test_the_opening_is_told_as_people_there_would_say_it(now, opening):
    time = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert f"but again {opening}." in said(ask(person(), now=time))


def test_an_opening_that_is_far_off_has_its_day_and_one_that_is_never_has_none():
    holiday = {"closed": ", ".join(f"2026-11-30, 2026-12-0{day}" for day in range(1, 8))}
    assert "but again on Tuesday, 2026-12-08, at 09:00" in said(ask(person(**holiday)))
    assert said(ask(person(hours="off"))) == "🌙 Expert is not there at the moment."


@pytest.mark.parametrize("came", [0, 3, 4])
def test_whoever_wrote_within_the_hours_is_answered_however_late(came):
    closing = datetime(2026, 11, 27, 16, 30, tzinfo=UTC)
    outcome = ask(person(), now=closing, came=closing - timedelta(minutes=came))
    assert said(outcome) == ("Expert heard: Hello" if came else AWAY)


def test_it_may_be_answered_all_the_same_with_one_notice_a_day():
    outcome = ask(person(outside="answer"))
    assert said(outcome) == f"{ALL_THE_SAME}\n\nExpert heard: Hello"
    assert outcome.text == "Expert heard: Hello"
    again = ask(person(session=outcome.session, outside="answer"))
    assert said(again) == "Expert heard: Hello"
    night = FRIDAY_NIGHT + timedelta(days=1)
    tomorrow = ask(person(session=again.session, outside="answer"), now=night)
    assert said(tomorrow) == f"{ALL_THE_SAME}\n\nExpert heard: Hello"


def test_another_assistant_may_answer_meanwhile_and_the_chosen_one_stays_chosen():
    other = Assistant("stand-in", "Stand-in")
    settings = {"outside": "other", "other_assistant": "stand-in"}
    outcome = ask(person(other, **settings))
    assert said(outcome) == f"{INSTEAD}\n\nStand-in heard: Hello"
    assert (outcome.assistant_id, outcome.session.assistant_id) == ("stand-in", "expert")
    history = [write.document for write in outcome.writes]
    assert {one["assistant_id"] for one in history} == {"stand-in"}
    assert said(ask(person(other, session=outcome.session, **settings))) == "Stand-in heard: Hello"


@pytest.mark.parametrize(
    "other",
    [
        Assistant("somebody", "Somebody"),
        Assistant("stand-in", "Stand-in", enabled=False),
        Assistant("stand-in", "Stand-in", settings={**HOURS, "outside": "answer"}),
    ],
)
def test_where_nobody_else_is_there_the_opening_is_told(other):
    assert said(ask(person(other, outside="other", other_assistant="stand-in"))) == AWAY


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("/help", "🤖 WhatsApp Aitana Commands:"),
        ("/list", "📋 Available Assistants:"),
        ("STOP", "✅ From now on you only get answers"),
        ("/human", "🙋 There is no human here who could take over."),
        ("human", "🙋 There is no human here who could take over.\nCall us."),
    ],
)
def test_commands_pass_at_any_time(text, begins):
    assert said(ask(person(), text, support=Support(contact="Call us."))).startswith(begins)


@pytest.mark.parametrize(
    "wrong", [{"hours": "Mo-Fr 9-17"}, {"timezone": "Berlin"}, {"closed": "Christmas"}]
)
def test_with_hours_that_cannot_be_read_it_is_always_there_and_the_log_says_so_once(caplog, wrong):
    schedule_of.cache_clear()
    who = person(**wrong)
    assert [said(ask(who)), said(ask(who))] == ["Expert heard: Hello"] * 2
    (told,) = [one for one in caplog.records if one.message == "hours cannot be read"]
    assert (told.levelname, told.whose) == ("ERROR", "expert")
    assert next(iter(wrong)) in told.reason
