"""``deploy.sh`` in an empty project and again, by the real gcloud against a stand-in for Google."""

import base64
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.google.apis import NUMBER, PROJECT
from tests.google.project import SETTINGS, TOKEN, new_project
from tests.processes import ROOT

# A whole deployment is hundreds of commands, and minutes on a machine that is slow.
pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

REGION = "europe-west1"
ACCOUNTS = {"webhook", "responder", "status", "tick", "health", "media"}
ACCOUNTS |= {"push", "scheduler", "build"}
BUCKET = f"projects/_/buckets/{PROJECT}-whatsapp-media"
FUNCTIONS = ("webhook", "responder", "status", "tick", "health", "media")
WEBHOOK_URL = f"https://whatsapp-webhook-{NUMBER}.{REGION}.run.app/whatsapp/webhook"


@pytest.fixture(scope="module")
def project(gcloud, tmp_path_factory):
    """One project for all tests of this file, which are in the order of its life."""
    yield from new_project(gcloud, tmp_path_factory.mktemp("project"))


WHOLE = {"ALERT_EMAIL": "ops@example.org", "ASSISTANT_API_KEY": "k3y"}


@pytest.fixture(scope="module")
def planned(project):
    """A dry run, before anything is there."""
    done = project.deploy("--dry-run", **WHOLE)
    assert done.returncode == 0, done.stderr
    assert project.changes() == []
    project.forget()
    return done


@pytest.fixture(scope="module")
def first(project, planned):
    """The first run, in an empty project."""
    done = project.deploy("--no-smoke", **WHOLE)
    assert done.returncode == 0, done.stderr
    return done


def function(project, name):
    return project.google.resources[
        f"projects/{PROJECT}/locations/{REGION}/functions/whatsapp-{name}"
    ]


def service(name):
    return f"projects/{PROJECT}/locations/{REGION}/services/whatsapp-{name}"


def test_the_first_run_ends_with_what_twilio_must_be_told(first):
    assert f"{WEBHOOK_URL}#rc=3&rp=ct,rt,5xx" in first.stdout
    assert f"https://whatsapp-status-{NUMBER}.{REGION}.run.app/whatsapp/status" in first.stdout


def test_a_dry_run_prints_every_command_that_a_run_gives(project, planned, first):
    lines = [line for line in planned.stdout.splitlines() if line.startswith("      gcloud")]
    printed = [shlex.split(line.removesuffix(" < (the value)"))[1:] for line in lines]
    given = [one for one in project.commands() if not LOOKS & set(one)]
    assert sorted(map(_words, printed)) == sorted(map(_words, given))
    assert len(given) > 60


LOOKS = {"describe", "list", "get-iam-policy", "access", "list-configs", "get-value"}


def _words(command):
    return [word.partition("=")[0] for word in command]


def test_no_secret_is_ever_on_a_command_line_or_told(project, first):
    told = [word for command in project.commands() for word in command]
    assert len(told) > 500
    assert not [word for word in told if TOKEN in word or "k3y" in word]
    assert TOKEN not in first.stdout + first.stderr


