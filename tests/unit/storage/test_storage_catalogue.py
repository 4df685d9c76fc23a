"""The assistants file, right and wrong."""

import pytest

from lib.errors import ConfigurationError
from lib.model import Assistant, Catalogue, Early, Permissions
from lib.storage.catalogue import file as catalogue
from lib.storage.catalogue.documents import read_assistant
from lib.storage.catalogue.yaml_tree import MOST_BYTES
from tests.processes import ROOT

RIGHT = """
# Comments are welcome.
assistants:
  default-assistant:
  python-expert:
    name: Python Expert
    description: >
      Knows
      Python.
    enabled: no
  gemini:
    backend: openai
    model: gemini-2.5-flash
    temperature: 0.70
    nothing:
    settings: {url: https://example.test, stream: true}
user_permissions:
  "+15550001111@whatsapp.user": {assistants: [gemini, python-expert]}
  +15550002222@whatsapp.user: {blocked: true}
  +15550003333@whatsapp.user: {assistants: "*"}
  +15550004444@whatsapp.user: {assistants: []}
  +15550005555@whatsapp.user: {assistants: gemini}
  +15550006666@whatsapp.user:
"""


@pytest.fixture
def load(tmp_path):
    file = tmp_path / "assistants.yaml"

    def write_and_load(content):
        file.write_bytes(content if isinstance(content, bytes) else content.encode())
        return catalogue.load(file)

    return write_and_load


def test_a_file_becomes_a_catalogue(load):
    settings = {"model": "gemini-2.5-flash", "temperature": "0.70"} | {
        "url": "https://example.test",
        "stream": "true",
    }
    assert load(RIGHT) == Catalogue(
        assistants=(
            Assistant("default-assistant", "Default Assistant"),
            Assistant("python-expert", "Python Expert", "Knows Python.\n", enabled=False),
            Assistant("gemini", "Gemini", backend="openai", settings=settings),
        ),
        permissions={
            "+15550001111@whatsapp.user": Permissions(
                assistants=frozenset({"gemini", "python-expert"})
            ),
            "+15550002222@whatsapp.user": Permissions(blocked=True),
            "+15550003333@whatsapp.user": Permissions(),
            "+15550004444@whatsapp.user": Permissions(assistants=frozenset()),
            "+15550005555@whatsapp.user": Permissions(assistants=frozenset({"gemini"})),
            "+15550006666@whatsapp.user": Permissions(),
        },
    )


@pytest.mark.parametrize("empty", ["", "# nothing", "assistants:", "\ufeff", "---\n...\n"])
def test_a_file_that_says_nothing_is_an_empty_catalogue(load, empty):
    assert load(empty) == Catalogue()


def test_the_example_is_right():
    assert len(catalogue.load(ROOT / "assistants.example.yaml").assistants) > 1


WRONG = [
    ("a tab", "assistants:\n\ta: {}", 2, "cannot start any token"),
    ("an open bracket", "assistants:\n  a: {name: x\n\n", 4, "expected ',' or '}'"),
    ("two documents", "assistants:\n---\nassistants:\n", 2, "another document"),
    ("an unknown anchor", "assistants:\n  a: *b\n", 2, "undefined alias"),
    ("a control character", "assistants:\n  a:\n    name: \x07\n", 3, "YAML forbids"),
    ("not UTF-8", b"assistants:\n  a:\n    name: \xe9\n", 3, "not UTF-8"),
    ("a list on top", "- a\n", 1, "a map"),
    ("a text on top", "hello", 1, "a map"),
    ("an unknown section", "assistants:\n  a:\nasistants:\n  b:\n", 3, "'asistants' is not known"),
    ("a section twice", "assistants:\n  a:\nassistants:\n  b:\n", 3, "'assistants' is there twice"),
    ("an id twice", "assistants:\n  a:\n  b:\n  a:\n", 4, "'a' is there twice"),
    ("a key twice", "assistants:\n  a:\n    name: x\n    name: y\n", 4, "'name' is there twice"),
    ("a list of assistants", "assistants:\n- a\n", 2, "a map"),
    ("an assistant that is a text", "assistants:\n  a: b\n", 2, "a map"),
    ("an id with a slash", "assistants:\n  a/b:\n", 2, "'a/b' has a slash or a blank"),
    ("an id with a blank", "assistants:\n  b:\n  a b:\n", 3, "'a b' has a slash or a blank"),
    ("an empty id", 'assistants:\n  "":\n', 2, "cannot be an id"),
    ("a reserved id", "assistants:\n  __a__:\n", 2, "cannot be an id"),
    ("an id that is a list", "assistants:\n  ? [a]\n  : {}\n", 2, "a text"),
    ("an unknown backend", "assistants:\n  a:\n    backend: vca\n", 3, "one of vac, openai"),
    ("an unknown way", "assistants:\n  a:\n    early: part\n", 3, "one of parts, paragraph, off"),
    ("a switch", "assistants:\n  a:\n    settings:\n      early: true\n", 4, "parts, paragraph"),
    ("sight in words", "assistants:\n  a:\n    pictures: some\n", 3, "true or false"),
    ("sight as a text", 'assistants:\n  a:\n    settings:\n      pictures: "yes"\n', 4, "true or"),
    ("a backend without a model", "assistants:\n  a:\n    backend: openai\n", 2, "a model"),
    ("enabled as a text", 'assistants:\n  a:\n    enabled: "no"\n', 3, "true or false"),
    ("enabled as a number", "assistants:\n  a:\n\n    enabled: 1\n", 4, "true or false"),
    ("a name that is a list", "assistants:\n  a:\n    name: [x]\n", 3, "a text"),
    ("a setting that is a map", "assistants:\n  a:\n    url: {b: c}\n", 3, "a text"),
    ("settings that are a text", "assistants:\n  a:\n    settings: x\n", 3, "a map"),
    (
        "a setting in both places",
        "assistants:\n  a:\n    url: x\n    settings:\n      url: y\n",
        5,
        "'url' is there twice",
    ),
    ("permissions of no e-mail", "user_permissions:\n  ann: {}\n", 2, "e-mail"),
    (
        "permissions of no number",
        "user_permissions:\n  ann@whatsapp.user: {blocked: true}\n",
        2,
        "a number like",
    ),
    (
        "one contact written in two ways",
        "user_permissions:\n  15550001111@whatsapp.user: {}\n  +1 555 000 1111@whatsapp.user: {}\n",
        3,
        "there twice, written in two ways",
    ),
    ("a limit of none", "user_permissions:\n  a@b:\n    limits: {questions: 1}\n", 3, "not known"),
    (
        "a limit below nought",
        "user_permissions:\n  a@b:\n    limits: {questions_per_day: -1}\n",
        3,
        "a whole number",
    ),
    (
        "a budget in a currency",
        "user_permissions:\n  a@b:\n    limits:\n      budget_per_day: 1 EUR\n",
        4,
        "budget_per_day is an amount",
    ),
    (
        "a budget of nothing said",
        "user_permissions:\n  a@b:\n    limits: {budget_per_day: }\n",
        3,
        "budget_per_day: a whole number",
    ),
    ("until some day", "user_permissions:\n  a@b:\n    until: soon\n", 3, "a time like"),
    ("an account of no domain", "user_permissions:\n  a@b:\n    email: ann\n", 3, "e-mail"),
    ("everything denied", "user_permissions:\n  a@b:\n    denied: '*'\n", 3, "blocked: true"),
    ("an unknown permission", "user_permissions:\n  a@b:\n    block: true\n", 3, "'block' is not"),
    ("blocked as a text", "user_permissions:\n  a@b:\n    blocked: very\n", 3, "true or false"),
    ("assistants as a map", "user_permissions:\n  a@b:\n    assistants: {a: b}\n", 3, "a list"),
    ("assistants not said", "user_permissions:\n  a@b:\n    assistants:\n", 3, "a list of"),
    (
        "an assistant that is a list",
        "user_permissions:\n  a@b:\n    assistants:\n    - a\n    - [b]\n",
        5,
        "a text",
    ),
    ("an endless nesting", "assistants: " + "[" * 100_000, 1, "nested too deeply"),
]


