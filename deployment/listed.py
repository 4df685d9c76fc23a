"""Find what a file describes in a list, by its display name: ``WANTED LIST``.

Prints the display name, and where it is listed its resource name and all that the list says of it.
"""

import json
import sys
from pathlib import Path

if __name__ == "__main__":
    wanted, listed = (json.loads(Path(file).read_text()) for file in sys.argv[1:])
    title = wanted["displayName"]
    found = next((one for one in listed if one.get("displayName") == title), None)
    print(title, *((found["name"], json.dumps(found)) if found else ()), sep="\t")
