"""Flags and news as operators write them, on both stores."""

import logging
from datetime import timedelta

import pytest

from lib.model.switches import Flag, News
from lib.storage.stores import stores_on
from tests.stores import NOON

ANN = "+15550001111"


class Clock:
    def __init__(self):
        self.now = NOON

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def known(documents, clock):
    """What a process knows of switches, each time somebody writes."""
    stores = stores_on(documents, clock)

    def read():
        return stores.conversations.read(ANN, "").switches

    return read


def test_a_gateway_without_switches_knows_of_none(known):
    assert known() is None


def test_switches_act_within_a_minute_and_are_not_read_before(backend, known, clock):
    assert known() is None
    backend.keep("whatsapp_settings", "flags", {"voice": 10, "menus": {"contacts": [ANN]}})
    backend.keep("whatsapp_settings", "news", {"id": "1", "text": " I can hear. "})
    clock.now += timedelta(seconds=59)
    assert known() is None
    clock.now += timedelta(seconds=1)
    assert known().flags == {"voice": Flag(10), "menus": Flag(0, frozenset({ANN}))}
    assert known().news == News("1", "I can hear.")


def test_a_flag_that_cannot_be_read_stays_as_it_was_and_is_told_once(backend, known, clock, caplog):
    backend.keep("whatsapp_settings", "flags", {"voice": 10, "menus": 20})
    assert known().flags == {"voice": Flag(10), "menus": Flag(20)}
    backend.keep("whatsapp_settings", "flags", {"voice": "150 %", "menus": 30, "hours": -1})
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            clock.now += timedelta(minutes=1)
            assert known().flags == {"voice": Flag(10), "menus": Flag(30)}
    told = [one for one in caplog.records if one.message == "flags cannot be read"]
    assert len(told) == 1
    assert "voice: the share is from 0 to 100 percent" in told[0].reason


@pytest.mark.parametrize("document", [{}, {"text": ""}, {"text": 5}, {"id": "1"}])
def test_news_without_a_text_are_none(backend, known, document):
    backend.keep("whatsapp_settings", "news", document)
    assert known().news is None


def test_news_that_are_too_long_are_not_told(backend, known):
    backend.keep("whatsapp_settings", "news", {"text": "x" * 1001})
    assert known().news is None


def test_what_is_taken_back_is_gone_in_a_minute(backend, known, clock):
    backend.keep("whatsapp_settings", "flags", {"voice": 0})
    assert known().flags == {"voice": Flag(0)}
    backend.delete("whatsapp_settings", "flags")
    clock.now += timedelta(minutes=1)
    assert known() is None
