"""The SQLite file and its connections."""

import sqlite3
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from lib.storage.database import Database
from tests.processes import ROOT


@pytest.fixture
def database(tmp_path):
    database = Database(tmp_path / "new" / "folder" / "gateway.db")
    yield database
    database.close()


def in_a_thread(work):
    found = []
    thread = threading.Thread(target=lambda: found.append(work()))
    thread.start()
    thread.join()
    return found[0]


def open_files(folder):
    links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
    return sum(str(link.readlink()).startswith(str(folder)) for link in links)


def test_nothing_is_made_before_the_first_use(tmp_path):
    Database(tmp_path / "folder" / "gateway.db").close()
    assert list(tmp_path.iterdir()) == []


def test_each_thread_has_one_connection_of_its_own(database):
    assert database() is database()
    assert in_a_thread(database) is not database()


def test_commits_are_on_disk_and_others_are_waited_for(database):
    asked = ("journal_mode", "synchronous", "busy_timeout")
    assert [database().execute(f"PRAGMA {name}").fetchone()[0] for name in asked] == [
        "wal",
        2,
        5000,
    ]
    assert database().isolation_level is None


def test_nobody_else_on_the_machine_may_read_the_files(database, tmp_path):
    database().execute("CREATE TABLE t (x)")
    files = list((tmp_path / "new" / "folder").iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_connections_of_threads_that_ended_are_closed(database, tmp_path):
    database().execute("CREATE TABLE t (x)")
    in_a_thread(lambda: database().execute("SELECT * FROM t").fetchall())
    before = open_files(tmp_path)
    for _ in range(50):
        in_a_thread(lambda: database().execute("SELECT * FROM t").fetchall())
    # SQLite keeps a descriptor for the next connection while others have the file open.
    assert open_files(tmp_path) <= before + 2


def test_closing_ends_every_connection_and_leaves_one_file(database, tmp_path):
    mine, other = database(), in_a_thread(database)
    mine.execute("CREATE TABLE t (x)")
    database.close()
    for connection in (mine, other):
        with pytest.raises(sqlite3.ProgrammingError):
            connection.execute("SELECT 1")
    assert [file.name for file in (tmp_path / "new" / "folder").iterdir()] == ["gateway.db"]


def test_after_closing_the_next_call_opens_a_new_connection(database):
    database().execute("CREATE TABLE t (x)")
    database.close()
    assert database().execute("SELECT count(*) FROM t").fetchone() == (0,)


def test_another_process_that_comes_and_goes_does_no_harm(tmp_path):
    database = Database(tmp_path / "gateway.db")
    database().execute("CREATE TABLE counted (n INTEGER)")
    visit = (
        "import sys; from pathlib import Path; from lib.storage.database import Database\n"
        "d = Database(Path(sys.argv[1])); d().execute('INSERT INTO counted VALUES (0)'); d.close()"
    )
    for number in range(3):
        # Every new thread opens a connection of its own.
        thread = threading.Thread(
            target=lambda n=number: database().execute("INSERT INTO counted VALUES (?)", (n,))
        )
        thread.start()
        thread.join()
        command = [sys.executable, "-c", visit, str(tmp_path / "gateway.db")]
        subprocess.run(command, cwd=ROOT, check=True)
        database().execute("INSERT INTO counted VALUES (9)")
    assert database().execute("SELECT count(*) FROM counted").fetchone() == (9,)
    assert database().execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
