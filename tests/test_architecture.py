"""Who may import whom: the rules of the tree, read off its source.

A message travels through the folders of ``lib`` in one direction. Use cases know values and
ports, edges know one vendor each, and only ``lib.runtime.adapters`` knows them all.
"""

import ast
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.processes import ROOT

VALUES = {"lib.model", "lib.address", "lib.errors", "lib.shortage", "lib.trace"} | {
    f"lib.model.{path.stem}" for path in (ROOT / "lib/model").glob("[a-z]*.py")
}
PURE_LIBRARIES = {"pyromark", "regex"}
STAGES = ["inbound", "queue", "conversation", "assistant", "reply", "outbound"]
USE_CASES = {
    "lib.inbound.receive",
    "lib.outbound.deliver",
    "lib.outbound.status",
    "lib.outbound.knock",
    *(f"lib.conversation.{p.stem}" for p in (ROOT / "lib/conversation").glob("*.py")),
}
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


@cache
def imports(path: Path, *, lazy: bool = True) -> frozenset[str]:
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
    return frozenset(found)


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


def test_ports_know_values_only():
    found = imports(ROOT / "lib/ports.py")
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


@pytest.mark.parametrize("stage", STAGES)
def test_no_stage_imports_a_later_one(stage):
    earlier = STAGES[: STAGES.index(stage) + 1]
    # What is said is decided in the conversation, so it may look ahead to the reply.
    allowed = {*earlier, "reply"} if stage == "conversation" else set(earlier)
    # The stages that ask others over HTTP do it in one way.
    allowed |= {"web"} if stage in {"queue", "assistant", "outbound"} else set()
    for path in modules(f"lib/{stage}"):
        for name in ours(imports(path)) - VALUES - {"lib.ports", "lib"}:
            assert name.split(".")[1] in allowed, f"{name_of(path)} imports {name}"


EDGES = [*modules("lib/storage"), *modules("lib/queue"), *modules("lib/web")]


@pytest.mark.parametrize("path", EDGES, ids=name_of)
def test_edges_know_values_ports_and_their_own_folder(path):
    homes = (f"lib.{path.parent.name}", "lib.web")
    for name in ours(imports(path)) - VALUES - {"lib.ports"}:
        assert name.startswith(homes), name


def test_only_the_adapters_know_the_edges_and_only_when_they_are_needed():
    edges = {"lib.queue.pubsub", "lib.queue.local", "lib.storage.firestore", "lib.storage.sqlite"}
    edges |= {"lib.outbound.twilio", "lib.assistant.vac", "lib.assistant.openai"}
    for path in modules("lib"):
        if path.parent == ROOT / "lib/runtime/adapters":
            assert not imports(path, lazy=False) & edges
        else:
            assert not imports(path) & edges, name_of(path)


def test_only_the_gateway_builds_adapters():
    def builds(path):
        return any(name.startswith("lib.runtime.adapters") for name in imports(path))

    assert [name_of(path) for path in modules("lib") if builds(path)] == ["lib.runtime.gateway"]


def test_only_the_configuration_reads_the_environment():
    for folder in ("lib", "functions", "standalone", "simulator"):
        for path in modules(folder):
            reads = "os.environ" in path.read_text() or "getenv" in path.read_text()
            # The standalone server takes back what the framework leaves behind.
            assert not reads or name_of(path) in {"lib.runtime.config", "standalone.apps"}, path


@pytest.mark.parametrize("path", modules("functions"), ids=lambda path: path.parent.name)
def test_a_function_translates_and_delegates(path):
    found = imports(path)
    assert {name.split(".")[0] for name in foreign(found)} <= {"functions_framework", "flask"}
    allowed = {"lib.runtime.wiring", "lib.queue.envelope", "lib.inbound.request", *VALUES}
    assert len(ours(found) - allowed) <= 1, "one use case"
    assert ours(found) - allowed <= USE_CASES
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