def test_every_account_has_the_least_rights(project, first):
    assert project.google.names("serviceAccounts") == {
        f"whatsapp-{name}@{PROJECT}.iam.gserviceaccount.com" for name in ACCOUNTS
    }
    agent = f"service-{NUMBER}"
    expected = {
        f"projects/{PROJECT}": {
            *{("datastore.user", name) for name in ("responder", "status", "tick")},
            ("logging.logWriter", "build"),
            ("artifactregistry.writer", "build"),
            ("storage.objectAdmin", "build"),
        },
        f"projects/{PROJECT}/secrets/whatsapp-twilio-auth-token": {
            ("secretmanager.secretAccessor", name)
            for name in ("webhook", "responder", "status", "tick")
        },
        f"projects/{PROJECT}/secrets/whatsapp-assistant-api-key": {
            ("secretmanager.secretAccessor", "responder")
        },
        f"projects/{PROJECT}/secrets/whatsapp-media-signing-key": {
            ("secretmanager.secretAccessor", name) for name in ("responder", "media", "tick")
        },
        BUCKET: {
            ("storage.objectUser", "responder"),
            ("storage.objectUser", "tick"),
            ("storage.objectViewer", "media"),
        },
        f"projects/{PROJECT}/topics/whatsapp-inbound": {
            ("pubsub.publisher", name) for name in ("webhook", "responder", "status", "tick")
        },
        f"projects/{PROJECT}/topics/whatsapp-dead-letters": {("pubsub.publisher", agent)},
        f"projects/{PROJECT}/subscriptions/whatsapp-responder": {("pubsub.subscriber", agent)},
        service("webhook"): {("run.invoker", "allUsers")},
        service("status"): {("run.invoker", "allUsers")},
        service("health"): {("run.invoker", "allUsers")},
        service("media"): {("run.invoker", "allUsers")},
        service("responder"): {("run.invoker", "push")},
        service("tick"): {("run.invoker", "scheduler")},
        f"projects/{PROJECT}/serviceAccounts/whatsapp-push@{PROJECT}.iam.gserviceaccount.com": {
            ("iam.serviceAccountTokenCreator", agent)
        },
    }
    assert {name: project.members(name) for name in project.google.policies} == expected


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_runs_as_itself_and_within_its_limits(project, first, name):
    config = function(project, name)["serviceConfig"]
    assert config["serviceAccountEmail"] == f"whatsapp-{name}@{PROJECT}.iam.gserviceaccount.com"
    concurrency = config.get("maxInstanceRequestConcurrency", 1)
    assert config["environmentVariables"]["THREADS"] == str(concurrency)
    private = name in {"responder", "tick"}
    assert config["ingressSettings"] == ("ALLOW_INTERNAL_ONLY" if private else "ALLOW_ALL")
    assert 1 <= config["maxInstanceCount"] <= 20


def test_the_responder_ends_before_pubsub_loses_patience(project, first):
    inbound = project.google.resources[f"projects/{PROJECT}/subscriptions/whatsapp-responder"]
    patience = inbound["ackDeadlineSeconds"]
    assert function(project, "responder")["serviceConfig"]["timeoutSeconds"] < patience <= 600


def test_secrets_reach_only_who_needs_them_by_a_fixed_version(project, first):
    bound = {
        name: {
            (one["key"], one["version"])
            for one in function(project, name)["serviceConfig"].get(
                "secretEnvironmentVariables", []
            )
        }
        for name in FUNCTIONS
    }
    lock = {("TWILIO_AUTH_TOKEN", "1")}
    media = {("MEDIA_SIGNING_KEY", "1")}
    responder = {*lock, *media, ("ASSISTANT_API_KEY", "1")}
    assert bound == {
        "webhook": lock,
        "responder": responder,
        "status": lock,
        "tick": {*lock, *media},
        "health": set(),
        "media": media,
    }
    for name in FUNCTIONS:
        assert TOKEN not in str(function(project, name))


def test_kept_media_are_nobody_else_s_and_end_after_a_day(project, first):
    bucket = project.google.resources[BUCKET]
    assert bucket["iamConfiguration"]["publicAccessPrevention"] == "enforced"
    assert bucket["iamConfiguration"]["uniformBucketLevelAccess"]["enabled"] is True
    assert bucket["softDeletePolicy"]["retentionDurationSeconds"] == "0"
    (rule,) = bucket["lifecycle"]["rule"]
    assert rule == {"action": {"type": "Delete"}, "condition": {"age": 1}}
    assert bucket["location"] == REGION
    assert bucket["labels"] == {"gateway": "whatsapp"}
    for name in ("responder", "media", "health"):
        told = function(project, name)["serviceConfig"]["environmentVariables"]
        assert told["MEDIA_BUCKET"] == f"{PROJECT}-whatsapp-media"
        assert told["MEDIA_PUBLIC_URL"] == f"https://whatsapp-media-{NUMBER}.{REGION}.run.app"


def test_the_key_of_addresses_is_made_for_us_and_told_nobody(project, first):
    (key,) = project.google.secrets[f"projects/{PROJECT}/secrets/whatsapp-media-signing-key"]
    made = base64.b64decode(key).decode()
    assert len(made) == 43
    assert not [word for command in project.commands() for word in command if made in word]
    assert made not in first.stdout + first.stderr


