"""Reading a file in a gateway of its own, and what that takes of the machine."""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.processes import ROOT

# A process of its own, small before: what it and its child take is what reading takes. Time is
# told in seconds of CPU, which other work on the machine does not lengthen; so is the time by the
# clock, here, that a child may take.
_PROGRAM = r"""
import json, re, resource, sys
from pathlib import Path
from lib.media.child import ChildLimits
from lib.media.documents.read import read_document
from lib.media.errors import MediaError
from lib.media.sniff import kind_of
data = Path(sys.argv[1]).read_bytes()
before = resource.getrusage(resource.RUSAGE_SELF)
told = {}
try:
    document = read_document(data, kind_of(data), child=ChildLimits(seconds=100))
    told = {"text": document.text, "pages": document.pages, "more": document.more}
except MediaError as error:
    told = {"error": type(error).__name__}
own = resource.getrusage(resource.RUSAGE_SELF)
peak = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
child = resource.getrusage(resource.RUSAGE_CHILDREN)
told["own_peak"] = int(peak[1])
told["own_cpu"] = own.ru_utime + own.ru_stime - before.ru_utime - before.ru_stime
told["peak"] = child.ru_maxrss
told["cpu"] = child.ru_utime + child.ru_stime
print(json.dumps(told))
"""


@dataclass(frozen=True)
class Read:
    """What came of a file, in words; and what it took: in MB, and in seconds of CPU."""

    outcome: str
    text: str
    pages: int
    child_mb: float
    child_seconds: float
    own_mb: float
    own_seconds: float


def read_apart(file: Path) -> Read:
    """Read a file as a gateway does."""
    done = subprocess.run(
        [sys.executable, "-c", _PROGRAM, file], cwd=ROOT, capture_output=True, check=True
    )
    told = json.loads(done.stdout)
    return Read(
        told.get("error") or ("a part" if told["more"] else "all of it"),
        told.get("text", ""),
        told.get("pages", 0),
        told["peak"] / 1024,
        told["cpu"],
        told["own_peak"] / 1024,
        told["own_cpu"],
    )
