"""Who may import whom: the rules of the tree, read off its source.

A message travels through the folders of ``lib`` in one direction. Use cases know values and
ports, edges know one vendor each, and only ``lib.runtime.adapters`` knows them all. See
``docs/architecture.md``. A test that fails says the rule, its reason and the remedy.
"""

import ast
import re
import subprocess
import sys

import pytest

from tests.processes import ROOT
from tests.source import Rule, breaches, file_of, foreign, imports, modules, name_of, ours, top

_VALUES = ("model", "address", "errors", "cancel_words", "shortage", "stopping", "trace", "backoff")
VALUES = {
    *(f"lib.{name}" for name in _VALUES),
    *(f"lib.model.{path.stem}" for path in (ROOT / "lib/model").glob("[a-z]*.py")),
    "lib.file_errors",
    "lib.loopback",
}
PURE_LIBRARIES = {"pyromark", "regex"}
# The queue's format: what a queued message is, to whoever reads one.
FORMAT = {"lib.queue.envelope", "lib.queue.decode", "lib.queue.push"}
# What is kept, by noun: written once, on the port of documents.
STORES = {name_of(path) for path in modules("lib/storage/stores")}
DATABASES = ("lib.storage.firestore", "lib.storage.sqlite")
# What each folder may import beside itself, values and, but for the pure ones, ports.
MAY_IMPORT = {
    "reply": set(),
    "people": set(),
    "language": {"reply"},
    # Whose a document is, it says in its fields.
    "conversation": {"language", "people", "reply", "lib.storage.fields", "lib.storage.keeping"}
    | {*FORMAT, *STORES},
    "turn": {"conversation", "reply", *FORMAT, *STORES},
    "inbound": {"twilio", *STORES},
    "outbound": set(),
    # Pub/Sub is asked with Google's tokens, and so are assistants behind Google's IAM.
    "assistant": {"google", "web"},
    "queue": {"google", "web"},
    "google": {"web"},
    # What Twilio keeps of a message's media is fetched with the errors of media.
    "twilio": {"media", "web"},
    "handover": {"web"},
    # What is given to a person is read as the conversation reads it, and said in their language.
    "export": {"conversation", "reply", "lib.storage.fields", *FORMAT, *STORES},
    # What operators write of people is checked by the rules about them.
    "storage": {"people"},
    "web": set(),
    # What is kept of media lies in a bucket of Google's.
    "media": {"google", "web"},
    # A recording is known by its bytes, and what cannot be heard is one more error of media.
    "voice": {"media", "web"},
    # Amounts are read alike wherever they stand.
    "settings": {"people"},
}
USE_CASES = {
    name_of(path)
    for folder in ("inbound", "outbound", "conversation", "turn")
    for path in modules(f"lib/{folder}")
}
# What a function may call: a use case, or what tells whether it could.
CALLED = {*USE_CASES, "lib.runtime.health"}
VENDORS = {"flask", "requests", "urllib3", "twilio", "google", "grpc", "sqlite3", "yaml", "dotenv"}
VENDORS |= {"fasttext", "waitress"}
CLOCKS_AND_IO = {"time", "datetime", "os", "pathlib", "socket", "threading", "logging", "io"}
# What takes files apart: it may be led to take all memory, to run for ever, or to break.
PARSERS = {"PIL", "charset_normalizer", "pi_heif", "pypdf", "striprtf", "xml"}
PARSERS |= {"zipfile", "ctranslate2", "espeakng_loader", "numpy", "soundfile", "tokenizers"}
# What runs in a child process, with limits that it sets itself before it loads any of these.
CHILDREN = ("media.inside", "voice.espeak_child", "voice.whisper_child")
# These modules stand in the way of a start: whoever imports one loads a vendor's client.
EDGES = {
    "lib.queue.pubsub",
    "lib.queue.local",
    "lib.storage.firestore.storage",
    "lib.storage.sqlite.storage",
    "lib.media.kept.bucket",
    "lib.media.kept.folder",
    "lib.twilio.media",
    "lib.twilio.sender",
    "lib.voice.openai_transcriber",
    "lib.assistant.vac",
    "lib.assistant.openai",
    "lib.voice.openai_speaker",
}
GOOGLE = ["google.api_core", "google.auth", "google.cloud.firestore", "google.pubsub_v1", "grpc"]
HEAVY = [*GOOGLE, "twilio", "sqlite3", "requests"]
PURE = ["pyromark", "regex"]


