"""Dashboard, alerts, uptime check and metrics: what Google's own protobufs make of the files."""

import json
import re

import pytest
from google.cloud.monitoring_dashboard_v1 import Dashboard
from google.cloud.monitoring_v3 import AlertPolicy, UptimeCheckConfig
from google.protobuf import json_format

from deployment.templates import filled
from tests.processes import ROOT

FOLDER = ROOT / "deployment/monitoring"
VALUES = {
    "PROJECT": "demo-gateway",
    "REGION": "europe-west1",
    "GATEWAY": "whatsapp",
    "METRIC": "whatsapp",
    "SUBSCRIPTION": "whatsapp-responder",
    "DEAD_LETTERS": "whatsapp-dead-letters",
    "TICK_JOB": "whatsapp-tick",
    "HEALTH_HOST": "health.example",
    "CHANNEL": "projects/demo-gateway/notificationChannels/1",
    "ALERT_EMAIL": "ops@example.org",
}
ALERTS = sorted((FOLDER / "alerts").glob("*.json"))
METRICS = sorted((FOLDER / "metrics").glob("*.json"))


def document(path):
    return filled(path.read_text(), VALUES)


def parsed(kind, path):
    return json_format.Parse(json.dumps(document(path)), kind.pb(kind()))


def name(path):
    return path.stem


@pytest.mark.parametrize("path", ALERTS, ids=name)
def test_an_alert_is_one_for_google(path):
    policy = parsed(AlertPolicy, path)
    assert policy.conditions
    assert policy.severity


def test_the_dashboard_is_one_for_google():
    dashboard = parsed(Dashboard, FOLDER / "dashboard.json")
    assert len(dashboard.mosaic_layout.tiles) > 8
    cells = [
        (x, y)
        for tile in dashboard.mosaic_layout.tiles
        for x in range(tile.x_pos, tile.x_pos + tile.width)
        for y in range(tile.y_pos, tile.y_pos + tile.height)
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < dashboard.mosaic_layout.columns


def test_the_uptime_check_is_one_for_google():
    check = parsed(UptimeCheckConfig, FOLDER / "uptime.json")
    assert check.http_check.use_ssl
    assert check.http_check.path == "/whatsapp/health"


@pytest.mark.parametrize("path", METRICS, ids=name)
def test_a_metric_counts_a_line_that_is_really_logged(path):
    source = "".join(
        one.read_text() for folder in ("lib", "functions") for one in (ROOT / folder).rglob("*.py")
    )
    metric = document(path)
    messages = re.findall(r'jsonPayload\.message="([^"]+)"', metric["filter"])
    assert messages
    for message in messages:
        assert re.search(rf'_log\.\w+\(\s*"{message}"', source), message
    fields = re.findall(r"jsonPayload\.(\w+)", json.dumps({**metric, "filter": ""}))
    assert all(f'"{field}"' in source for field in fields)


@pytest.mark.parametrize("path", [*ALERTS, FOLDER / "dashboard.json"], ids=name)
def test_what_is_watched_is_measured(path):
    used = set(
        re.findall(r"logging.googleapis.com/user/whatsapp_(\w+)", json.dumps(document(path)))
    )
    assert used <= {one.stem for one in METRICS}


@pytest.mark.parametrize("path", ALERTS, ids=name)
def test_an_alert_leads_to_its_page_in_the_guide(path):
    guide = (ROOT / "docs/operations.md").read_text()
    assert f"docs/operations.md#{path.stem}" in document(path)["documentation"]["content"]
    assert f'<a id="{path.stem}"></a>' in guide


def test_without_a_channel_an_alert_has_none():
    values = {**VALUES, "CHANNEL": ""}
    assert filled(ALERTS[0].read_text(), values)["notificationChannels"] == []
