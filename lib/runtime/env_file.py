"""The file of settings beside a local gateway."""

import io
from collections.abc import Mapping
from pathlib import Path

from lib.errors import ConfigurationError


def read(path: Path) -> Mapping[str, str]:
    """Return the settings in an ``.env`` file; none if there is no file.

    Raises:
        ConfigurationError: it is there and cannot be read; it is named, with the way out.
    """
    try:
        written = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{path}, line {line}: save it as UTF-8") from None
    except OSError as error:
        from lib.storage.file_errors import explained

        raise ConfigurationError(explained(path, error, "read")) from None
    from dotenv import dotenv_values

    values = dotenv_values(stream=io.StringIO(written))
    return {name: value for name, value in values.items() if value is not None}
