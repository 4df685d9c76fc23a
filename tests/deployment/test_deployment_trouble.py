"""What a deployment says to bad input, and how it goes on after a failure."""

import base64

import pytest

from tests.google.apis import PROJECT

# A whole deployment is hundreds of commands, and minutes on a machine that is slow.
pytestmark = [pytest.mark.thorough, pytest.mark.timeout(240)]

REGION = "europe-west1"
FUNCTION = f"projects/{PROJECT}/locations/{REGION}/functions/whatsapp-webhook"


def test_no_project_is_named_with_the_way_out(project):
    done = project.deploy(GOOGLE_CLOUD_PROJECT="")
    assert done.returncode == 1
    assert "No project is named" in done.stderr
    assert "--project ID" in done.stderr


def test_a_project_that_cannot_be_seen(project):
    done = project.deploy("--project", "somebody-elses")
    assert done.returncode == 1
    assert "somebody-elses cannot be seen" in done.stderr
    assert "gcloud projects list" in done.stderr


def test_nobody_is_logged_in(project):
    del project.environ["CLOUDSDK_AUTH_DISABLE_CREDENTIALS"]
    done = project.deploy()
    assert done.returncode == 1
    assert "gcloud auth login" in done.stderr


def test_everything_missing_is_named_at_once(project):
    project.google.billing = False
    project.google.denied = [r"secretmanager", r"GET pubsub"]
    done = project.deploy(TWILIO_ACCOUNT_SID="", TWILIO_AUTH_TOKEN="", ASSISTANT_API_URL="")
    assert done.returncode == 1
    for words in (
        "Billing is off",
        "roles/secretmanager.admin",
        "roles/pubsub.admin",
        "TWILIO_ACCOUNT_SID is not set",
        "TWILIO_AUTH_TOKEN is not set",
        "ASSISTANT_API_URL is not set",
    ):
        assert words in done.stderr
    assert "6 thing(s)" in done.stderr
    assert project.changes() == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"TWILIO_ACCOUNT_SID": "SK123"}, "TWILIO_ACCOUNT_SID must be AC"),
        ({"TWILIO_ACCOUNT_SID": "test_account_sid"}, "TWILIO_ACCOUNT_SID is for tests only"),
        ({"TWILIO_AUTH_TOKEN": "your_auth_token"}, "TWILIO_AUTH_TOKEN is still the word"),
        ({"ASSISTANT_API_URL": "http://[::1"}, "ASSISTANT_API_URL must be an absolute"),
        ({"TWILIO_WHATSAPP_NUMBER": "soon"}, "TWILIO_WHATSAPP_NUMBER must look like"),
        ({"ASSISTANT_API_URL": "http://localhost:8080"}, "ASSISTANT_API_URL is on this machine"),
        ({"ASSISTANT_API_URL": "assistant"}, "ASSISTANT_API_URL must be an absolute"),
        ({"MESSAGES_PER_MINUTE": "many"}, "MESSAGES_PER_MINUTE must be a whole number"),
        ({"ASSISTANT_API_AUTH": "bearer"}, "ASSISTANT_API_KEY is needed"),
        ({"GATEWAY_NAME": "WhatsApp"}, "GATEWAY_NAME must have"),
        ({"REGION": "europe"}, "no region of Google Cloud"),
    ],
)
def test_a_wrong_setting_is_refused_before_anything_is_made(project, settings, words):
    done = project.deploy(**settings)
    assert done.returncode == 1
    assert words in done.stderr
    assert project.changes() == []


def test_a_name_that_is_taken(project):
    project.google.resources[FUNCTION] = {"name": FUNCTION, "environment": "GEN_2"}
    done = project.deploy()
    assert done.returncode == 1
    assert "whatsapp-webhook is there already" in done.stderr
    assert "GATEWAY_NAME" in done.stderr


def test_a_subscription_without_order(project):
    name = f"projects/{PROJECT}/subscriptions/whatsapp-responder"
    topic = f"projects/{PROJECT}/topics/whatsapp-inbound"
    project.google.resources[name] = {"name": name, "topic": topic}
    done = project.deploy()
    assert done.returncode == 1
    assert "does not keep the order" in done.stderr


