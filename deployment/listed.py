"""Find what a file describes in a list, by its display name: ``WANTED LIST``.

Prints the display name, and where it is listed its resource name, whether it bears the file's mark
(``true`` or ``false``; one that bears it goes first), and all that the list says of it.
"""

import json
import sys
from pathlib import Path
from typing import Any

from deployment.likeness import has

_MARKS = ("userLabels", "monitoredResource", "labels")


def marked(listed: dict[str, Any], wanted: dict[str, Any]) -> bool:
    """Whether something listed bears the mark of what this project made.

    That is a label; for an uptime check the host, since gcloud 528 drops its labels.
    """
    mark = next(field for field in _MARKS if field in wanted)
    return has(listed.get(mark, {}), wanted[mark])


if __name__ == "__main__":
    wanted, listed = (json.loads(Path(file).read_text()) for file in sys.argv[1:])
    title = wanted["displayName"]
    named = [one for one in listed if one.get("displayName") == title]
    found = max(named, key=lambda one: marked(one, wanted), default=None)
    facts = (found["name"], str(marked(found, wanted)).lower(), json.dumps(found)) if found else ()
    print(title, *facts, sep="\t")
