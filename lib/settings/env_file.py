"""The file of settings beside a local gateway."""

import io
import re
from collections.abc import Mapping
from pathlib import Path

from lib.errors import ConfigurationError

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read(path: Path) -> Mapping[str, str]:
    """Return the settings in an ``.env`` file; none if there is no file.

    Raises:
        ConfigurationError: it is there and cannot be read; it is named, with the way out.
    """
    try:
        written = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError as error:
        if not path.is_symlink():
            return {}
        from lib.file_errors import explained

        raise ConfigurationError(explained(path, error, "read")) from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigurationError(f"{path}, line {line}: save it as UTF-8") from None
    except OSError as error:
        from lib.file_errors import explained

        raise ConfigurationError(explained(path, error, "read")) from None
    _check(path, written)
    from dotenv import dotenv_values

    values = dotenv_values(stream=io.StringIO(written))
    return {name: value for name, value in values.items() if value is not None}


def _check(path: Path, written: str) -> None:
    """Raise a ConfigurationError for the first line that would be passed over in silence."""
    from dotenv.parser import parse_stream

    for one in parse_stream(io.StringIO(written)):
        text = one.original.string
        line = one.original.line + text[: len(text) - len(text.lstrip())].count("\n")
        is_setting = one.key is None or (one.value is not None and _NAME.fullmatch(one.key))
        if one.error or not is_setting:
            raise ConfigurationError(
                f"{path}, line {line}: must be NAME=value, or begin with # where it is a remark"
            )