def test_values_stand_on_the_standard_library_alone():
    Rule(
        "Values (lib/model, address, errors, ...) import the standard library and each other.",
        "Everything imports them: what they load, every function loads at its start.",
        "Keep the value plain, and put what needs a library into the folder that works with it.",
    ).holds(
        breaches(map(file_of, VALUES), lambda _, found: foreign(found) | (ours(found) - VALUES))
    )


def test_ports_know_values_only():
    Rule(
        "A port (lib/ports) imports values, other ports and the standard library.",
        "Both sides of a port depend on it; with a vendor's type in it, one side knows the other.",
        "Describe what crosses the port as a value in lib/model.",
    ).holds(
        breaches(
            modules("lib/ports"),
            lambda _, found: foreign(found) | {n for n in ours(found) - VALUES if "ports" not in n},
        )
    )


def test_replies_are_pure():
    def impure(_, found):
        libraries = {name for name in foreign(found) if top(name) not in PURE_LIBRARIES}
        others = {name for name in ours(found) - VALUES if not name.startswith("lib.reply")}
        return libraries | others | {name for name in found if top(name) in CLOCKS_AND_IO}

    Rule(
        "lib/reply is pure: values and a parser in, chunks out; no clock, no I/O, no log.",
        "The same answer must give the same chunks whenever it is formatted again, and a million "
        "generated answers are formatted in its tests.",
        "Let the caller (lib/turn) read the clock, log or fetch, and pass the result in.",
    ).holds(breaches(modules("lib/reply"), impure))


def test_use_cases_know_no_vendor():
    Rule(
        "Use cases (lib/inbound, conversation, turn, outbound) import no vendor's package.",
        "They run on Firestore and on SQLite, behind Flask and without: what they import would "
        "tie them to one, and load it where another is used.",
        "Use a port of lib/ports, or add one if two implementations exist; put the vendor's call "
        "into its edge (lib/storage, twilio, google, queue).",
    ).holds(
        breaches(
            map(file_of, USE_CASES),
            lambda _, found: {name for name in found if top(name) in VENDORS},
        )
    )


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_a_folder_imports_only_what_it_stands_on(folder):
    allowed = {folder, "ports", *MAY_IMPORT[folder]}

    def beyond(_, found):
        known = ours(found) - VALUES - {"lib"}
        return {name for name in known if name.split(".")[1] not in allowed and name not in allowed}

    Rule(
        f"lib/{folder} imports values and {', '.join(_told(allowed))} of lib, and nothing else.",
        "A message travels through the folders in one direction, and no edge knows another: so "
        "each can be read, tested and replaced by itself.",
        "A port, a value in lib/model, or a function that lib/runtime passes in.",
    ).holds(breaches(modules(f"lib/{folder}"), beyond))


def _told(allowed):
    """The names of what may be imported, the stores by the name of all of them."""
    return sorted({*(allowed - STORES), *(["lib.storage.stores"] if allowed & STORES else [])})


def test_stores_know_no_database():
    def known(_, found):
        vendors = {name for name in found if top(name) in VENDORS}
        return vendors | {name for name in found if name.startswith(DATABASES)}

    Rule(
        "A store (lib/storage/stores) imports neither a vendor's package nor one of the databases.",
        "It is written once, for both of them; and turn, conversation and inbound import it, which "
        "must start without a vendor's client.",
        "Use the port of documents (lib/ports/documents.py); what one database has alone belongs "
        "to its folder, as what is swept does to lib/storage/sqlite.",
    ).holds(breaches(modules("lib/storage/stores"), known))


def test_nothing_sends_while_a_conversation_decides():
    """What is said is stored first and then sent once: by the turn, after the outcome."""
    sending = {"lib.ports.sender", "lib.ports.publisher"}
    for path in modules("lib/conversation"):
        assert not imports(path) & sending, f"{name_of(path)} can send"


def test_every_folder_has_its_rule():
    folders = {path.parent.name for path in (ROOT / "lib").glob("*/__init__.py")}
    ruled = {*MAY_IMPORT, "model", "ports", "runtime"}
    Rule(
        "Every folder of lib stands in MAY_IMPORT of this file, and nothing that is gone does.",
        "A folder without a rule may import anything.",
        "Add the folder with what it stands on, at best nothing; remove what no longer exists.",
    ).holds(f"lib/{name}" for name in (folders - {"adapters"}) ^ ruled)


