"""The child that reads files: what it may take, how it ends, and what its parent makes of that."""

import json
import os
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import ShortageError
from lib.media.child import ChildLimits
from lib.media.documents.read import read_document
from lib.media.errors import MediaError, MediaLateError, MediaTooLargeError, MediaUnreadableError
from lib.media.exchange import Message, packed, unpacked
from lib.media.sniff import Kind
from tests import papers
from tests.processes import ROOT, wait_for
from tests.shortages import no_descriptors

pytestmark = pytest.mark.slow

# Reading this takes striprtf longer than any test waits; how long, is for the limits to say.
ENDLESS = rb"{\rtf1" + rb'{\field{\*\fldinst{HYPERLINK "' * 300_000
PATIENT = ChildLimits(cpu=300, seconds=300)

linux = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


def children(pid="self"):
    """The children of all threads of a process, as the kernel tells."""
    found = set()
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(FileNotFoundError):  # a thread may end meanwhile
            found |= {*(task / "children").read_text().split()}
    return found


def open_files(pid="self"):
    """The numbers of a process's open files."""
    return sorted(path.name for path in Path(f"/proc/{pid}/fd").iterdir())


def read_endless(limits):
    return read_document(ENDLESS, Kind.RTF, child=limits)


def hello():
    return read_document(b"Hello", Kind.TEXT).text


@contextmanager
def reading(limits=PATIENT):
    """Read the endless file in a thread; its child's number, and a list of what came of it."""
    before, came = children(), []

    def read():
        try:
            came.append(read_endless(limits))
        except MediaError as error:
            came.append(error)

    thread = threading.Thread(target=read)
    thread.start()
    try:
        child = wait_for(lambda: children() - before).pop()
        # When the limits stand, the request is read, which is too long for the pipe.
        wait_for(lambda: f"{limits.memory} " in Path(f"/proc/{child}/limits").read_text())
        yield int(child), came
    finally:
        # Also where something failed before: it would work for five minutes, and let nobody else.
        for one in children() - before:
            os.kill(int(one), signal.SIGKILL)
        thread.join()


def test_a_file_that_takes_too_much_cpu_is_late():
    with pytest.raises(MediaLateError):
        read_endless(ChildLimits(cpu=1, seconds=300))


def test_a_file_that_takes_too_long_is_late():
    with pytest.raises(MediaLateError):
        read_endless(ChildLimits(cpu=300, seconds=1))


def test_a_file_that_takes_too_much_memory_is_too_large():
    limits = ChildLimits(memory=96 << 20)
    assert read_document(rb"{\rtf1 x}", Kind.RTF, child=limits).text == "x"
    with pytest.raises(MediaTooLargeError):
        read_document(rb"{\rtf1" + b"{" * 2_000_000, Kind.RTF, child=limits)


@pytest.mark.parametrize("size", [1, 1_000_000])
def test_a_child_that_cannot_even_start_makes_the_file_unreadable(size):
    """It ends before it reads what it is sent, whether that fits into the pipe or not."""
    with pytest.raises(MediaUnreadableError):
        read_document(b"x" * size, Kind.TEXT, child=ChildLimits(memory=1 << 20))
    assert hello() == "Hello"


def test_an_answer_that_is_too_long_is_none():
    assert read_document(b"x" * 20_000, Kind.TEXT, child=ChildLimits(answer=30_000)).text
    with pytest.raises(MediaUnreadableError):
        read_document(b"x" * 20_000, Kind.TEXT, child=ChildLimits(answer=10_000))


@linux
def test_a_child_knows_nothing_and_may_do_little(monkeypatch):
    monkeypatch.setenv("TWILIO_AUTH_TOKEN", "secret")
    with reading(ChildLimits(cpu=300, seconds=300, memory=256 << 20)) as (child, _):
        folder = Path(f"/proc/{child}")
        assert (folder / "environ").read_bytes() == b""
        assert (folder / "cwd").readlink() == Path("/")
        assert b"secret" not in (folder / "cmdline").read_bytes()
        limits = (folder / "limits").read_text().splitlines()
        told = {line[:26].strip(): line[26:47].strip() for line in limits}
        # What it imports is open for a moment.
        wait_for(lambda: len(open_files(child)) == 3)
        opened = [(folder / "fd" / name).readlink() for name in open_files(child)]
    assert told["Max address space"] == "268435456"
    assert told["Max cpu time"] == "300"
    assert told["Max file size"] == "0"
    assert told["Max core file size"] == "0"
    assert told["Max open files"] == "32"
    assert sorted(str(one).split(":")[0] for one in opened) == ["/dev/null", "pipe", "pipe"]


