import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.twilio.form_answers import form_answers
from tests.cpu import cpu

ANSWERS = {"name": "Ann", "date": "2026-12-01", "flow_token": "secret"}
EXPECTED = (("name", "Ann"), ("date", "2026-12-01"))


@pytest.mark.parametrize(
    "wrapped",
    [
        ANSWERS,
        {"response_json": json.dumps(ANSWERS)},
        {"nfm_reply": {"name": "flow", "body": "Sent", "response_json": json.dumps(ANSWERS)}},
        {"type": "nfm_reply", "nfm_reply": {"response_json": ANSWERS}},
        {"interactive": {"type": "nfm_reply", "nfm_reply": {"response_json": json.dumps(ANSWERS)}}},
        {"nfm_reply": json.dumps({"response_json": json.dumps(ANSWERS)})},
        {"response_json": ANSWERS, "flow_token": "secret"},
        {"name": "Ann", "date": "2026-12-01", "flowToken": "secret", "Flow-Token": "secret"},
        json.dumps(ANSWERS),
        {**ANSWERS, "wa_flow_response_params": {"flow_id": "1", "title": "x"}},
    ],
)
def test_the_answers_are_found_in_whatever_they_are_wrapped(wrapped):
    assert form_answers(json.dumps(wrapped)) == EXPECTED


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("two\nlines", "two\nlines"),
        (True, "true"),
        (0, "0"),
        (2.5, "2.5"),
        (["a", "b", 3], "a, b, 3"),
        ("\ud83d half\x07", " half".strip()),
        ("日本語 👋🏽", "日本語 👋🏽"),
    ],
)
def test_a_value_of_any_type_is_text(value, said):
    assert form_answers(json.dumps({"x": value})) == (("x", said),)


@pytest.mark.parametrize("value", [None, "", "  ", [], {}, [None]])
def test_what_was_left_open_is_no_answer(value):
    assert form_answers(json.dumps({"x": value, "y": "1"})) == (("y", "1"),)


def test_answers_within_answers_have_both_names():
    nested = {"trip": {"to": "Oslo", "flow_token": "secret"}, "guests": [{"age": 3}, {"age": 40}]}
    assert form_answers(json.dumps(nested)) == (
        ("trip.to", "Oslo"),
        ("guests.1.age", "3"),
        ("guests.2.age", "40"),
    )


def test_answers_in_a_list_are_numbered():
    listed = [{"name": "Ann"}, {"name": "Bo", "flow_token": "secret"}]
    assert form_answers(json.dumps(listed)) == (("1.name", "Ann"), ("2.name", "Bo"))


@pytest.mark.slow
@pytest.mark.parametrize(
    "raw",
    [
        "",
        "x",
        "null",
        "[]",
        "7",
        '"text"',
        "[" * 200_000,
        '{"a":' * 50_000,
        '{"a":' * 900 + "1" + "}" * 900,
        "{" + '"a":1,' * 30_000 + '"b":2}',
        '{"a":' + "9" * 100_000 + "}",
        '{"nfm_reply": 7}',
        '{"nfm_reply": {"response_json": "no json"}}',
        '{"nfm_reply": {"response_json": [1]}}',
        '{"nfm_reply": {"response_json": null, "flow_token": "secret-token"}}',
        '{"nfm_reply": "secret-token"}',
        '{"type": "list_reply", "list_reply": {"id": "1", "title": "x"}}',
        '{"button_reply": {"id": "1", "title": "x"}}',
    ],
)
def test_what_is_no_form_says_nothing_or_little_and_takes_no_time(raw):
    assert len(form_answers(raw)) <= 2
    assert cpu(lambda: form_answers(raw), 1) < 1


def test_a_form_of_any_size_is_bounded():
    huge = {f"{n}" + "n" * 500: "v" * 10_000 for n in range(500)}
    answers = form_answers(json.dumps(huge))
    assert 1 < len(answers) <= 50
    assert all(len(name) <= 100 and len(said) <= 4096 for name, said in answers)
    many = form_answers(json.dumps({str(n): "v" for n in range(500)}))
    assert len(many) == 50


names = st.text(max_size=10)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(names, values, max_size=4))
def test_any_json_is_read_without_its_token(found):
    answers = form_answers(json.dumps({**found, "flow_token": "secret-token"}))
    assert "secret-token" not in "".join(name + said for name, said in answers)


@given(st.text())
def test_any_text_is_no_accident(raw):
    form_answers(raw)
