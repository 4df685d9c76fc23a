"""Ports for programs under test: one per program, whoever asks for it."""

import subprocess
from contextlib import ExitStack

from tests.processes import ROOT, python

# Processes that picked this many without knowing of each other would share about thirty.
_HOLDER = """
from tests.processes import free_port
print(*(free_port() for _ in range(200)), flush=True)
input()
"""


def _holder():
    command = python("-c", _HOLDER)
    return subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def test_no_port_is_given_twice_while_those_who_have_it_live():
    with ExitStack() as stack:
        holders = [stack.enter_context(_holder()) for _ in range(5)]
        ports = [port for holder in holders for port in holder.stdout.readline().split()]
        for holder in holders:
            holder.communicate("\n")
    assert len(ports) == len(set(ports)) == 1000
