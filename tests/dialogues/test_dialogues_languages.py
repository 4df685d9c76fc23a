"""Conversations in every language: through a whole gateway, as people have them, word for word."""

import re
import tomllib
from dataclasses import replace

import pytest

from lib.conversation.commands.table import COMMANDS
from lib.errors import AssistantError
from lib.model import (
    Answer,
    Choice,
    DeliveryReport,
    DeliveryState,
    MessageKind,
    QueueDelivery,
)
from lib.turn.respond import respond
from lib.twilio.codes import explained
from operations.languages import english
from tests.local_gateway import local_gateway
from tests.processes import ROOT
from tests.sampled import sampled
from tests.sentences import HELP

CATALOGUE = """
assistants:
  default-assistant: {name: Aitana}
  guide: {name: Claudia}
"""
DIALOGUES = tomllib.loads((ROOT / "tests/dialogues/languages.toml").read_text())
CODES = tuple(DIALOGUES)

# Everything a person can make the gateway say without an accident: what says something else where
# it stands, and every other command but the one that an assistant answers.
ORDERED = (
    *("/help", "/list", "/list 9", "/current", "/switch", "/switch nowhere", "/why"),
    *("/rate", "/rate 1", "/new", "/language", "/language Klingonisch", "/xyz", "/cancel"),
    *("/stop", "/start", "/human", "/bot", "/forget", "/forget it", "/export", "/login x"),
)
OTHERS = {f"/{entry.name}" for entry in COMMANDS} - {*ORDERED, "/again"}
EVERYTHING = (*ORDERED, *sorted(OTHERS))
# Names, words that are sent as they are, and what is repeated of what the person wrote.
OURS = {"whatsapp", "aitana", "claudia", "default", "assistant", "id", "auto", "xyz"}
OURS |= {"twilio", "stop", "yes", "utc"}
# Words that English has as well, by descent or by chance.
SHARED = {
    "de": "an code die in so start was",
    "es": "a has me no",
    "pt": "a as do me no",
    "fr": "a assistants code comment contact conversation des invitation message messages minutes "
    "moment question",
    "it": "a account come file i in per so",
    "da": "at for have i in invitation mine over send so start",
    "no": "at be for i in mine over send so start still",
}
COMMAND = re.compile(r"/\w+")
# Where Arabic's lines begin, and its commands begin and end.
MARKS = re.compile("[\u200f\u2068\u2069]")
NAMES_OF_LANGUAGES = re.compile(r"(?m)^\W*• .*\((\w\w)\)\W*$")


@pytest.fixture(scope="module")
def table(tmp_path_factory):
    with local_gateway(tmp_path_factory.mktemp("languages"), CATALOGUE) as ready:
        yield ready


def helped(code):
    """What /help says: the lines that it has in English, as they stand in a language's file."""
    if code == "en":
        return HELP
    sentences = tomllib.loads((ROOT / f"lib/language/{code}.toml").read_text(encoding="utf-8"))
    names = re.findall(r"(?m)^/(\w+)", HELP)
    return "\n".join(sentences[f"help_{name}"] for name in ("title", *names))


@pytest.mark.parametrize("code", CODES)
def test_a_dialogue_is_in_the_language_of_its_person(table, code):
    dialogue = DIALOGUES[code]
    assert table.say(dialogue["asks"], dialogue["number"])
    (told,) = table.say(dialogue["help"], dialogue["number"])
    assert MARKS.sub("", told) == helped(code)
    for said, answer in dialogue["says"]:
        assert table.say(said, dialogue["number"]) == [answer]


def words(texts):
    """The words of texts, but for commands and the list of languages by their own names."""
    said = NAMES_OF_LANGUAGES.sub("", "\n".join(texts))
    return set(re.findall(r"\b[^\W\d_]+\b", COMMAND.sub("", said).lower()))


def shown(resource):
    """All words of a message, with what can be tapped below it."""
    menu = resource.get("menu") or {}
    rows = menu.get("items") or menu.get("actions") or []
    found = [resource["body"], menu.get("button", "")]
    if not any(row["id"].startswith("/language") for row in rows):
        found += [row.get("item") or row["title"] for row in rows]
        found += [row.get("description", "") for row in rows]
    return found


