"""An answer that is spoken, from the message to what Twilio gets and fetches."""

from contextlib import contextmanager

import pytest

from lib.settings.speaking import SpeakingSettings
from tests.local_gateway import local_gateway
from tests.peer import answer, hang_up, peer

MP3 = b"\xff\xfb\x90\x00" + bytes(413)
SPOKEN = answer(200, MP3, "Content-Type: audio/mpeg")
ON = "🔊 I write my answers, and speak them, too."


@contextmanager
def speaking(folder, *steps, **settings):
    with (
        peer(*steps) as server,
        local_gateway(
            folder,
            speaking=SpeakingSettings(url=server.url, **settings),
            media_url="http://127.0.0.1:1956",
            menus=False,
        ) as table,
    ):
        assert table.say("/voice on")[0].startswith(ON)
        yield table, server


def media_of(table):
    return [one for one in table.resources() if int(one.get("num_media") or 0)]


def test_the_text_comes_first_and_the_voice_behind_it(tmp_path):
    with speaking(tmp_path, SPOKEN) as (table, server):
        before = len(table.resources())
        table.say("Hello")
        text, voice = table.resources()[before:]
        assert text["body"]
        assert int(text["num_media"]) == 0
        assert (voice["body"], int(voice["num_media"])) == ("", 1)
        assert len(server.requests) == 1


def test_a_turn_with_a_voice_is_delivered(tmp_path):
    with speaking(tmp_path, SPOKEN) as (table, _):
        table.say("Hello")
        session = table.gateway.stores().conversations.read("+15550001111", "").session
        turn = table.gateway.stores().turns.find(session.question)
        assert [one.state for one in turn.chunks] == ["sent", "sent"]
        assert turn.state == "delivered"


@pytest.mark.parametrize("step", [answer(500), answer(200, b"<html>"), hang_up])
def test_without_a_voice_the_answer_is_whole(tmp_path, step):
    with speaking(tmp_path, step) as (table, server):
        assert len(table.say("Hello")) == 1
        assert media_of(table) == []
        session = table.gateway.stores().conversations.read("+15550001111", "").session
        turn = table.gateway.stores().turns.find(session.question)
        assert (turn.state, turn.apologised) == ("delivered", False)
        assert table.gateway.stores().dead_letters.newest(9) in ((), [])
        assert len(server.requests) == 1
        assert "Parts: 1 (sent)" in table.say("/why")[0]
