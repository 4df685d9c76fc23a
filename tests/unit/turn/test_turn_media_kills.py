"""A process that ends at every step of a turn with media: all of the code, over real HTTP.

The two turns are a voice note that is answered by voice, and a photograph that is answered by a
picture. Steps are every call of the database, and before and after everything that is asked of
anybody else. Who is killed after a server's response and before it is stored pays for hearing
twice, and does without a voice.
"""

import base64
import io
import itertools
from collections import Counter
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from flask import Flask, Response, jsonify, request
from PIL import Image

from lib.assistant.endpoint import Endpoint
from lib.assistant.openai import OpenAIAssistant
from lib.conversation.limits import Limits
from lib.conversation.speaking import Speech
from lib.errors import GatewayError
from lib.media.documents.read import DocumentLimits
from lib.media.kept.addresses import Addresses
from lib.media.kept.folder import FolderStore
from lib.media.listening import Listening
from lib.media.reader import MediaReader
from lib.model import (
    Assistant,
    Catalogue,
    Enclosing,
    InboundMessage,
    Media,
    MessageKind,
    QueueDelivery,
    TurnState,
)
from lib.ports.typing import no_typing
from lib.queue.envelope import encode
from lib.storage.sqlite.database import Database
from lib.storage.sqlite.storage import SqliteStorage
from lib.storage.sqlite.table import create
from lib.storage.stores import stores_on
from lib.turn import moves
from lib.turn.deliver import deliver
from lib.turn.lease import LeaseKeeper
from lib.turn.respond import respond
from lib.turn.responder import Dispatch, Responder
from lib.twilio.media import MediaFetcher
from lib.twilio.sender import TwilioSender
from lib.voice.openai_speaker import OpenAISpeaker
from lib.voice.openai_transcriber import OpenAITranscriber
from lib.voice.speaking import Voice, speak
from simulator.server import serve
from simulator.twilio.account import Account
from simulator.twilio.app import create_app
from tests import recordings
from tests.carrying import PowerCutError
from tests.local_gateway import ACCOUNT_SID, NUMBER, TOKEN, keep_medium
from tests.pictures import quarters, saved
from tests.watched import WatchedDocuments

LEASE, SETTLING = timedelta(seconds=60), timedelta()
RIVER = "https://example.com/river.png"
WHOLE = {
    "voice": ["> Where is the river?\n\nIt is near.", "<answer.mp3>"],
    "photo": ["A river:", "<river.png> The river"],
}
STEPS = {
    "voice": [
        *("create whatsapp_turns", "read messages"),
        *("before fetch", "after fetch", "before transcribe", "after transcribe"),
        *("write_if whatsapp_turns", "before ask", "after ask"),
        *("write_if whatsapp_turns #2", "before send", "after send", "write_if whatsapp_turns #3"),
        *("before find", "after find", "before put", "after put", "before speak", "after speak"),
        *("before put #2", "after put #2", "write_if whatsapp_turns #4"),
        *("before send #2", "after send #2", "write_if whatsapp_turns #5"),
    ],
    "photo": [
        *("create whatsapp_turns", "read messages"),
        *("before fetch", "after fetch", "before ask", "after ask"),
        *("write_if whatsapp_turns", "before send", "after send", "write_if whatsapp_turns #2"),
        *("before send #2", "after send #2", "write_if whatsapp_turns #3"),
    ],
}
# Twilio is the same for all of them, so that each world has a person of its own.
_NUMBERS = itertools.count()
BOTH = pytest.mark.parametrize("what", ["voice", "photo"])


def _now():
    return datetime.now(UTC)


class Servers:
    """Who hears, speaks and answers; ``paid`` counts what each was asked."""

    def __init__(self):
        self.paid = Counter()
        self.app = Flask(__name__)
        self.app.post("/v1/audio/transcriptions")(self.transcribe)
        self.app.post("/v1/audio/speech")(self.speak)
        self.app.post("/v1/chat/completions")(self.complete)

    def transcribe(self):
        self.paid["heard"] += 1
        return jsonify(text="Where is the river?", language="english")

    def speak(self):
        assert request.get_json()["input"] == "It is near."
        self.paid["spoken"] += 1
        return Response(recordings.mp3(1), content_type="audio/mpeg")

    def complete(self):
        asked = request.get_json()["messages"][-1]["content"]
        said = "It is near."
        if isinstance(asked, list):
            (url,) = (one["image_url"]["url"] for one in asked if one["type"] == "image_url")
            with Image.open(io.BytesIO(base64.b64decode(url.partition(",")[2]))) as picture:
                assert picture.size == (96, 64)
            said = f"A river:\n\n![The river]({RIVER})"
        else:
            assert asked == "[Voice message, 4 s]\nWhere is the river?"
        return jsonify(choices=[{"message": {"content": said}, "finish_reason": "stop"}])


