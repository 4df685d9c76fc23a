"""Flags: who has a feature."""

import pytest

from lib.model.switches import Flag
from lib.people.flags import FlagError, features_off, place_of, read_flag

PEOPLE = [f"+1555{number:07d}" for number in range(10_000)]


def having(share, name="voice"):
    flags = {name: Flag(share)}
    return {one for one in PEOPLE if not features_off(flags, one, "a")}


@pytest.mark.parametrize("share", [0, 0.5, 10, 50, 99, 100])
def test_a_share_is_one_of_people_to_a_percent(share):
    assert abs(len(having(share)) - 100 * share) <= 100
    if share in {0, 100}:
        assert len(having(share)) == 100 * share


def test_of_a_growing_share_nobody_falls_out():
    assert having(1) < having(10) < having(60)


def test_who_is_in_for_one_flag_is_not_therefore_in_for_another():
    both = having(10) & having(10, "menus")
    assert 50 <= len(both) <= 150


def test_where_a_person_stands_is_the_same_on_every_machine_and_after_every_start():
    assert [place_of("voice", one) for one in PEOPLE[:3]] == [3076, 162, 4209]


def test_a_share_is_for_people_and_not_for_their_spellings():
    old, new = "+551187654321", "+5511987654321"
    for share in range(0, 101, 5):
        flags = {"voice": Flag(share)}
        assert features_off(flags, old, "a") == features_off(flags, new, "a")
    assert not features_off({"voice": read_flag("voice", {"contacts": [old]})}, new, "a")


def test_contacts_are_in_beside_the_share_and_assistants_narrow_both():
    flags = {"voice": Flag(0, frozenset({"+1555"}), frozenset({"poet"}))}
    assert features_off(flags, "+1555", "poet") == set()
    assert features_off(flags, "+1555", "other") == {"voice"}
    assert features_off(flags, "+1666", "poet") == {"voice"}


READ = [
    (10, Flag(10)),
    ("10 %", Flag(10)),
    (0.5, Flag(0.5)),
    (True, Flag(100)),
    (False, Flag(0)),
    ({}, Flag(100)),
    ({"contacts": ["+15550001111"]}, Flag(0, frozenset({"+15550001111"}))),
    ({"contacts": ["whatsapp:+1 (555) 000-1111"]}, Flag(0, frozenset({"+15550001111"}))),
    ({"contacts": ["15550001111", "US.1A2B3C"]}, Flag(0, frozenset({"+15550001111", "US.1A2B3C"}))),
    ({"contacts": ["nobody"]}, Flag(0, frozenset({"nobody"}))),
    ({"share": 5, "contacts": ["+15550001111"]}, Flag(5, frozenset({"+15550001111"}))),
    ({"assistants": ["poet"]}, Flag(100, assistants=frozenset({"poet"}))),
]


@pytest.mark.parametrize(("written", "flag"), READ)
def test_a_flag_is_a_share_or_says_more(written, flag):
    assert read_flag("voice", written) == flag


WRONG = ["150 %", 150, -1, float("nan"), float("inf"), "many", None, [], {"share": [1]}]
WRONG += [
    {"shares": 5},
    {"contacts": "+15550001111"},
    {"contacts": [1]},
    {"assistants": {"a": 1}},
]


@pytest.mark.parametrize("written", WRONG)
def test_what_is_no_flag_is_refused_by_name(written):
    if written is None:
        assert read_flag("voice", {"share": None}) == Flag(100)
        return
    with pytest.raises(FlagError, match=r"^voice: "):
        read_flag("voice", written)


@pytest.mark.parametrize("name", ["access", "consent", "budget", "rate", "ask", ""])
def test_what_no_answer_can_do_without_has_no_flag(name):
    with pytest.raises(FlagError, match="there is no feature"):
        read_flag(name, 50)