def test_a_database_of_the_other_kind(project):
    name = f"projects/{PROJECT}/databases/(default)"
    project.google.resources[name] = {"name": name, "type": "DATASTORE_MODE"}
    done = project.deploy()
    assert done.returncode == 1
    assert "Datastore mode" in done.stderr


@pytest.mark.parametrize("labels", [{}, {"gateway": "another"}, {"team": "films"}])
def test_a_bucket_of_somebody_else_is_left_alone(project, labels):
    name = "projects/_/buckets/holiday-films"
    project.google.resources[name] = {"id": "holiday-films", "labels": labels}
    done = project.deploy(MEDIA_BUCKET="holiday-films")
    assert done.returncode == 1
    assert "A bucket holiday-films is there already, and not by this script" in done.stderr
    assert project.changes() == []


def test_a_bucket_that_a_broken_run_left_without_its_label_is_finished(project):
    project.google.denied = [r"PATCH storage"]
    broken = project.deploy("--only", "accounts", "--only", "bucket", "--no-smoke")
    assert broken.returncode == 1
    assert 'the step "bucket" failed' in broken.stderr
    project.google.denied = []
    done = project.deploy("--only", "bucket", "--no-smoke")
    assert done.returncode == 0, done.stderr
    (bucket,) = [one for key, one in project.google.resources.items() if "/buckets/" in key]
    assert bucket["labels"] == {"gateway": "whatsapp"}
    project.forget()
    assert project.deploy("--only", "bucket", "--no-smoke").returncode == 0
    assert project.changes() == []


def test_a_project_that_is_being_deleted(project):
    project.google.project["lifecycleState"] = "DELETE_REQUESTED"
    done = project.deploy()
    assert "gcloud projects undelete" in done.stderr


def test_a_policy_against_all_users_is_gone_around(project):
    project.google.public = False
    first = project.deploy("--only", "health", "--no-smoke")
    assert first.returncode == 0, first.stderr
    assert "your organisation forbids allUsers" in first.stdout
    service = f"projects/{PROJECT}/locations/{REGION}/services/whatsapp-health"
    annotations = project.google.resources[service]["annotations"]
    assert annotations["run.googleapis.com/invoker-iam-disabled"] == "True"
    project.forget()
    assert project.deploy("--only", "health", "--no-smoke").returncode == 0
    assert project.changes() == []


def test_a_run_that_broke_off_is_finished_by_the_next(project):
    project.google.denied = [r"POST cloudfunctions.*/functions$"]
    broken = project.deploy("--only", "health", "--only", "accounts", "--no-smoke")
    assert broken.returncode == 1
    assert 'the step "functions" failed' in broken.stderr
    assert "What to do: your account lacks a right" in broken.stderr
    assert "run ./deploy.sh again" in broken.stderr
    project.google.denied = []
    project.forget()
    again = project.deploy("--only", "health", "--only", "accounts", "--no-smoke")
    assert again.returncode == 0, again.stderr
    assert not [one for one in project.changes() if "serviceAccounts" in one]


def test_a_build_that_a_broken_run_left_going_is_waited_for(project):
    assert project.deploy("--only", "health", "--no-smoke").returncode == 0
    project.google.resources[FUNCTION.replace("webhook", "health")]["state"] = "DEPLOYING"
    # One look at whether the name is free, and two at whether the build is over.
    project.google.building = 3
    project.forget()
    done = project.deploy("--only", "health", "--no-smoke")
    assert done.returncode == 0, done.stderr
    assert "waiting for a build of whatsapp-health" in done.stdout
    assert project.changes() == []


def test_what_is_not_offered_is_left_out_where_the_gateway_works_without(project):
    project.google.unknown = ["cloudbilling", "generateServiceIdentity", "uptime", "Channels"]
    done = project.deploy("--no-smoke", ALERT_EMAIL="ops@example.org")
    assert done.returncode == 0, done.stderr
    assert "whether billing is on could not be seen" in done.stdout
    assert done.stdout.count("left out, the gateway works without it") == 3
    assert "Now tell Twilio" in done.stdout
    assert len(project.google.names("alertPolicies")) > 8
    project.forget()
    touched = [
        word for step in ("services", "subscriptions", "monitoring") for word in ("--only", step)
    ]
    again = project.deploy(*touched, "--no-smoke", ALERT_EMAIL="ops@example.org")
    assert again.returncode == 0, again.stderr
    assert {one.rpartition("/")[2] for one in project.changes()} <= {
        "uptimeCheckConfigs",
        "notificationChannels",
    }