class Around:
    """Stands before and behind everything that is asked of somebody."""

    def __init__(self, inner, step):
        self._inner, self._step = inner, step

    def __getattr__(self, name):
        operation = getattr(self._inner, name)

        def watched(*arguments, **options):
            self._step(f"before {name}")
            result = operation(*arguments, **options)
            self._step(f"after {name}")
            return result

        return watched


class World:
    """One person's gateway, whose processes end when they are told to."""

    def __init__(self, folder, person, account, twilio, servers, url):
        self.person, self.account, self.servers = person, account, servers
        self._twilio, self._url, self._folder = twilio, url, folder
        self.kill_at, self.steps = None, []
        self.database = Database(folder / "gateway.db", create, sync=lambda _: None)
        self.storage = SqliteStorage(self.database, Catalogue(), _now)
        servers.paid.clear()

    def step(self, name):
        """Take a step; one of a name that was taken before is told by its number."""
        count = sum(one.partition(" #")[0] == name for one in self.steps)
        self.steps.append(f"{name} #{count + 1}" if count else name)
        if len(self.steps) - 1 == self.kill_at:
            raise PowerCutError

    def process(self, kill_at=None):
        """Hand the message over to a new process; whether it is done.

        It ends before the step of this number. Its lease is over then: nobody waits for that here.
        """
        self.kill_at, self.steps = kill_at, []
        try:
            return respond(self.delivery, self._responder())
        except (GatewayError, PowerCutError):
            return False
        finally:
            if self.turn is not None:
                self.storage.stores.turns.commit(moves.release(self.turn, _now()))

    def send(self, content_type, data):
        """The person sends something."""
        path = keep_medium(self.account, content_type, data, sender=self.person)
        message = InboundMessage(
            "SM1",
            self.person,
            _now(),
            kind=MessageKind.MEDIA,
            media=(Media(self._twilio + path, content_type),),
        )
        self.delivery = QueueDelivery(message, payload=encode(message)[0].decode())

    def received(self):
        """What the person has, in order: words, or the name of a file and its caption."""
        every = self.account.messages.all()
        mine = [one for one in every if one.to == f"whatsapp:{self.person}"]
        return [_shown(one.media_urls, one.body) for one in mine]

    @property
    def turn(self):
        return self.storage.stores.turns.find("SM1")

    def _before(self, operation, key):
        if key.collection != "assistants":  # read beside all else, by whoever needs them first
            self.step(f"{operation} {key.collection}")

    def _around(self, inner):
        return Around(inner, self.step)

    def _responder(self):
        stores = stores_on(
            WatchedDocuments(self.storage.documents, self._before),
            _now,
        )
        addresses = Addresses("https://gateway.example", b"k" * 43, _now)
        store = FolderStore(self._folder / "media", addresses, _now)
        speaker = OpenAISpeaker(f"{self._url}/v1", "tts-1", "alloy")
        voice = Voice(self._around(speaker), self._around(store))
        sender = TwilioSender(ACCOUNT_SID, TOKEN, NUMBER, base_url=self._twilio)
        dispatch = Dispatch(
            stores,
            self._around(sender),
            _now,
            LEASE,
            SETTLING,
            0,
            partial(speak, voice=voice),
        )
        fetcher = MediaFetcher(ACCOUNT_SID, TOKEN, ACCOUNT_SID, self._twilio)
        transcriber = OpenAITranscriber(f"{self._url}/v1", "", "whisper-1")
        reader = MediaReader(
            self._around(fetcher), DocumentLimits(), Listening(self._around(transcriber), 300)
        )
        client = OpenAIAssistant(
            Endpoint(f"{self._url}/v1", "none"), secret=lambda _: "no assistant has one"
        )
        return Responder(
            stores=stores,
            clients={"openai": self._around(client)},
            deliver=partial(deliver, dispatch=dispatch),
            dispatch=dispatch,
            reopen_window=lambda _: None,
            clock=_now,
            keeper=LeaseKeeper(self.storage.stores.turns, _now, LEASE),
            default_assistant=Assistant(
                "default-assistant", "Ann", backend="openai", settings={"model": "words"}
            ),
            typing=no_typing,
            limits=Limits(),
            lease=LEASE,
            queue_again=lambda _: None,
            read=reader.read,
            enclosing=Enclosing(),
            speech=Speech(),
        )


