"""What a person gets who opens the link of their export."""

import json
import re
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO
from zipfile import ZipFile

from werkzeug.test import Client

from lib.runtime import wiring
from standalone.apps import public_app

BASE = "https://gate.example"
LINK = re.compile(r"https://gate\.example(/whatsapp/media/[0-9a-f]{138}/export\.zip)")


@dataclass(frozen=True)
class Exported:
    """The file, by what is in it."""

    names: list[str]
    document: dict
    page: str
    data: bytes


def link_in(said: str) -> str:
    """The path of the only link in a sentence."""
    (path,) = LINK.findall(said)
    return path


def unpacked(data: bytes) -> Exported:
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        document = json.loads(archive.read("export.json"))
        page = archive.read("index.html").decode()
        return Exported(archive.namelist(), document, page, data)


@contextmanager
def browser(gateway):
    """A client of the public routes of a gateway on one machine."""
    wiring.install(gateway)
    try:
        yield Client(public_app())
    finally:
        wiring.forget()


def fetched(gateway, said: str) -> Exported:
    """What is behind the link in a sentence."""
    with browser(gateway) as client:
        answer = client.get(link_in(said))
    assert answer.status_code == 200
    return unpacked(answer.data)
