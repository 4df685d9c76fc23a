import uuid

import pytest

from lib.storage.stores.permissions import block
from operations.assistants import main
from tests.stores import NOON, firestore_storage

FILE = """
assistants:
  gemini:
    name: Gemini
    description: answers
user_permissions:
  "+15550001111@whatsapp.user":
    assistants: [gemini]
"""


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "assistants.yaml"
    path.write_text(FILE)
    return path


@pytest.fixture
def project(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    name = f"demo-{uuid.uuid4().hex}"
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", name)
    return name


def test_a_file_of_assistants_is_what_the_gateway_then_reads(
    firestore_emulator, project, file, capsys
):
    assert main([str(file)]) == 0
    assert "Gemini" in capsys.readouterr().out
    known = firestore_storage(project, lambda: NOON).stores.conversations.read("+15550001111", "")
    assert [one.name for one in known.assistants] == ["Gemini"]
    assert known.permissions.assistants == frozenset({"gemini"})


def test_a_dry_run_writes_nothing(firestore_emulator, project, file, capsys):
    assert main([str(file), "--dry-run"]) == 0
    assert "Would be written" in capsys.readouterr().out
    assert (
        firestore_storage(project, lambda: NOON).stores.conversations.read("+1555", "").assistants
        == ()
    )


def test_a_mistake_is_named_with_its_line(project, file, capsys):
    file.write_text("assistants:\n  gemini:\n    enabled: perhaps\n")
    assert main([str(file)]) == 2
    assert "line 3" in capsys.readouterr().err


def test_without_a_project_it_says_so(project, file, monkeypatch, capsys):
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "")
    assert main([str(file)]) == 2
    assert "GOOGLE_CLOUD_PROJECT" in capsys.readouterr().err


def test_whom_an_operator_blocked_a_file_does_not_let_in_again(firestore_emulator, project, file):
    storage = firestore_storage(project, lambda: NOON)
    assert main([str(file)]) == 0
    block(storage.documents, "+15550001111", blocked=True)
    assert main([str(file)]) == 0
    found = storage.stores.conversations.read("+15550001111", "").permissions
    assert (found.blocked, found.assistants) == (True, frozenset({"gemini"}))
    block(storage.documents, "+15550001111", blocked=False)
    assert main([str(file)]) == 0
    assert not storage.stores.conversations.read("+15550001111", "").permissions.blocked


def test_a_block_of_a_file_is_taken_back_by_a_file(firestore_emulator, project, file):
    storage = firestore_storage(project, lambda: NOON)
    file.write_text(FILE + "    blocked: true\n")
    assert main([str(file)]) == 0
    assert storage.stores.conversations.read("+15550001111", "").permissions.blocked
    file.write_text(FILE)
    assert main([str(file)]) == 0
    assert not storage.stores.conversations.read("+15550001111", "").permissions.blocked