def test_only_the_adapters_know_the_edges_and_only_when_they_are_needed():
    adapters = {*modules("lib/runtime/adapters")}

    def early(path, found):
        return EDGES & (imports(path, lazy=False) if path in adapters else found)

    Rule(
        "Only lib/runtime/adapters imports an edge's client, and only inside functions.",
        "A process loads what it uses and no more: the webhook neither Firestore nor Twilio's SDK.",
        "Ask lib.runtime.gateway for the port; import inside the function that builds the adapter.",
    ).holds(breaches(modules("lib"), early))


def test_what_people_send_is_parsed_in_the_child_alone():
    children = {file_of(f"lib.{name}") for name in CHILDREN}
    inside = {name_of(path) for path in modules("lib/media/documents")}
    inside -= {"lib.media.documents", "lib.media.documents.read"}
    inside |= {"lib.media.pictures.prepare", "lib.voice.hearing", "lib.voice.sound"}

    def outside(path, found):
        if name_of(path) in inside:
            return set()
        loaded = imports(path, lazy=False) if path in children else found
        # An export is a zip that is written here; nothing is taken apart.
        loaded = loaded - {"zipfile"} if name_of(path) == "lib.export.archive" else loaded
        return (inside & loaded) | {name for name in loaded if top(name) in PARSERS}

    Rule(
        "What parses files is imported by its own kind, and by functions of what runs in a child: "
        f"{', '.join(CHILDREN)}.",
        "A file may be made to take all memory, to run for ever or to break what reads it: only "
        "the child has limits, and only the child may end.",
        "Add a task to lib/media/inside.py, and ask for it with read_in_child.",
    ).holds(breaches(modules("lib"), outside))


def test_only_the_gateway_builds_adapters():
    Rule(
        "Only lib.runtime.gateway imports lib.runtime.adapters.",
        "Adapters hold connections: there is one of each in a process, built at first use and "
        "never before the server forks.",
        "Take the adapter from the gateway, as a port.",
    ).holds(
        f"{name_of(path)} imports {name}"
        for path in modules("lib")
        if path.parent != ROOT / "lib/runtime/adapters"
        for name in imports(path)
        if name.startswith("lib.runtime.adapters") and name_of(path) != "lib.runtime.gateway"
    )


def test_only_the_settings_read_the_environment():
    def reads(path):
        return "os.environ" in path.read_text() or "getenv" in path.read_text()

    folders = ("lib", "functions", "standalone", "simulator")
    # The standalone server takes back what the framework leaves behind.
    known = {"lib.settings.config", "standalone.apps"}
    Rule(
        "Only lib/settings reads the environment.",
        "So every setting is checked once, at start, and health can name what is missing.",
        "Add the setting to lib/settings, and pass its value in from lib/runtime.",
    ).holds(
        f"{name_of(path)} reads the environment"
        for folder in folders
        for path in modules(folder)
        if reads(path) and name_of(path) not in known
    )


@pytest.mark.parametrize("path", modules("functions"), ids=lambda path: path.parent.name)
def test_a_function_translates_and_delegates(path):
    found = imports(path)
    allowed = {"lib.runtime.wiring", "lib.queue.envelope", "lib.twilio.request", *VALUES}
    beyond = ours(found) - allowed
    packages = {
        name for name in foreign(found) if top(name) not in {"functions_framework", "flask"}
    }
    broken = [f"it imports {name}" for name in packages | (beyond - CALLED)]
    broken += [f"it has {len(beyond)} use cases: {', '.join(sorted(beyond))}"] * (len(beyond) > 1)
    broken += ["it has more than 45 lines"] * (len(path.read_text().splitlines()) > 45)
    Rule(
        "functions/<name>/main.py translates a request, calls one use case, and answers.",
        "Whatever else stands there runs on Google Cloud alone: standalone has another server.",
        "Put the decision into a use case (lib/inbound, lib/turn), which both call.",
    ).holds(f"functions/{path.parent.name}: {one}" for one in broken)


def test_what_ships_knows_nothing_of_what_does_not():
    kept = {"bench", "standalone", "simulator", "tests", "waitress"}
    Rule(
        "lib imports nothing of bench, standalone, simulator and tests.",
        "They are not deployed: the function would not start.",
        "Pass it in as a port, or move what both need into lib.",
    ).holds(
        breaches(modules("lib"), lambda _, found: {name for name in found if top(name) in kept})
    )


