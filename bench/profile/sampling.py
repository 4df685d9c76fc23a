"""Where the standalone gateway spends its time under load, by py-spy."""

import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from bench.errors import MeasurementError
from bench.gateway import Standalone, standalone
from bench.load import run_load
from bench.messages import messages, webhook_request
from bench.processes import LEASH, ROOT
from bench.scene import Scene
from bench.standins.handle import stand_ins
from bench.standins.played import NO_TIME

RESULTS = ROOT / "bench" / "results" / "profile"
_SECONDS, _RATE, _SHOWN = 10, 50, 20
_WIDEST = 70


def show(scene: Scene) -> str:
    """Return the functions that are on the CPU most; the stacks go to a file."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / "standalone.collapsed"
    with ExitStack() as stack:
        played = stack.enter_context(stand_ins(scene.folder, NO_TIME))
        gateway = stack.enter_context(standalone(scene.folder, played))
        written = messages(scene.repetitions(6000, 1500), 400)
        requests = [webhook_request(one, gateway.webhook) for one in written]
        with _recording(gateway, file) as recorder:
            run_load(gateway.webhook, requests, 16).require_clean()
            if recorder.wait():
                raise MeasurementError("py-spy may not look into processes: try it as root")
    shown = table(file.read_text().splitlines())
    return f"{shown}\n\nStacks: {file.relative_to(ROOT)}; look at them with https://speedscope.app"


def table(stacks: Iterable[str]) -> str:
    """Return the functions of collapsed stacks, by how often they were on top, and anywhere."""
    on_top: Counter[str] = Counter()
    anywhere: Counter[str] = Counter()
    for line in stacks:
        stack, _, samples = line.rpartition(" ")
        frames = stack.split(";")
        on_top[frames[-1]] += int(samples)
        for frame in set(frames):
            anywhere[frame] += int(samples)
    total = on_top.total()
    lines = [f"{total} samples", f"{'own':>6} {'whole':>6}  function"]
    for frame, count in on_top.most_common(_SHOWN):
        shares = f"{count / total:6.1%} {anywhere[frame] / total:6.1%}"
        lines.append(f"{shares}  {frame[-_WIDEST:]}")
    return "\n".join(lines)


@contextmanager
def _recording(gateway: Standalone, file: Path) -> Iterator["subprocess.Popen[bytes]"]:
    beside = Path(sys.executable).with_name("py-spy")
    program = str(beside) if beside.exists() else shutil.which("py-spy")
    if program is None:
        raise MeasurementError("py-spy is not here: make profile installs it")
    arguments = ["--format", "raw", "--duration", str(_SECONDS), "--rate", str(_RATE)]
    target = ["--output", str(file), "--pid", str(gateway.process.worker())]
    recorder = subprocess.Popen([*LEASH, program, "record", "--nonblocking", *arguments, *target])
    try:
        yield recorder
    finally:
        recorder.kill()
        recorder.wait()
