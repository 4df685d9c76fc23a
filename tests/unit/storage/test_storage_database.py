"""The SQLite file, and threads that share it."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lib.storage.sqlite.database import Database
from tests.processes import ROOT, wait_for

THREADS = 24


def make_table(connection):
    connection.execute("CREATE TABLE IF NOT EXISTS counted (n INTEGER)")


class Disk:
    """Syncs as the system does, and counts."""

    def __init__(self):
        self.syncs = 0

    def __call__(self, descriptor):
        self.syncs += 1
        os.fsync(descriptor)


@pytest.fixture
def disk():
    return Disk()


@pytest.fixture
def database(tmp_path, disk):
    database = Database(tmp_path / "new" / "folder" / "gateway.db", make_table, sync=disk)
    yield database
    database.close()


def add(database, number, *, durable=True):
    with database.transaction(durable=durable) as connection:
        connection.execute("INSERT INTO counted VALUES (?)", (number,))


def numbers(database):
    with database.reading() as connection:
        return sorted(row[0] for row in connection.execute("SELECT n FROM counted"))


def test_nothing_is_made_before_the_first_use(tmp_path):
    Database(tmp_path / "folder" / "gateway.db", make_table).close()
    assert list(tmp_path.iterdir()) == []


def test_what_is_committed_can_be_read_and_what_failed_is_undone(database):
    def fail():
        with database.transaction() as connection:
            connection.execute("INSERT INTO counted VALUES (2)")
            raise KeyError

    add(database, 1)
    with pytest.raises(KeyError):
        fail()
    add(database, 3, durable=False)
    assert numbers(database) == [1, 3]


def test_a_durable_transaction_waits_for_the_disk_and_another_does_not(database, disk):
    add(database, 1, durable=False)
    assert disk.syncs == 0
    add(database, 2)
    assert disk.syncs == 1
    add(database, 3, durable=False)
    add(database, 4, durable=False)
    add(database, 5)
    assert disk.syncs == 2


def test_a_disk_that_fails_is_told(database, disk):
    def full(descriptor):
        raise OSError(28, "No space left on device")

    failing = Database(database._path, make_table, sync=full)
    with pytest.raises(OSError, match="No space"):
        add(failing, 1)
    failing.close()


def test_those_who_write_at_the_same_time_share_a_wait_for_the_disk(tmp_path):
    waits = []

    def slow(descriptor):
        """Take as long as the others take to write."""
        waits.append(1)
        wait_for(lambda: len(numbers(database)) == THREADS)
        os.fsync(descriptor)

    database = Database(tmp_path / "gateway.db", make_table, sync=slow)
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda number: add(database, number), range(THREADS)))
    assert numbers(database) == list(range(THREADS))
    # The first one's, one for all others, and one for who was about to wait just then.
    assert len(waits) <= 3
    database.close()


def test_a_reader_sees_what_is_committed_and_waits_for_no_writer(database):
    add(database, 1)
    with database.transaction() as connection:
        connection.execute("INSERT INTO counted VALUES (2)")
        assert numbers(database) == [1]
    assert numbers(database) == [1, 2]


def test_nobody_else_on_the_machine_may_read_the_files(database, tmp_path):
    add(database, 1)
    files = list((tmp_path / "new" / "folder").iterdir())
    assert len(files) == 3
    assert {file.stat().st_mode & 0o777 for file in files} == {0o600}


def test_threads_cost_no_connections(database, tmp_path):
    def open_files():
        links = [link for link in Path("/proc/self/fd").iterdir() if link.is_symlink()]
        return sum(str(link.readlink()).startswith(str(tmp_path)) for link in links)

    add(database, 0)
    numbers(database)
    before = open_files()
    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda number: add(database, number), range(THREADS)))
        list(pool.map(lambda _: numbers(database), range(THREADS)))
        assert open_files() == before


def test_closing_leaves_one_file_and_the_next_use_opens_it_again(database, tmp_path):
    add(database, 1)
    assert numbers(database) == [1]
    database.close()
    assert [file.name for file in (tmp_path / "new" / "folder").iterdir()] == ["gateway.db"]
    assert numbers(database) == [1]


def test_another_process_that_comes_and_goes_does_no_harm(tmp_path):
    database = Database(tmp_path / "gateway.db", make_table)
    visit = (
        "import sys; from pathlib import Path; from lib.storage.sqlite.database import Database\n"
        "d = Database(Path(sys.argv[1]))\n"
        "with d.transaction() as c: c.execute('INSERT INTO counted VALUES (0)')\n"
        "d.close()"
    )
    for number in range(3):
        add(database, number)
        command = [sys.executable, "-c", visit, str(tmp_path / "gateway.db")]
        subprocess.run(command, cwd=ROOT, check=True)
        add(database, 9)
    assert len(numbers(database)) == 9
    with database.reading() as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()