@pytest.mark.parametrize(
    ("name", "never"),
    [
        ("webhook", [*HEAVY, *PURE]),
        ("status", [*HEAVY, *PURE]),
        ("tick", [*HEAVY, *PURE]),
        ("responder", HEAVY),
        ("health", [*HEAVY, *PURE]),
        ("media", [*HEAVY, *PURE]),
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
    Rule(
        f"The {name} function starts without {', '.join(never)}.",
        "Loading one takes longer than all the rest of a cold start, and the person waits for it.",
        "Import it inside the function that needs it, in the vendor's edge.",
    ).holds(
        f"{name} loads {one}"
        for one in loaded
        if any(f"{one}.".startswith(f"{no}.") for no in never)
    )


def test_no_file_of_lib_is_over_200_lines():
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in modules("lib")
    }
    Rule(
        "A file of lib has at most 200 lines.",
        "What is longer has two subjects, and a reader who looks for one must read both.",
        "Divide it by subject, and name each part with a noun.",
    ).holds(f"{name}: {length} lines" for name, length in lengths.items() if length > 200)


MOST_FILES = {
    "From form to queue": 6,
    "From queue to chunks": 17,
    "From report to retry": 7,
    "From stream to early part": 5,
}
"""How many files somebody opens to follow one message."""
WALK = re.compile(r"^- \*\*(?P<name>[^(]+) \((?P<count>\d+)\):\*\*(?P<files>[^-]+)$", re.MULTILINE)


def test_a_message_can_be_followed_through_few_files():
    """Each file of a walk is imported by one before it, or is built by the runtime."""
    told = (ROOT / "docs/architecture.md").read_text()
    section = told.partition("## The way through the code\n")[2].partition("\n\nA report")[0]
    walks = {found["name"]: found for found in WALK.finditer(section)}
    assert walks.keys() == MOST_FILES.keys()
    built = set().union(*map(imports, modules("lib/runtime")))
    broken = []
    for name, walk in walks.items():
        files = re.findall("`(.+?)`", walk["files"])
        names = [one if one.startswith("functions/") else f"lib/{one}" for one in files]
        paths = [ROOT / f"{one}.py" for one in names]
        broken += [f"{name}: there is no {path}" for path in paths if not path.exists()]
        known = built
        for path in filter(lambda one: one.exists(), paths):
            if path != paths[0] and name_of(path) not in known:
                broken.append(f"{name}: nothing before {name_of(path)} leads there")
            known = known | imports(path)
        if len(files) != int(walk["count"]) or len(files) > MOST_FILES[name]:
            broken.append(f"{name}: {len(files)} files")
    Rule(
        "docs/architecture.md names the files that a message passes, few enough to be read.",
        "Whoever looks for what becomes of a message needs to open no other.",
        "Correct the map; join what only passes a message on with what it passes it to.",
    ).holds(broken)


def test_a_broken_rule_is_told_with_its_reason_and_its_remedy():
    rule = Rule("No folder imports another.", "They would grow together.", "Pass a value.")
    rule.holds([])
    with pytest.raises(pytest.fail.Exception) as failure:
        rule.holds(["lib.a imports lib.b"])
    assert str(failure.value).splitlines() == [
        "lib.a imports lib.b",
        "Rule: No folder imports another.",
        "Reason: They would grow together.",
        "Remedy: Pass a value.",
    ]


@pytest.mark.parametrize("folder", ["turn", "outbound", "handover", "runtime"])
def test_one_function_decides_who_may_be_written_to_first(folder):
    def decided(path, _):
        fields = {"opted_out_at", "opted_in_at", "unreachable"}
        tree = ast.parse(path.read_text())
        read = (one for one in ast.walk(tree) if isinstance(one, ast.Attribute))
        # When it was said may tell what was learnt before; whether it holds, one function tells.
        learnt = {"opted_in_at"} if path.stem == "opting_out" else set()
        return {f"reads {one.attr}" for one in read if one.attr in fields - learnt}

    Rule(
        "What begins a message by itself asks lib.conversation.consent.may_write_first.",
        "Each place that looked at the session itself would have a policy of its own.",
        "Call may_write_first with what the message is about; add a Purpose if there is another.",
    ).holds(breaches(modules(f"lib/{folder}"), decided))