def test_the_subscription_keeps_order_and_proves_itself(project, first):
    found = project.google.resources[f"projects/{PROJECT}/subscriptions/whatsapp-responder"]
    uri = function(project, "responder")["serviceConfig"]["uri"]
    assert found["enableMessageOrdering"] is True
    assert found["pushConfig"]["pushEndpoint"] == uri
    assert found["pushConfig"]["oidcToken"] == {
        "serviceAccountEmail": f"whatsapp-push@{PROJECT}.iam.gserviceaccount.com",
        "audience": uri,
    }
    dead = f"projects/{PROJECT}/topics/whatsapp-dead-letters"
    assert found["deadLetterPolicy"] == {"deadLetterTopic": dead, "maxDeliveryAttempts": 100}
    letters = project.google.resources[f"projects/{PROJECT}/subscriptions/whatsapp-dead-letters"]
    assert letters["topic"] == dead
    assert letters["pushConfig"]["pushEndpoint"] == f"{uri}/dead-letters"
    assert not letters.get("enableMessageOrdering")


def test_what_is_over_is_forgotten(project, first):
    ours = ("whatsapp_turns", "whatsapp_deliveries", "whatsapp_counters", "whatsapp_stops")
    people = ("whatsapp_sessions", "whatsapp_contacts", "whatsapp_consents", "whatsapp_erasures")
    for group in (*ours, *people, "whatsapp_invitations", "messages", "dead_letters"):
        root = f"projects/{PROJECT}/databases/(default)/collectionGroups/{group}"
        field = project.google.resources[f"{root}/fields/expire_at"]
        assert field["ttlConfig"]
        assert field["indexConfig"] == {}


def test_everything_is_watched_and_somebody_is_told(project, first):
    alerts = project.google.children(f"projects/{PROJECT}/alertPolicies")
    files = {path.stem for path in (ROOT / "deployment/monitoring/alerts").glob("*.json")}
    assert len(alerts) == len(files) > 8
    channels = project.google.children(f"projects/{PROJECT}/notificationChannels")
    assert [one["labels"] for one in channels] == [{"email_address": "ops@example.org"}]
    assert all(one["notificationChannels"] == [channels[0]["name"]] for one in alerts)
    metrics = project.google.names("metrics")
    used = "".join(str(one) for one in alerts)
    assert {name for name in metrics if f"user/{name}" in used} >= {
        "whatsapp_requests_refused",
        "whatsapp_messages_given_up",
        "whatsapp_sends_failed",
        "whatsapp_reply_time",
    }


def test_an_uploaded_function_holds_what_ships_and_nothing_else(project, first):
    assert len(project.google.zips) == len(FUNCTIONS)
    kinds = ("*.py", "*.toml", "*.ftz", "*.binpb", "NOTICE.md")
    found = (path for kind in kinds for path in (ROOT / "lib").rglob(kind))
    shipped = {str(path.relative_to(ROOT)) for path in found}
    for names in project.google.zips.values():
        assert {name for name in names if not name.endswith("/")} == {
            *shipped,
            "main.py",
            "requirements.txt",
        }


def test_the_second_run_changes_nothing(project, first):
    project.forget()
    done = project.deploy("--no-smoke", **WHOLE)
    assert done.returncode == 0, done.stderr
    assert "nothing had to be changed" in done.stdout
    assert project.changes() == []


def test_secrets_need_not_be_given_again(project, first):
    project.forget()
    done = project.deploy("--only", "functions", "--no-smoke", TWILIO_AUTH_TOKEN="")
    assert done.returncode == 0, done.stderr
    assert project.changes() == []


def test_a_changed_setting_deploys_only_who_reads_it(project, first):
    project.forget()
    done = project.deploy("--only", "functions", "--no-smoke", MESSAGES_PER_MINUTE="12")
    assert done.returncode == 0, done.stderr
    changed = [one for one in project.changes() if one.startswith("PATCH")]
    assert changed == [
        f"PATCH /v2/projects/{PROJECT}/locations/{REGION}/functions/whatsapp-responder"
    ]
    config = function(project, "responder")["serviceConfig"]
    assert config["environmentVariables"]["MESSAGES_PER_MINUTE"] == "12"


def test_a_rotated_token_becomes_a_version_that_is_taken_up(project, first):
    rotated = {"TWILIO_AUTH_TOKEN": "a-new-one", "MESSAGES_PER_MINUTE": "12"}
    assert project.deploy("--only", "secrets", "--no-smoke", **rotated).returncode == 0
    project.forget()
    done = project.deploy("--only", "webhook", "--no-smoke", **rotated)
    assert done.returncode == 0, done.stderr
    bound = function(project, "webhook")["serviceConfig"]["secretEnvironmentVariables"]
    assert [one["version"] for one in bound] == ["2"]
    assert len([one for one in project.changes() if one.startswith("PATCH")]) == 1


