"""A person who asks for an export, and a worker that is killed at any step of it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from lib.export.export import LinkedExports, Sources
from lib.media.kept.addresses import Addresses, end_of
from lib.media.kept.folder import FolderStore
from lib.media.kept.lifetime import EXPORTS
from lib.model import InboundMessage
from tests.exported import LINK, unpacked
from tests.workers import LEASE, SETTLING, START, Worker, World, handed_over, stop

ANN = "+15550001111"
ASKED = InboundMessage("SM9", ANN, START, text="/export")


class Stopping:
    """A folder of exports before which, and behind which, a worker stops."""

    def __init__(self, folder):
        self.folder = folder

    def find(self, owner, key):
        stop("exports find")
        return self.folder.find(owner, key)

    def put(self, owner, key, medium):
        stop("exports put")
        url = self.folder.put(owner, key, medium)
        stop("exports kept")
        return url

    def delete(self, owner, among=None):
        return self.folder.delete(owner, among)


class Exporting(World):
    """A world in which people get exports."""

    def __post_init__(self):
        super().__post_init__()
        addresses = Addresses("https://gate.example", b"k" * 32, lambda: self.now, EXPORTS)
        self.exports = FolderStore(self.folder / "exports", addresses, lambda: self.now)
        sources = Sources(self.responder.stores, None, lambda: self.now)
        export = LinkedExports(sources, Stopping(self.exports), end_of)
        self.responder = replace(self.responder, export=export)

    def finish(self, what):
        """Let workers come until what was asked is done, as the queue lets them."""
        for _ in range(5):
            worker = Worker(self.responder, what)
            while worker.at:
                worker.step()
            if worker.settled:
                return
            self.now += LEASE + SETTLING
        raise AssertionError("it is never done")


def at_every_step(folder, begin):
    """Give a world for each step before which a worker is killed, and the step's name."""
    number = 0
    while True:
        (place := folder / str(number)).mkdir()
        world = Exporting(place, ["Meow"])
        hello = InboundMessage("SM8", ANN, START, text="my cat is called Zerberus")
        world.finish(handed_over(hello))
        worker = Worker(world.responder, begin)
        for _ in range(number):
            if worker.at:
                worker.step()
        if not worker.at:
            world.close()
            return
        step = worker.at
        worker.crash()
        world.now += LEASE + SETTLING
        yield world, step
        world.close()
        number += 1


@pytest.mark.slow
def test_whoever_is_killed_the_person_gets_one_link_in_the_end(tmp_path):
    steps = []
    for world, step in at_every_step(tmp_path, handed_over(ASKED)):
        steps.append(step)
        world.finish(handed_over(ASKED))
        links = [text for text in world.texts if LINK.search(text)]
        assert len(links) == 1, step
        assert len(world.texts) == 2, step
        medium = world.exports.open(*LINK.search(links[0])[1].split("/")[-2:])
        assert "Zerberus" in unpacked(medium.data).page
        assert sum(one.is_file() for one in world.exports._folder.rglob("*")) == 1
    assert {"exports find", "exports put", "exports kept", "send"} <= set(steps)
    assert len(steps) > 15


def test_what_is_cancelled_while_it_is_made_is_not_sent(tmp_path):
    world = Exporting(tmp_path, ["Meow"])
    worker = Worker(world.responder, handed_over(ASKED))
    while worker.at != "exports kept":
        worker.step()
    later = START + timedelta(seconds=1)
    cancel = InboundMessage("SM10", ANN, later, text="/cancel")
    world.finish(handed_over(cancel, fast=True))
    while worker.at:
        worker.step()
    assert not any(LINK.search(text) for text in world.texts)
    assert world.texts == ["Stopped. What the assistant had already done stays done."]
    assert not any(one.is_file() for one in world.exports._folder.rglob("*"))
    world.close()
