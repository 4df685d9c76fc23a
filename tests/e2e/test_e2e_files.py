"""Every file and folder that a start stands on, in every bad state: named, with the way out.

Each case is tried on the whole gateway with Twilio's settings. The demo, which starts with none,
has its gateway in a process of its own, whose words it must pass on: that is tried for one case of
each place they are said at.
"""

import os
import shutil
import sqlite3
import subprocess

import pytest

from tests.local_gateway import ACCOUNT_SID, NUMBER
from tests.processes import ROOT, free_port, python
from tests.sampled import sampled

REAL = {
    "TWILIO_ACCOUNT_SID": ACCOUNT_SID,
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "TWILIO_WHATSAPP_NUMBER": f"whatsapp:{NUMBER}",
    "TWILIO_API_BASE_URL": "http://127.0.0.1:9",
    "TWILIO_WEBHOOK_URL": "https://gate.example/whatsapp/webhook",
    "ASSISTANT_API_URL": "http://127.0.0.1:9",
}
SPOILT = "is damaged, or no database. Put a copy of it back; or move it away"
NO_RIGHT = "this user has no right to it. Give this user the right to it"
FOLDER = "it is a folder and should be a file. Move it away"
FILE = "a file stands where a folder should be. Move it away"


def database(data, statement=""):
    """A database that is in order, but for a statement."""
    with sqlite3.connect(data / "gateway.db") as connection:
        connection.execute("CREATE TABLE other (a)")
        if statement:
            connection.execute(statement)
    connection.close()


def spoilt(data, body=b"This is no database. " * 500):
    (data / "gateway.db").write_bytes(body)