def traffic(project, name):
    return project.google.resources[service(name)]["traffic"]


def test_a_canary_gets_its_share_and_is_promoted(project, first):
    changed = {"TWILIO_AUTH_TOKEN": "a-new-one", "BLOCKED_CONTACTS": "+15550001111"}
    done = project.deploy("--only", "webhook", "--canary", "10", "--no-smoke", **changed)
    assert done.returncode == 0, done.stderr
    new = project.google.resources[service("webhook")]["latest"]
    assert {one["revisionName"]: one["percent"] for one in traffic(project, "webhook")} == {
        new: 10,
        "whatsapp-webhook-00002-abc": 90,
    }
    unchanged = project.deploy("--only", "webhook", "--no-smoke", **changed)
    assert project.google.resources[service("webhook")]["latest"] == new
    assert "--promote webhook" in unchanged.stdout
    assert project.deploy("--promote", "webhook").returncode == 0
    assert [(one["latestRevision"], one["percent"]) for one in traffic(project, "webhook")] == [
        (True, 100)
    ]


def test_a_rollback_goes_to_the_revision_before(project, first):
    done = project.deploy("--rollback", "webhook")
    assert done.returncode == 0, done.stderr
    assert [one["revisionName"] for one in traffic(project, "webhook")] == [
        "whatsapp-webhook-00002-abc"
    ]
    named = project.deploy("--rollback", "webhook=whatsapp-webhook-00001-abc")
    assert named.returncode == 0
    assert [one["revisionName"] for one in traffic(project, "webhook")] == [
        "whatsapp-webhook-00001-abc"
    ]
    only = project.deploy("--rollback", "tick")
    assert only.returncode == 2
    assert "no earlier revision" in only.stderr


def test_a_canary_after_a_rollback_leaves_the_rollback_alone(project, first):
    changed = {"TWILIO_AUTH_TOKEN": "a-new-one", "BLOCKED_CONTACTS": "+15550002222"}
    project.forget()
    done = project.deploy("--only", "webhook", "--canary", "20", "--no-smoke", **changed)
    assert done.returncode == 0, done.stderr
    new, held = "whatsapp-webhook-00004-abc", "whatsapp-webhook-00001-abc"
    assert {one["revisionName"]: one["percent"] for one in traffic(project, "webhook")} == {
        new: 20,
        held: 80,
    }
    replaced = [one.body for one in project.google.calls if one.method == "PUT"]
    shares = [one["spec"]["traffic"] for one in replaced if "spec" in one]
    assert len(shares) == 1
    assert project.deploy("--rollback", "webhook").returncode == 0
    assert [one["revisionName"] for one in traffic(project, "webhook")] == [held]


def test_destroy_asks_first(project, first):
    project.forget()
    done = project.deploy("--destroy", stdin="no\n")
    assert done.returncode == 2
    assert "function whatsapp-webhook" in done.stdout
    assert "nothing was deleted" in done.stderr
    assert project.changes() == []


def test_rights_to_data_end_at_what_is_the_gateways(project, first):
    bindings = project.google.policies[f"projects/{PROJECT}"]["bindings"]
    limits = {one["role"]: one.get("condition", {}).get("expression", "") for one in bindings}
    assert limits["roles/datastore.user"] == (
        f"resource.name == 'projects/{PROJECT}/databases/(default)'"
    )
    assert limits["roles/storage.objectAdmin"] == (
        "resource.name.startsWith('projects/_/buckets/gcf-v2-')"
    )


def test_a_right_that_an_earlier_version_gave_without_limit_is_taken_back(project, first):
    member = f"serviceAccount:whatsapp-responder@{PROJECT}.iam.gserviceaccount.com"
    bindings = project.google.policies[f"projects/{PROJECT}"]["bindings"]
    bindings.append({"role": "roles/datastore.user", "members": [member]})
    done = project.deploy("--only", "accounts", "--no-smoke", **WHOLE)
    assert "no roles/datastore.user for whatsapp-responder beyond that" in done.stdout
    given = [
        one
        for one in project.google.policies[f"projects/{PROJECT}"]["bindings"]
        if one["role"] == "roles/datastore.user" and member in one["members"]
    ]
    assert [bool(one.get("condition")) for one in given] == [True]


