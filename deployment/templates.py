"""Fill a JSON file: ``TEMPLATE INTO NAME=VALUE...``. ``${NAME}`` stands for a value.

An entry of a list that is empty afterwards is left out: a channel that is not there, for one.
"""

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from string import Template
from typing import Any


def filled(template: str, values: Mapping[str, str]) -> Any:
    """Return the document with its placeholders filled.

    Raises:
        KeyError: the template wants a value that is not given.
    """
    return _filled(json.loads(template), values)


def _filled(part: Any, values: Mapping[str, str]) -> Any:
    if isinstance(part, dict):
        return {key: _filled(value, values) for key, value in part.items()}
    if isinstance(part, list):
        return [value for value in (_filled(one, values) for one in part) if value != ""]
    if not isinstance(part, str):
        return part
    text = Template(part).substitute(values)
    return int(text) if part.startswith("${") and text.isdecimal() else text


if __name__ == "__main__":
    source, target, *pairs = sys.argv[1:]
    document = filled(Path(source).read_text(), dict(pair.split("=", 1) for pair in pairs))
    Path(target).write_text(json.dumps(document, indent=2))
