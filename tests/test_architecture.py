"""Who may import whom: the rules of the tree, read off its source.

A message travels through the folders of ``lib`` in one direction. Use cases know values and
ports, edges know one vendor each, and only ``lib.runtime.adapters`` knows them all.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.processes import ROOT

VALUES = {
    *(f"lib.{name}" for name in ("model", "address", "errors", "shortage", "trace", "backoff")),
    *(f"lib.model.{path.stem}" for path in (ROOT / "lib/model").glob("[a-z]*.py")),
    "lib.file_errors",
    "lib.loopback",
}
PURE_LIBRARIES = {"pyromark", "regex"}
# The queue's format: what a queued message is, to whoever reads one.
FORMAT = "lib.queue.envelope"
# What each folder may import beside itself, values and, but for the pure ones, ports.
MAY_IMPORT = {
    "reply": set(),
    "conversation": {"reply", FORMAT},
    "turn": {"conversation", "reply", FORMAT},
    "inbound": {"twilio"},
    "outbound": set(),
    "assistant": {"web"},
    "queue": {"google", "web"},
    "google": {"web"},
    "twilio": {"web"},
    "storage": set(),
    "web": set(),
    "settings": set(),
}
USE_CASES = {
    f"lib.{folder}.{path.stem}"
    for folder in ("inbound", "outbound", "conversation", "turn")
    for path in (ROOT / "lib" / folder).glob("*.py")
}
# What a function may call: a use case, or what tells whether it could.
CALLED = {*USE_CASES, "lib.runtime.health"}
VENDORS = {"flask", "requests", "urllib3", "twilio", "google", "grpc", "sqlite3", "yaml", "dotenv"}
VENDORS |= {"waitress"}
CLOCKS_AND_IO = {"time", "datetime", "os", "pathlib", "socket", "threading", "logging", "io"}


def modules(folder):
    return sorted(
        path for path in (ROOT / folder).rglob("*.py") if "node_modules" not in path.parts
    )


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def file_of(name: str) -> Path:
    path = ROOT / Path(*name.split("."))
    return path / "__init__.py" if path.is_dir() else path.with_suffix(".py")


def imports(path: Path, *, lazy: bool = True) -> set[str]:
    """The modules a file imports; with ``lazy`` false only those imported when it is loaded."""
    tree = ast.parse(path.read_text())
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        is_lazy = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        typing_only = isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)
        if typing_only or (is_lazy and not lazy):
            skipped.update(ast.walk(node))
    found = set()
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= _from(node)
    return found


def _from(node: ast.ImportFrom) -> set[str]:
    names = {f"{node.module}.{alias.name}" for alias in node.names}
    inner = {name for name in names if (ROOT / Path(*name.split("."))).with_suffix(".py").exists()}
    return inner or {node.module}


def ours(found):
    return {name for name in found if name.split(".")[0] == "lib"}


def foreign(found):
    known = sys.stdlib_module_names
    return {name for name in found if name.split(".")[0] not in known | {"lib"}}


def test_values_stand_on_the_standard_library_alone():
    for name in VALUES:
        found = imports(file_of(name))
        assert not foreign(found), name
        assert ours(found) <= VALUES, name


@pytest.mark.parametrize("path", modules("lib/ports"), ids=name_of)
def test_ports_know_values_only(path):
    found = imports(path)
    assert ours(found) <= VALUES
    assert not foreign(found)


@pytest.mark.parametrize("path", modules("lib/reply"), ids=name_of)
def test_replies_are_pure(path):
    found = imports(path)
    assert {name.split(".")[0] for name in foreign(found)} <= PURE_LIBRARIES
    assert not {name.split(".")[0] for name in found} & CLOCKS_AND_IO
    assert all(name in VALUES or name.startswith("lib.reply") for name in ours(found))


@pytest.mark.parametrize("name", sorted(USE_CASES))
def test_use_cases_know_no_vendor(name):
    found = imports(file_of(name))
    assert not {one.split(".")[0] for one in found} & VENDORS


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_imports_only_what_it_stands_on(folder):
    """A message travels through the folders in one direction, and edges know no other edge.

    The remedy is a port, a value in ``lib/model``, or a tool that ``lib/runtime`` hands in.
    """
    allowed = {folder, "ports", *MAY_IMPORT[folder]}
    for path in modules(f"lib/{folder}"):
        for name in ours(imports(path)) - VALUES - {"lib"}:
            known = name.split(".")[1] in allowed or name in allowed
            assert known, f"{name_of(path)} imports {name}: {folder} may import {sorted(allowed)}"


def test_every_folder_has_its_rule():
    folders = {path.parent.name for path in (ROOT / "lib").glob("*/__init__.py")}
    assert folders - {"adapters"} == {*MAY_IMPORT, "model", "ports", "runtime"}


def test_only_the_adapters_know_the_edges_and_only_when_they_are_needed():
    edges = {
        "lib.queue.pubsub",
        "lib.queue.local",
        "lib.storage.firestore.store",
        "lib.storage.sqlite.store",
    }
    edges |= {"lib.twilio.sender", "lib.assistant.vac", "lib.assistant.openai"}
    for path in modules("lib"):
        if path.parent == ROOT / "lib/runtime/adapters":
            assert not imports(path, lazy=False) & edges
        else:
            assert not imports(path) & edges, name_of(path)


def test_only_the_gateway_builds_adapters():
    def builds(path):
        return any(name.startswith("lib.runtime.adapters") for name in imports(path))

    others = [path for path in modules("lib") if path.parent != ROOT / "lib/runtime/adapters"]
    assert [name_of(path) for path in others if builds(path)] == ["lib.runtime.gateway"]


def test_only_the_configuration_reads_the_environment():
    for folder in ("lib", "functions", "standalone", "simulator"):
        for path in modules(folder):
            reads = "os.environ" in path.read_text() or "getenv" in path.read_text()
            # The standalone server takes back what the framework leaves behind.
            assert not reads or name_of(path) in {"lib.settings.config", "standalone.apps"}, path


@pytest.mark.parametrize("path", modules("functions"), ids=lambda path: path.parent.name)
def test_a_function_translates_and_delegates(path):
    found = imports(path)
    assert {name.split(".")[0] for name in foreign(found)} <= {"functions_framework", "flask"}
    allowed = {"lib.runtime.wiring", "lib.queue.envelope", "lib.twilio.request", *VALUES}
    assert len(ours(found) - allowed) <= 1, "one use case"
    assert ours(found) - allowed <= CALLED
    assert len(path.read_text().splitlines()) <= 45


@pytest.mark.parametrize("path", modules("lib"), ids=name_of)
def test_what_ships_knows_nothing_of_what_does_not(path):
    tops = {name.split(".")[0] for name in imports(path)}
    assert not tops & {"bench", "standalone", "simulator", "tests", "waitress"}


GOOGLE = ["google.api_core", "google.auth", "google.cloud.firestore", "google.pubsub_v1", "grpc"]


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("webhook", [*GOOGLE, "twilio", "sqlite3", "requests", "pyromark", "regex"]),
        ("status", [*GOOGLE, "twilio", "sqlite3", "requests", "pyromark", "regex"]),
        ("tick", [*GOOGLE, "twilio", "sqlite3", "requests", "pyromark", "regex"]),
        ("responder", [*GOOGLE, "twilio", "sqlite3", "requests"]),
        ("health", [*GOOGLE, "twilio", "sqlite3", "requests", "pyromark", "regex"]),
    ],
)
def test_a_start_loads_no_vendor(name, never):
    program = (
        "import runpy, sys\n"
        f"runpy.run_path('functions/{name}/main.py')\n"
        "print('\\n'.join(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    loaded = done.stdout.split()
    assert not [one for one in loaded if any(f"{one}.".startswith(f"{no}.") for no in never)]