@pytest.fixture(scope="module")
def neighbours(project, first):
    """What others made in the same project, under names that begin like ours, or are ours."""
    resources, at = project.google.resources, f"projects/{PROJECT}"
    domain = f"{PROJECT}.iam.gserviceaccount.com"
    theirs = {
        f"{at}/serviceAccounts/whatsapp-two-responder@{domain}": {
            "email": f"whatsapp-two-responder@{domain}",
            "displayName": "WhatsApp gateway: responder",
        },
        f"{at}/serviceAccounts/whatsapp-crm@{domain}": {"email": f"whatsapp-crm@{domain}"},
        f"{at}/serviceAccounts/whatsapp-pipeline@{domain}": {
            "email": f"whatsapp-pipeline@{domain}",
            "displayName": "Nightly import",
        },
        f"{at}/secrets/whatsapp-assistant-assistant-api-key": {
            "labels": {"gateway": "whatsapp-assistant"}
        },
        f"{at}/secrets/whatsapp-assistant-vertex": {},
        f"{at}/metrics/whatsapp_reply_time": {"filter": "severity>=ERROR"},
        f"{at}/alertPolicies/1": {"displayName": "whatsapp: the tick is missing"},
    }
    for name, one in theirs.items():
        resources[name] = {"name": name, **one}
    # A metric is named by its last part.
    resources[f"{at}/metrics/whatsapp_reply_time"]["name"] = "whatsapp_reply_time"
    bindings = project.google.policies[at]["bindings"]
    owners = [f"serviceAccount:whatsapp-{one}@{domain}" for one in ("crm", "pipeline")]
    bindings.append({"role": "roles/owner", "members": owners})
    two = f"serviceAccount:whatsapp-two-responder@{domain}"
    bindings.append({"role": "roles/datastore.user", "members": [two]})
    return set(theirs)


def test_destroy_names_every_role_it_takes_and_what_it_leaves_alone(project, neighbours):
    project.forget()
    done = project.deploy("--destroy", stdin="no\n")
    listed = done.stdout.partition("This deletes")[2]
    domain = f"{PROJECT}.iam.gserviceaccount.com"
    assert f"role roles/datastore.user of whatsapp-responder@{domain}" in listed
    assert "crm" not in listed
    assert "two" not in listed
    spared = done.stdout.partition("left alone:")[2].partition("This deletes")[0]
    assert {line.strip() for line in spared.splitlines() if line.strip()} == {
        f"account whatsapp-pipeline@{domain}",
        "secret whatsapp-assistant-vertex",
        "metric whatsapp_reply_time",
    }
    assert project.changes() == []


def test_destroy_takes_away_all_but_the_conversations(project, neighbours):
    done = project.deploy("--destroy", stdin=f"{PROJECT}\n")
    assert done.returncode == 0, done.stderr
    kept = {name: project.google.resources.pop(name, None) for name in neighbours}
    assert None not in kept.values()
    assert project.members(f"projects/{PROJECT}") == {
        ("owner", "crm"),
        ("owner", "pipeline"),
        ("datastore.user", "two-responder"),
    }
    project.google.policies.pop(f"projects/{PROJECT}")
    kinds = (
        "functions",
        "topics",
        "subscriptions",
        "secrets",
        "serviceAccounts",
        "jobs",
        "buckets",
    )
    watchers = (
        "alertPolicies",
        "dashboards",
        "metrics",
        "uptimeCheckConfigs",
        "notificationChannels",
    )
    assert [project.google.names(kind) for kind in (*kinds, *watchers)] == [set()] * 12
    assert project.members(f"projects/{PROJECT}") == set()
    assert project.google.names("databases") == {"(default)"}
    again = project.deploy("--destroy")
    assert "nothing of whatsapp is there" in again.stdout


def test_the_script_is_clean_for_shellcheck():
    done = subprocess.run(
        [str(Path(sys.executable).parent / "shellcheck"), "deploy.sh"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout + done.stderr == ""


def test_settings_of_the_suite_are_those_of_a_user():
    example = (ROOT / ".env.example").read_text()
    assert all(name in example for name in SETTINGS)
