"""Pictures that an assistant fetches from us by address, and media that are deleted at Twilio."""

import io
from contextlib import contextmanager
from dataclasses import replace

import pytest
import requests
from flask import Flask, jsonify, request
from PIL import Image

from lib.assistant.addressed import addressed
from lib.errors import StoreError
from lib.model import MessageKind, Picture, Question
from lib.runtime import wiring
from simulator.server import serve
from standalone.apps import public_app
from tests.local_gateway import ANN, local_gateway

pytestmark = pytest.mark.slow

NOT_SHOWN = "What is it?\n\n[Picture]\n\n[1 picture could not be shown to this assistant]"


class Vac:
    """An assistant behind the assistant API, which fetches what it is told of."""

    def __init__(self):
        self.asked = []
        self.seen = []
        self.app = Flask(__name__)
        self.app.post("/vac/assistant/seer")(self.answer)

    def answer(self):
        body = request.get_json()
        self.asked.append(body)
        for one in body.get("documents", []):
            found = requests.get(one["url"], timeout=5)
            self.seen.append(Image.open(io.BytesIO(found.content)).size)
        return jsonify(answer="Answered.")


@contextmanager
def set_up(folder, pictures="true", *, served=True, **settings):
    vac = Vac()
    with serve(public_app()) as route, serve(vac.app) as server:
        catalogue = (
            f"assistants:\n  seer:\n    name: Seer\n    url: {server.url}\n"
            f"    pictures: {pictures}\n"
        )
        url = route.url if served else ""
        with local_gateway(
            folder, catalogue, default_id="seer", media_url=url, **settings
        ) as table:
            wiring.install(table.gateway)
            yield table, vac
            wiring.forget()


def picture(colour="red"):
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, "PNG")
    return file.getvalue()


def send(table, *media, text="What is it?"):
    return table.say(text, kind=MessageKind.MEDIA, media=media)


def test_an_assistant_that_takes_addresses_is_shown_pictures_by_them(tmp_path):
    with set_up(tmp_path) as (table, vac):
        media = [table.medium("image/png", picture(one)) for one in ("red", "blue")]
        assert send(table, *media) == ["Answered."]
        (body,) = vac.asked
        assert vac.seen == [(40, 30), (40, 30)]
        assert body["user_input"] == "What is it?\n\n[Picture]\n\n[Picture]"
        assert body["image_url"] == body["documents"][0]["url"]
        for one in body["documents"]:
            assert {name: one[name] for name in ("type", "name", "contentType")} == {
                "type": "image",
                "name": "picture.jpeg",
                "contentType": "image/jpeg",
            }
            assert one["size"] == len(requests.get(one["url"], timeout=5).content)
        assert "15550001111" not in body["image_url"]
        assert table.gateway.media_store().delete(ANN) == 2
        assert requests.get(body["image_url"], timeout=5).status_code == 404


def test_a_question_without_pictures_says_nothing_of_them(tmp_path):
    with set_up(tmp_path) as (table, vac):
        table.say("Hello?")
        assert not {"documents", "image_url"} & vac.asked[0].keys()
    assert not (tmp_path / "media").exists()


@pytest.mark.parametrize("pictures", ["false", "null"])
def test_an_assistant_that_nobody_says_to_see_is_told_that_there_was_one(tmp_path, pictures):
    with set_up(tmp_path, pictures) as (table, vac):
        (answer,) = send(table, table.medium("image/png", picture()))
        assert answer.startswith("Answered.\n\n_")
        assert vac.asked[0]["user_input"] == NOT_SHOWN
        assert not {"documents", "image_url"} & vac.asked[0].keys()
    assert not (tmp_path / "media").exists()


def test_where_nobody_can_reach_us_no_address_is_given(tmp_path):
    with set_up(tmp_path, served=False) as (table, vac):
        assert send(table, table.medium("image/png", picture()))
        assert vac.asked[0]["user_input"] == NOT_SHOWN


