"""What a process that handles strangers' files sets itself, before it loads anything.

Sources: setrlimit(2), prctl(2); and of gVisor, in which functions run, that it lets address space,
CPU, file size and descriptors be limited.
"""

import os
import resource
import signal
import sys

_DESCRIPTORS = 32
_PR_SET_PDEATHSIG = 1


def confine(memory: int, cpu: int) -> None:
    """Limit this process: address space in bytes, CPU in seconds, few descriptors, no file."""
    limits = {
        resource.RLIMIT_FSIZE: 0,
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: _DESCRIPTORS,
        resource.RLIMIT_CPU: cpu,
    }
    # macOS has no limit of address space that a program could start with.
    if sys.platform != "darwin":
        limits[resource.RLIMIT_AS] = memory
    for limit, value in limits.items():
        _, hard = resource.getrlimit(limit)
        most = value if hard == resource.RLIM_INFINITY else min(value, hard)
        # The hard limit of CPU kills without a word; the soft one, which tells why, comes first.
        resource.setrlimit(limit, (most, hard if limit == resource.RLIMIT_CPU else most))


def end_with(parent: int) -> None:
    """Let the kernel end this process with the thread that started it; on Linux alone."""
    if sys.platform != "linux":
        return
    import ctypes  # noqa: PLC0415 - limits come before what is loaded

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
