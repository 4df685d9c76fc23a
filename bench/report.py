"""The table of a run, and the file with every value behind it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from bench.figures import Sample
from bench.machine import Machine
from bench.rows import Row, in_unit

_COLUMNS = ("what", "floor in the same run", "measured", "ratio", "target", "met")
_MET = {True: "yes", False: "**no**", None: "–"}


def table(rows: Sequence[Row]) -> str:
    """Return the table in Markdown."""
    lines = [_line(_COLUMNS), _line(["---"] * len(_COLUMNS))]
    lines += [_line(_cells(row)) for row in rows]
    return "\n".join(lines)


def document(
    rows: Sequence[Row], machine: Machine, failures: Mapping[str, str], *, quick: bool
) -> str:
    """Return what ``latest.md`` holds: the table, what it was measured on, and the notes."""
    paragraphs = [
        "# Benchmarks",
        *(f"**{name} failed:** {reason.splitlines()[0]}" for name, reason in failures.items()),
        table(rows),
        _machine(machine, quick=quick),
        "\n".join(f"- {row.what}: {row.note}." for row in rows if row.note),
    ]
    return "\n\n".join(filter(None, paragraphs)) + "\n"


def raw(rows: Sequence[Row], machine: Machine, failures: Mapping[str, str], *, quick: bool) -> str:
    """Return the whole run as JSON."""
    figures: list[dict[str, Any]] = [
        {**asdict(row), "met": row.met, "target_text": row.target_text} for row in rows
    ]
    whole = {
        "machine": asdict(machine),
        "quick": quick,
        "failures": dict(failures),
        "rows": figures,
    }
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(row: Row) -> list[str]:
    ratio = "–" if row.ratio is None else in_unit(row.ratio, "×")
    return [row.what, row.floor, row.measured, ratio, row.target_text, _MET[row.met]]


def _machine(machine: Machine, *, quick: bool) -> str:
    packages = ", ".join(f"{name} {version}" for name, version in machine.packages.items())
    run = "A quick run" if quick else "A whole run"
    return (
        f"{run} of {machine.date}, commit {machine.commit}, on {machine.cpus} CPUs "
        f"({machine.cpu}) with {machine.memory:g} GiB, {machine.system}, Python {machine.python}; "
        f"load average before it {machine.load}. A fixed loop of Python took "
        f"{Sample(machine.pace).text(0, 'ms')} of CPU along the way. {packages}."
    )