@pytest.mark.parametrize(
    ("assistant", "shown"),
    [("https://vac.example", 0), ("http://127.0.0.1:9", 1), ("http://[", 0)],
)
def test_an_address_on_this_machine_is_given_to_nobody_elsewhere(tmp_path, assistant, shown):
    with set_up(tmp_path) as (table, _):
        question = Question("?", "", "", "", pictures=(Picture("image/png", b"x"),), contact=ANN)
        assert len(addressed(question, table.gateway.media_store(), assistant)) == shown


def test_a_picture_that_cannot_be_kept_costs_the_picture_and_no_answer(tmp_path):
    with set_up(tmp_path) as (table, vac):
        (tmp_path / "media").write_text("in the way")
        with pytest.raises(StoreError):
            table.gateway.media_store().find(ANN, "x")
        assert send(table, table.medium("image/png", picture()))[0].startswith("Answered.\n\n_")
        assert vac.asked[0]["user_input"] == NOT_SHOWN


def test_the_same_picture_is_kept_once(tmp_path):
    with set_up(tmp_path) as (table, vac):
        for _ in range(2):
            send(table, table.medium("image/png", picture()))
        assert len(vac.seen) == 2
        assert table.gateway.media_store().delete(ANN) == 1


def there(medium, table):
    """Whether Twilio still has a medium."""
    login = table.gateway.config.twilio.account_sid, table.gateway.config.twilio.auth_token
    return requests.get(f"{medium.url}.json", auth=login, timeout=5).status_code == 200


def test_what_was_answered_is_deleted_at_twilio_only_if_that_is_wanted(tmp_path):
    for name, wanted in (("kept", False), ("deleted", True)):
        (tmp_path / name).mkdir()
        with set_up(tmp_path / name, deletes_media=wanted) as (table, _):
            media = [table.medium("image/png", picture(one)) for one in ("red", "blue")]
            assert send(table, *media) == ["Answered."]
            assert [there(one, table) for one in media] == [not wanted] * 2


@pytest.mark.slow  # Twilio is asked again for what is not there, for four seconds
def test_what_is_asked_again_is_then_told_to_be_gone(tmp_path):
    with set_up(tmp_path, deletes_media=True) as (table, _):
        send(table, table.medium("image/png", picture()))
        (answer,) = table.say("/again")
        assert answer.endswith("_What you attached is no longer there. Please send it again._")


def test_what_cannot_be_deleted_is_logged_and_keeps_nothing_else(tmp_path, capsys):
    with set_up(tmp_path, deletes_media=True) as (table, _):
        medium = table.medium("image/png", picture())
        foreign = replace(medium, url=medium.url.replace("AC1", "AC2"))
        assert len(send(table, foreign, medium)) == 1
        assert not there(medium, table)
    assert capsys.readouterr().out.count("medium not deleted at Twilio") == 1


def test_media_of_pieces_of_one_question_are_deleted_with_its_answer(tmp_path):
    with set_up(tmp_path, deletes_media=True, bursts=True) as (table, vac):
        media = [table.medium("image/png", picture(one)) for one in ("red", "blue")]
        messages = [table.message("", kind=MessageKind.MEDIA, media=(medium,)) for medium in media]
        for message in messages:
            assert table.hand_over(message)
        # Until the first one comes again, nothing was answered, and nothing is gone.
        assert vac.asked == []
        assert all(there(one, table) for one in media)
        assert table.hand_over(messages[0])
        assert len(vac.seen) == 2
        assert not any(there(one, table) for one in media)


def test_a_worker_that_ended_before_it_deleted_is_made_up_for(tmp_path):
    with set_up(tmp_path) as (table, _):
        medium = table.medium("image/png", picture())
        message = table.message("What is it?", kind=MessageKind.MEDIA, media=(medium,))
        assert table.hand_over(message)
        assert there(medium, table)
        # The worker was killed here: its successor is handed the message again.
        object.__setattr__(table.gateway.responder(), "delete_medium", table.gateway.delete_medium)
        for _ in range(2):
            assert table.hand_over(message)
            assert not there(medium, table)
        assert table.sent() == ["Answered."]