def _shown(urls, body):
    return "".join((*(f"<{one.rpartition('/')[2]}> " for one in urls), body)).strip()


@pytest.fixture(scope="module")
def around():
    with ExitStack() as stack:
        account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}))
        stack.callback(account.close)
        servers = Servers()
        twilio = stack.enter_context(serve(create_app(account))).url
        yield account, twilio, servers, stack.enter_context(serve(servers.app)).url


@pytest.fixture
def begin(tmp_path, around):
    """Begin a world in which a person has sent a voice note, or a photograph."""
    worlds = []

    def begin(what):
        number = next(_NUMBERS)
        folder = tmp_path / str(number)
        folder.mkdir()
        world = World(folder, f"+1555{number:07}", *around)
        worlds.append(world)
        if what == "voice":
            world.send("audio/ogg", recordings.opus(4))
        else:
            world.send("image/jpeg", saved(quarters(), "JPEG"))
        return world

    yield begin
    for world in worlds:
        world.database.close()


def finish(world):
    """Hand it over as often as it takes, as the queue does."""
    for _ in range(5):
        if world.process():
            assert world.turn.state is TurnState.DELIVERED
            return
    raise AssertionError("it does not come to its end")


def is_heard_again(steps):
    """Whether a process ended when a recording was heard, and what was said was not stored."""
    return "after transcribe" in steps and "before ask" not in steps


def is_voiceless(steps):
    """Whether it ended when it was stored that an answer is spoken, and the recording was not."""
    return "after put" in steps and "after put #2" not in steps


@BOTH
def test_each_step_is_stored_before_the_next_one_that_counts(begin, what):
    world = begin(what)
    assert world.process()
    assert world.steps == STEPS[what]
    assert world.received() == WHOLE[what]
    assert world.turn.state is TurnState.DELIVERED


@BOTH
@pytest.mark.slow
def test_wherever_a_process_ends_all_of_it_comes_once_and_is_paid_once(begin, what):
    for number, step in enumerate(STEPS[what]):
        world = begin(what)
        assert not world.process(kill_at=number)
        ended = world.steps
        assert ended[-1] == step
        finish(world)
        wanted = WHOLE[what][:1] if is_voiceless(ended) else WHOLE[what]
        assert world.received() == wanted, step
        paid = {"heard": 1 + is_heard_again(ended), "spoken": 1}
        if is_voiceless(ended):
            paid["spoken"] = int("after speak" in ended)
        assert +world.servers.paid == (+Counter(paid) if what == "voice" else {}), step


@BOTH
@pytest.mark.thorough
def test_processes_that_end_again_and_again_repeat_and_lose_nothing(begin, what):
    for first, second in itertools.product(range(0, len(STEPS[what]), 3), range(0, 24, 5)):
        world = begin(what)
        ended = []
        for kill_at in (first, second, first // 2):
            world.process(kill_at)
            ended.append(world.steps)
        finish(world)
        whole, where = WHOLE[what], [steps[-1] for steps in ended]
        missing = whole[len(world.received()) :]
        assert world.received() + missing == whole, where
        assert not missing or (what == "voice" and any(map(is_voiceless, ended))), where
        assert world.servers.paid["heard"] <= 1 + sum(map(is_heard_again, ended)), where
        assert world.servers.paid["spoken"] <= 1, where


def test_a_text_that_is_in_doubt_holds_back_what_stands_behind_it(begin):
    """Nobody spoke, and nothing was paid, before it is known that the text went out."""
    world = begin("voice")
    world.process(kill_at=STEPS["voice"].index("after send"))
    assert world.servers.paid["spoken"] == 0
    assert world.process()
    assert world.steps[:4] == [
        "create whatsapp_turns",
        "write_if whatsapp_turns",
        "before find",
        "after find",
    ]
    assert world.received() == WHOLE["voice"]