@pytest.mark.parametrize(
    ("content", "line", "reason"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG]
)
def test_what_is_wrong_is_named_with_file_line_and_reason(load, content, line, reason):
    with pytest.raises(ConfigurationError) as error:
        load(content)
    assert f"assistants.yaml, line {line}: " in str(error.value)
    assert reason in str(error.value)


def test_what_a_setting_says_is_in_no_error(load):
    with pytest.raises(ConfigurationError) as error:
        load("assistants:\n  a:\n    api_key: hidden\n    settings: {api_key: hidden}\n")
    assert "hidden" not in str(error.value)


def test_a_file_of_many_names_for_one_thing_stays_small(load):
    lines = ["x0: &x0 [a, a]"] + [f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]" for n in range(1, 60)]
    with pytest.raises(ConfigurationError, match="line 1: 'x0' is not known"):
        load("\n".join(lines))


def test_a_file_that_contains_itself_is_refused(load):
    with pytest.raises(ConfigurationError, match="line 1: a text is needed"):
        load("assistants: &all\n  a: {name: *all}\n")


def test_a_file_that_is_too_large_is_not_read_whole(load):
    assert load("#" * MOST_BYTES) == Catalogue()
    with pytest.raises(ConfigurationError, match="larger than 1048576 bytes"):
        load("#" * (MOST_BYTES + 1))


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path, name):
    with pytest.raises(ConfigurationError, match="cannot be read: "):
        catalogue.load(tmp_path / name)


@pytest.mark.parametrize(
    ("settings", "early"),
    [
        ("backend: openai, model: m", Early.PARTS),
        ("backend: vac", Early.OFF),
        ("backend: openai, model: m, early: off", Early.OFF),
        ("backend: openai, model: m, early: null", Early.PARTS),
        ("backend: vac, early: Parts", Early.PARTS),
        ("backend: vac, settings: {early: paragraph}", Early.PARAGRAPH),
    ],
)
def test_what_may_leave_of_an_answer_early_is_for_each_assistant_to_say(tmp_path, settings, early):
    path = tmp_path / "assistants.yaml"
    path.write_text(f"assistants:\n  a: {{{settings}}}\n")
    assert catalogue.load(path).assistants[0].early is early


@pytest.mark.parametrize(
    ("settings", "pictures"),
    [
        ("backend: openai, model: m", None),
        ("backend: openai, model: m, pictures: null", None),
        ("backend: openai, model: m, pictures: true", True),
        ("backend: openai, model: m, settings: {pictures: no}", False),
    ],
)
def test_whether_an_assistant_sees_pictures_may_be_said(tmp_path, settings, pictures):
    path = tmp_path / "assistants.yaml"
    path.write_text(f"assistants:\n  a: {{{settings}}}\n")
    assert catalogue.load(path).assistants[0].pictures is pictures


@pytest.mark.parametrize(("said", "pictures"), [(False, False), (True, True), ("maybe", None)])
def test_a_database_may_say_whether_an_assistant_sees(said, pictures):
    assert read_assistant("a", {"settings": {"pictures": said}}).pictures is pictures


def test_a_database_may_say_off_without_a_word():
    document = {"backend": "openai", "settings": {"early": False}}
    assert read_assistant("a", document).early is Early.OFF