@pytest.mark.slow
@pytest.mark.parametrize("code", sampled([one for one in CODES if one != "en"], "de", "ar", "ja"))
def test_nothing_is_said_in_english_to_whoever_speaks_another_language(table, code):
    number = f"+4870000{CODES.index(code):04}"
    table.say(f"/language {code}", number)
    table.say(DIALOGUES[code]["asks"], number)
    before = len(table.resources())
    for said in EVERYTHING:
        assert table.say(said, number), said
    texts = [text for one in table.resources()[before:] for text in shown(one)]
    found = (words(texts) & words(english().values())) - OURS
    shared = {*SHARED.get(code, "").split()}
    assert found <= shared, f"said in English, or missing in SHARED or OURS: {found - shared}"


GERMAN, POLE = "+4915112345678", "+48600123456"
CHOICES = """\
• English (en)
• Español (es)
• Português (pt)
• Français (fr)
• Deutsch (de)
• Italiano (it)
• Dansk (da)
• Norsk (no)
• العربية (ar)
• हिन्दी (hi)
• 中文 (zh)
• 日本語 (ja)"""
HOW = "To choose another one, send /language and its name; /language auto goes by what you write."
AUTOMATIC = "✅ From now on I write in the language that you write in."
LOST = "I'm sorry, a part of my answer may not have reached you. Please ask again if it is missing."
LEIDER = (
    "Leider hat dich ein Teil meiner Antwort vielleicht nicht erreicht. Bitte frage noch einmal, "
    "wenn etwas fehlt."
)


@pytest.fixture
def fresh(tmp_path):
    with local_gateway(tmp_path, CATALOGUE) as ready:
        yield ready


def rows(table):
    menu = table.resources()[-1]["menu"]
    return [(one["id"], one.get("item")) for one in menu.get("items", [])]


def test_a_language_is_chosen_and_stays_until_it_is_chosen_otherwise(fresh):
    assert fresh.say("/language") == [
        f"🌐 I write to you in English. I go by the language that you write in.\n{CHOICES}\n{HOW}"
    ]
    assert fresh.say("/language alemán") == ["✅ Ab jetzt schreibe ich dir auf Deutsch."]
    assert fresh.say("can you tell me what the weather is like today?")
    assert fresh.say("/cancel") == ["Es lief gerade nichts."]
    (told,) = fresh.say("/language")
    assert told.startswith("🌐 Ich schreibe dir auf Deutsch, wie du es gewünscht hast.\n• English")
    assert fresh.say("/language auto") == [AUTOMATIC]
    assert fresh.say("/cancel") == ["Nothing was running."]


def test_a_language_that_is_not_spoken_is_answered_with_those_that_are(fresh):
    (told,) = fresh.say("/language klingon")
    assert told == f"🌐 I don't write “klingon” yet. These are my languages:\n{CHOICES}\n{HOW}"
    (told,) = fresh.say("/language " + "klingon " * 500)
    assert told.startswith("🌐 I don't write “klingon klingon klingon klingon klingon …” yet.")
    assert fresh.say("/cancel") == ["Nothing was running."]


def test_languages_are_tapped_and_their_ids_are_commands(fresh):
    fresh.say("/language")
    first = rows(fresh)
    assert [row[0] for row in first] == [
        *(f"/language {code}" for code in CODES[:9]),
        "/language 2",
    ]
    assert first[4] == ("/language de", "Deutsch")
    fresh.say("More", choice=Choice("/language 2", "More"), kind=MessageKind.CHOICE)
    assert rows(fresh)[-1] == ("/language auto", "Automatic")
    tapped = fresh.say("日本語", choice=Choice("/language ja", "日本語"), kind=MessageKind.CHOICE)
    assert tapped == ["✅ これからは日本語でお送りします。"]
    assert not fresh.resources()[-1].get("menu")
    fresh.say("/list")
    assert fresh.resources()[-1]["menu"]["button"] == "選ぶ"


def test_only_who_chose_a_language_has_the_assistant_told(fresh):
    assert "wants" not in fresh.say("how is the weather in Vienna today?")[0]
    fresh.say("/language de")
    asked = "how is the weather in Vienna today?"
    assert f"{asked}\n\n[The user wants to be answered in German.]" in fresh.say(asked)[0]
    (pair,) = fresh.gateway.stores().conversations.read("+15550001111", "").session.recent[-1:]
    assert pair.question == asked