def test_an_answer_that_is_unclear_blocks_nothing(project):
    project.google.unclear = ["GET logging", "GET pubsub"]
    done = project.deploy("--only", "health", "--no-smoke")
    assert done.returncode == 0, done.stderr
    assert "whether your account may see log-based metrics could not be found out" in done.stdout


def test_secrets_that_cannot_be_listed_are_not_taken_for_absent(project):
    project.google.unclear = ["GET secretmanager"]
    done = project.deploy("--only", "health", "--no-smoke")
    assert done.returncode == 1
    assert "could not be asked about Secret Manager" in done.stderr
    assert project.changes() == []


def test_a_refusal_that_is_no_policy_is_told_as_what_it_is(project):
    project.google.denied = [r"setIamPolicy"]
    done = project.deploy("--only", "health", "--no-smoke")
    assert done.returncode == 1
    assert "your organisation" not in done.stdout
    assert "your account lacks a right" in done.stderr


def test_a_build_that_fails_is_told_and_tried_again(project):
    project.google.build_error = "Build failed: could not resolve dependencies"
    broken = project.deploy("--only", "health", "--no-smoke")
    assert broken.returncode == 1
    assert "could not resolve dependencies" in broken.stderr
    assert "cloud-build/builds" in broken.stderr
    project.google.build_error = ""
    assert project.deploy("--only", "health", "--no-smoke").returncode == 0
    assert project.google.resources[FUNCTION.replace("webhook", "health")]["state"] == "ACTIVE"


def test_a_secret_without_a_version_is_not_taken_for_one(project):
    project.google.resources[f"projects/{PROJECT}/secrets/whatsapp-twilio-auth-token"] = {
        "name": f"projects/{PROJECT}/secrets/whatsapp-twilio-auth-token"
    }
    done = project.deploy(TWILIO_AUTH_TOKEN="")
    assert done.returncode == 1
    assert "TWILIO_AUTH_TOKEN is not set" in done.stderr


def test_settings_come_from_an_env_file_and_the_environment_wins(project, tmp_path):
    file = tmp_path / "gateway.env"
    file.write_text(
        "# a comment\n"
        "export TWILIO_ACCOUNT_SID='ACffffffffffffffffffffffffffffffff'\n"
        'TWILIO_AUTH_TOKEN="from$HOME`file`"  # as written\r\n'
        "ASSISTANT_API_URL = https://file.example # here\n"
        "PATH=/nowhere\nIFS=x\nREGION=us-central1\n"
    )
    options = ("--env-file", str(file), "--only", "secrets", "--only", "health", "--no-smoke")
    told = {"TWILIO_ACCOUNT_SID": "", "TWILIO_AUTH_TOKEN": "", "ASSISTANT_API_URL": ""}
    done = project.deploy(*options, **told)
    assert done.returncode == 0, done.stderr
    secret = project.google.secrets[f"projects/{PROJECT}/secrets/whatsapp-twilio-auth-token"]
    assert [base64.b64decode(one) for one in secret] == [b"from$HOME`file`"]
    name = f"projects/{PROJECT}/locations/us-central1/functions/whatsapp-health"
    config = project.google.resources[name]["serviceConfig"]
    assert config["environmentVariables"]["TWILIO_ACCOUNT_SID"] == "AC" + "f" * 32


def test_a_dry_run_without_a_cloud_plans_for_an_empty_project(project):
    project.google.denied = ["."]
    done = project.deploy("--dry-run", TWILIO_AUTH_TOKEN="")
    assert done.returncode == 0
    assert "cannot be seen" in done.stderr
    assert "TWILIO_AUTH_TOKEN is not set" in done.stderr
    assert "gcloud functions deploy whatsapp-webhook" in done.stdout


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--only", "webhok"], "nothing is called webhok"),
        (["--canary", "100"], "from 1 to 99"),
        (["--rollback", "webhok"], "no function is called webhok"),
        (["--rollback"], "--rollback needs a name"),
        (["webhook"], "--only webhook"),
    ],
)
def test_a_wrong_option_says_what_is_right(project, options, words):
    done = project.deploy(*options)
    assert done.returncode == 2
    assert words in done.stderr