def cut_off(data):
    database(data)
    whole = (data / "gateway.db").read_bytes()
    spoilt(data, whole[: len(whole) // 2])


def overwritten(data):
    database(data)
    whole = (data / "gateway.db").read_bytes()
    spoilt(data, whole[:100] + b"\xff" * (len(whole) - 100))


def a_folder(name):
    return lambda folder: (folder / name).mkdir()


def a_file(name, body=b"x", mode=0o644):
    def make(folder):
        (folder / name).write_bytes(body)
        (folder / name).chmod(mode)

    return make


def without_rights(name, mode=0o000):
    def make(data):
        database(data)
        (data / name).chmod(mode)

    return make


OF_DATA = {
    "a database that is none": (spoilt, "gateway.db", SPOILT),
    "a database that is cut off": (cut_off, "gateway.db", SPOILT),
    "a database that is overwritten": (overwritten, "gateway.db", SPOILT),
    "a database of a newer version": (
        lambda data: database(data, "PRAGMA user_version=2"),
        "gateway.db",
        "a newer version wrote it (format 2, and not 1). Start that version, or name another",
    ),
    "a database of something else": (
        lambda data: database(data, "CREATE TABLE documents (a)"),
        "gateway.db",
        "Is it of another program?",
    ),
    "a folder for the database": (a_folder("gateway.db"), "gateway.db", FOLDER),
    "a folder for its log": (
        lambda data: (database(data), a_folder("gateway.db-wal")(data)),
        "gateway.db",
        "gateway.db-wal beside it is a folder. Move it away",
    ),
    "a folder for a log without a database": (
        a_folder("gateway.db-wal"),
        "gateway.db",
        "gateway.db-wal beside it is a folder. Move it away",
    ),
    "a log nobody may read": (
        lambda data: (database(data), a_file("gateway.db-wal", mode=0o000)(data)),
        "gateway.db",
        f"gateway.db-wal beside it: {NO_RIGHT}",
    ),
    "a link to nowhere for the database": (
        lambda data: (data / "gateway.db").symlink_to("/proc/nowhere/gateway.db"),
        "gateway.db",
        "its links lead nowhere. Mend them",
    ),
    "a database nobody may read": (without_rights("gateway.db"), "gateway.db", NO_RIGHT),
    "a database nobody may write": (
        without_rights("gateway.db", mode=0o400),
        "gateway.db",
        "it cannot be written to. Let this user write there, or name another place",
    ),
    "a folder of data nobody may enter": (without_rights(""), "data", NO_RIGHT),
    "a folder of data nobody may write": (without_rights("", mode=0o500), "data", NO_RIGHT),
    "a folder for the lock": (a_folder("lock"), "lock", FOLDER),
    "a lock nobody may write": (a_file("lock", mode=0o000), "lock", NO_RIGHT),
}
OF_SETTINGS = {
    "a folder for the assistants": (a_folder("assistants.yaml"), "assistants.yaml", FOLDER),
    "assistants nobody may read": (
        a_file("assistants.yaml", mode=0o000),
        "assistants.yaml",
        NO_RIGHT,
    ),
    "assistants in another encoding": (
        a_file("assistants.yaml", body="# \n# \u00e9".encode("latin-1")),
        "assistants.yaml, line 2",
        "not UTF-8",
    ),
    "a folder for the settings": (a_folder(".env"), ".env", FOLDER),
    "settings nobody may read": (a_file(".env", mode=0o000), ".env", NO_RIGHT),
    "settings in another encoding": (
        a_file(".env", body="A=b\nC=\u00e9".encode("latin-1")),
        ".env, line 2",
        "save it as UTF-8",
    ),
    "settings of another form": (
        a_file(".env", body=b"A=b\nTWILIO_ACCOUNT_SID: abc\n"),
        ".env, line 2",
        "must be NAME=value",
    ),
    "settings in UTF-16": (a_file(".env", body="A=b".encode("utf-16")), ".env, line 1", "UTF-8"),
}


def unprivileged():
    """What comes before a command so that rights bind it, where this user is above them."""
    if os.geteuid() != 0:
        return []
    if not shutil.which("setpriv"):
        pytest.skip("rights do not bind root, and setpriv is not here to give some up")
    return ["setpriv", "--bounding-set=-all", "--inh-caps=-all"]


def ended(folder, *before, **environ):
    """Run a gateway that is not to come up."""
    bare = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "PORT": str(free_port())}
    return subprocess.run(
        [*unprivileged(), *before, *python("-m", "standalone")],
        cwd=folder,
        env={**bare, "DATA_DIR": str(folder / "data"), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refused(done, name, words, part=""):
    assert done.returncode in {1, 2}, done.stderr + done.stdout
    assert "Traceback" not in done.stderr + done.stdout
    told = [one for one in done.stderr.splitlines() if name in one]
    assert len(told) == 1, done.stderr
    assert words in told[0]
    assert part in told[0]


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "data/demo").mkdir(parents=True)
    yield tmp_path
    for path in (tmp_path / "data", *tmp_path.rglob("*")):
        if not path.is_symlink():
            path.chmod(0o700)


@pytest.mark.parametrize(
    ("spoil", "name", "words"),
    sampled(
        OF_DATA,
        "a database that is cut off",
        "a database of a newer version",
        "a folder for its log",
        "a database nobody may write",
        "a lock nobody may write",
    ),
)
def test_data_that_cannot_be_used_are_named_with_the_way_out(folder, spoil, name, words):
    spoil(folder / "data")
    refused(ended(folder, **REAL), f"{folder}/data", words, name)


@pytest.mark.parametrize(
    ("spoil", "name", "words"),
    sampled(OF_SETTINGS, "assistants nobody may read", "settings in UTF-16"),
)
def test_settings_that_cannot_be_read_are_named_with_the_way_out(folder, spoil, name, words):
    spoil(folder)
    refused(ended(folder, **REAL), name, words)


@pytest.mark.parametrize(
    "case",
    sampled(
        [
            "a database that is none",
            "a folder for a log without a database",
            "a database nobody may write",
            "a folder of data nobody may enter",
            "a folder for the lock",
        ],
        "a database that is none",
        "a folder for the lock",
    ),
)
def test_the_demo_passes_on_what_is_wrong_with_its_data(folder, case):
    spoil, name, words = OF_DATA[case]
    spoil(folder / "data/demo")
    refused(ended(folder), f"{folder}/data/demo", words, name)


@pytest.mark.parametrize(
    "case",
    sampled(
        ["a folder for the assistants", "assistants in another encoding", "settings in UTF-16"],
        "assistants in another encoding",
    ),
)
def test_the_demo_names_settings_that_cannot_be_read(folder, case):
    spoil, name, words = OF_SETTINGS[case]
    spoil(folder)
    refused(ended(folder), name, words)


PLACES = {
    "a file": ("file", FILE),
    "in a file": ("file/data", FILE),
    "in nothing that can be made": ("/proc/nowhere", "there is no such place. Make it, or name"),
    "where nobody may write": ("closed/data", NO_RIGHT),
    "at the end of a link to nowhere": ("link", "its links lead nowhere. Mend them"),
    "at the end of a link to itself": ("loop", "its links lead nowhere. Mend them"),
    "with too long a name": ("x" * 300, "its name is too long. Name another place"),
}


@pytest.mark.parametrize(
    ("place", "words"), sampled(PLACES, "in a file", "at the end of a link to nowhere")
)
def test_a_place_for_data_that_is_none_is_named(folder, place, words):
    (folder / "file").write_text("x")
    (folder / "closed").mkdir(mode=0o500)
    (folder / "link").symlink_to(folder / "nowhere")
    (folder / "loop").symlink_to(folder / "loop")
    refused(ended(folder, **REAL, DATA_DIR=str(folder / place)), place.split("/data")[0], words)


@pytest.mark.parametrize("blocks", [0, 4])
def test_a_disk_that_is_full_is_named(folder, blocks):
    limit = ["/bin/sh", "-c", f'ulimit -f {blocks} && exec "$@"', "sh"]
    refused(ended(folder, *limit, **REAL), "data/gateway.db", "Make room")


def test_a_file_system_that_is_full_is_named(tmp_path):
    if os.geteuid() != 0 or not shutil.which("mount"):
        pytest.skip("only root can make a file system")
    data = tmp_path / "data"
    data.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", str(data)], check=False
    )
    if made.returncode:
        pytest.skip("this root may not make a file system")
    try:
        refused(ended(tmp_path, **REAL), "data/gateway.db", "Make room")
        subprocess.run(["mount", "-o", "remount,ro", str(data)], check=True)
        refused(ended(tmp_path, **REAL), "data", "it cannot be written to")
    finally:
        subprocess.run(["umount", str(data)], check=True)