@linux
def test_one_child_at_a_time_runs_in_a_process():
    with reading() as (_, came), pytest.raises(MediaLateError):
        read_document(b"Hello", Kind.TEXT, child=ChildLimits(wait=0.2))
    assert isinstance(came[0], MediaTooLargeError)
    assert hello() == "Hello"


@linux
@pytest.mark.parametrize(
    ("end", "error"),
    [
        (signal.SIGKILL, MediaTooLargeError),
        (signal.SIGSEGV, MediaUnreadableError),
        (signal.SIGABRT, MediaUnreadableError),
    ],
)
def test_a_child_that_is_ended_takes_nobody_with_it(end, error):
    """The kernel kills for memory; what native code breaks, ends by one of the others."""
    with reading() as (child, came):
        os.kill(child, end)
        wait_for(lambda: came)
    assert type(came[0]) is error
    assert hello() == "Hello"


@linux
def test_nothing_of_a_child_is_left():
    files, before = open_files(), children()
    for limits in (
        ChildLimits(),
        ChildLimits(cpu=1),
        ChildLimits(seconds=1),
        ChildLimits(answer=1),
    ):
        with pytest.raises((MediaLateError, MediaUnreadableError)):
            read_document(b"{\\rtf1" if limits.cpu > 1 else ENDLESS, Kind.RTF, child=limits)
    # Others of this process, from tests before, may end meanwhile.
    assert children() <= before
    assert {*open_files()} <= {*files}


@linux
def test_a_child_ends_with_its_parent(tmp_path):
    file = tmp_path / "endless.rtf"
    file.write_bytes(ENDLESS)
    program = (
        "import sys; from pathlib import Path\n"
        "from lib.media.child import ChildLimits\n"
        "from lib.media.documents.read import read_document\n"
        "from lib.media.sniff import Kind\n"
        "limits = ChildLimits(cpu=300, seconds=300)\n"
        "read_document(Path(sys.argv[1]).read_bytes(), Kind.RTF, child=limits)"
    )
    with subprocess.Popen([sys.executable, "-c", program, file], cwd=ROOT) as parent:
        child = wait_for(lambda: children(parent.pid)).pop()
        wait_for(lambda: "268435456" in Path(f"/proc/{child}/limits").read_text())
        parent.kill()
    wait_for(lambda: is_dead(child))


def is_dead(pid):
    """Whether a process has ended, even where nobody has asked for how."""
    try:
        return "State:\tZ" in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return True


def test_where_no_process_can_be_started_the_file_waits():
    with no_descriptors(), pytest.raises(ShortageError):
        hello()
    assert hello() == "Hello"


def test_nothing_that_parses_is_loaded_by_the_parent(tmp_path):
    file = tmp_path / "paper.pdf"
    file.write_bytes(papers.paper(["Hello"]))
    program = (
        "import sys, json; from pathlib import Path\n"
        "from lib.media.documents.read import read_document\n"
        "from lib.media.sniff import Kind\n"
        "text = read_document(Path(sys.argv[1]).read_bytes(), Kind.PDF).text\n"
        "print(json.dumps([text, sorted(sys.modules)]))"
    )
    command = [sys.executable, "-c", program, file]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    text, loaded = json.loads(done.stdout)
    assert text == "Hello"
    assert not {"pypdf", "striprtf", "PIL", "zipfile", "pyexpat", "html.parser"} & {*loaded}


@given(
    st.dictionaries(st.text(), st.text() | st.integers() | st.booleans(), max_size=3), st.binary()
)
def test_what_is_said_is_understood(facts, body):
    assert unpacked(packed(Message(facts, body))) == Message(facts, body)


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"\n", b"[]\n", b"x\n", b"\xff\n", b'{"a":1', b"1\n{}", b"[" * 100_000]
)
def test_what_is_no_message_is_refused(raw):
    with pytest.raises(ValueError):
        unpacked(raw)