def test_a_session_without_the_field_is_one_whose_person_chose_nothing(fresh):
    fresh.say("/language de")
    stores = fresh.gateway.stores()
    known = stores.conversations.read("+15550001111", "").session
    assert known.language == "de"
    fresh.say("/new")
    assert stores.conversations.read("+15550001111", "").session.language == "de"


def test_the_country_of_a_number_is_spoken_to_who_has_shown_no_language(fresh):
    assert fresh.say("/cancel", GERMAN) == ["Es lief gerade nichts."]
    assert fresh.say("/cancel", POLE) == ["Nothing was running."]
    assert fresh.say("/cancel", "DE.1A2B3C4D") == ["Es lief gerade nichts."]


def test_the_assistants_language_is_spoken_where_no_other_is_known(tmp_path):
    catalogue = "assistants:\n  default-assistant: {name: Aitana, language: no}\n"
    with local_gateway(tmp_path, catalogue) as table:
        assert table.say("/cancel", POLE) == ["Ingenting var i gang."]
        assert table.say("/cancel", GERMAN) == ["Es lief gerade nichts."]


def test_the_words_of_a_command_are_no_sign_but_its_name_is(fresh):
    fresh.say("wo finde ich denn die rechnung für meine bestellung?", GERMAN)
    (told,) = fresh.say("/switch the very best assistant that you have", GERMAN)
    assert told.startswith("❌ Einen Assistenten namens „the very best")
    assert fresh.say("/annuler", GERMAN) == ["Rien n'était en cours."]


def test_an_apology_for_a_part_that_was_lost_is_in_the_persons_language(fresh):
    for number, sorry in ((GERMAN, LEIDER), (POLE, LOST)):
        assert fresh.say("/nonsense", number)
        sid = fresh.resources()[-1]["sid"]
        report = DeliveryReport(sid, DeliveryState.FAILED, "63021", address=number)
        assert respond(QueueDelivery(explained(report)), fresh.gateway.responder())
        assert fresh.sent(number)[-1] == sorry


class Moody:
    """Says what it is told to, or fails."""

    def __init__(self, said):
        self.said = said

    def ask(self, assistant, question, listener):
        if isinstance(self.said, Exception):
            raise self.said
        return Answer(self.said)


@pytest.mark.parametrize(
    ("said", "last"),
    [
        (
            AssistantError("broken"),
            "Beim Antworten ist etwas schiefgegangen. Bitte versuche es noch einmal.",
        ),
        (
            "word\n\n" * 40_000,
            "_(Die Antwort war länger, als hier Platz hat; das ist ihr Anfang.)_",
        ),
    ],
)
def test_what_an_assistant_does_not_say_is_said_in_the_persons_language(fresh, said, last):
    client = Moody(said)
    responder = replace(fresh.gateway.responder(), clients={"vac": client, "openai": client})
    fresh.gateway.parts["responder"] = responder
    assert fresh.say("wo finde ich denn die rechnung für meine bestellung?", GERMAN)[-1] == last


def test_what_cannot_be_read_is_told_in_the_persons_language(fresh):
    sticker = fresh.medium("application/zip", b"PK\x05\x06" + bytes(18))
    (told,) = fresh.say("", GERMAN, kind=MessageKind.MEDIA, media=(sticker,))
    assert told.startswith("Diese Art von Datei kann ich nicht lesen.")
    (told,) = fresh.say("was ist das denn für eine datei?", GERMAN, media=(sticker,))
    assert told.endswith("Excel und Text._")


def test_what_somebody_passes_on_is_no_sign_of_their_language(fresh):
    said = "where do I find the invoice for my order?"
    (told,) = fresh.say(said, GERMAN, kind=MessageKind.UNSUPPORTED, forwarded=True)
    assert told.startswith("Das kann ich noch nicht lesen.")
    (told,) = fresh.say(said, GERMAN, kind=MessageKind.UNSUPPORTED)
    assert told.startswith("I cannot read this yet.")


def test_a_question_that_is_asked_again_shows_its_language(fresh):
    client = Moody(AssistantError("broken"))
    responder = replace(fresh.gateway.responder(), clients={"vac": client, "openai": client})
    fresh.gateway.parts["responder"] = responder
    failed = "Something went wrong while the assistant was answering. Please try again."
    assert fresh.say("where do I find the invoice for my order?", GERMAN) == [failed]
    assert fresh.say("/again", GERMAN) == [failed]
