"""Media kept in a folder, as small as they can be: what a test needs of a store of media."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from lib.ports.media_store import StoredMedium


class FolderOfMedia:
    """A file for each medium, named by its owner and key. ``before`` comes ahead of each put."""

    def __init__(self, folder: Path, before: Callable[[str], None] = lambda _key: None) -> None:
        folder.mkdir(exist_ok=True)
        self._folder = folder
        self._before = before

    def find(self, owner: str, key: str) -> str:
        file = self._file(owner, key)
        return self._url(file) if file.exists() else ""

    def put(self, owner: str, key: str, medium: StoredMedium) -> str:
        self._before(key)
        file = self._file(owner, key)
        head = f"{medium.content_type}\n{medium.name}\n".encode()
        file.write_bytes(head + medium.data)
        return self._url(file)

    def open(self, token: str, name: str) -> StoredMedium | None:
        file = self._folder / token
        if not file.exists():
            return None
        content_type, kept, data = file.read_bytes().split(b"\n", 2)
        medium = StoredMedium(data, content_type.decode(), kept.decode())
        return medium if medium.name == name else None

    def kept(self, owner: str) -> Iterator[tuple[datetime, StoredMedium]]:
        for file in sorted(self._folder.glob(f"{_digest(owner)}-*")):
            content_type, name, data = file.read_bytes().split(b"\n", 2)
            kept_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
            yield kept_at, StoredMedium(data, content_type.decode(), name.decode())

    def delete(self, owner: str, among: Callable[[datetime], bool] | None = None) -> int:
        files = list(self._folder.glob(f"{_digest(owner)}-*"))
        times = {file: datetime.fromtimestamp(file.stat().st_mtime, UTC) for file in files}
        files = [file for file in files if among is None or among(times[file])]
        for file in files:
            file.unlink()
        return len(files)

    def _file(self, owner: str, key: str) -> Path:
        return self._folder / f"{_digest(owner)}-{_digest(key)}"

    def _url(self, file: Path) -> str:
        name = file.read_bytes().split(b"\n", 2)[1].decode()
        return f"https://gateway.example.org/whatsapp/media/{file.name}/{name}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
