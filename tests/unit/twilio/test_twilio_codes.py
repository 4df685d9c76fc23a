"""Twilio's error codes mean one thing, whether a send is refused or a message fails later."""

import pytest

from lib.errors import (
    SendConfigurationError,
    SendPermanentError,
    SendRetryableError,
    SendTooLongError,
    SendUnreachableError,
)
from lib.model import DeliveryReport, DeliveryState, FailureCause
from lib.twilio.codes import CODES, explained

CAUSE_OF_REFUSAL = {
    SendConfigurationError: FailureCause.CONFIGURATION,
    SendRetryableError: FailureCause.TEMPORARY,
    SendUnreachableError: FailureCause.CONTACT,
    SendPermanentError: FailureCause.CONTENT,
    SendTooLongError: FailureCause.CONTENT,
}


@pytest.mark.parametrize("code", [code for code, row in CODES.items() if row.refused])
def test_a_code_of_both_columns_has_one_meaning(code):
    refused, failed, _ = CODES[code]
    assert failed in {None, CAUSE_OF_REFUSAL[refused]}


@pytest.mark.parametrize("code", ["21610", "30001", "63003", "63014", "63015", "63018", "63024"])
def test_what_twilio_says_in_both_places_stands_in_both_columns(code):
    assert CODES[code].refused
    assert CODES[code].failed


@pytest.mark.parametrize(
    ("code", "cause"),
    [
        ("63038", "configuration"),
        ("63051", "configuration"),
        ("63018", "temporary"),
        ("63016", "window"),
        ("21610", "contact"),
        ("63021", "content"),
        ("99999", "content"),
        ("", "content"),
    ],
)
def test_a_failure_has_a_cause_and_a_sentence(code, cause):
    report = explained(DeliveryReport("SM1", DeliveryState.FAILED, code))
    assert report.cause == cause
    assert report.explanation.endswith(".")


def test_a_code_that_only_refuses_a_send_says_nothing_in_a_report():
    report = explained(DeliveryReport("SM1", DeliveryState.FAILED, "20003"))
    assert report.cause == "content"
    assert "reason is unknown" in report.explanation


def test_what_did_not_fail_is_not_explained():
    report = DeliveryReport("SM1", DeliveryState.DELIVERED, "63016")
    assert explained(report) == report
