"""What Twilio's delivery errors mean to us: one table, for status callbacks.

Source: Twilio's error dictionary (twilio.com/docs/api/errors) for the codes that a failed
message can carry. The sentences are for a support desk.
"""

from dataclasses import replace

from lib.model import DeliveryReport, DeliveryState, FailureCause

_WINDOW, _CONTACT = FailureCause.WINDOW, FailureCause.CONTACT
_TEMPORARY, _CONFIGURATION = FailureCause.TEMPORARY, FailureCause.CONFIGURATION
_CONTENT = FailureCause.CONTENT

_TABLE: dict[str, tuple[FailureCause, str]] = {
    "21610": (_CONTACT, "The person has opted out of messages from this number."),
    "30001": (_TEMPORARY, "Twilio's queue for this number was full."),
    "63001": (_CONFIGURATION, "Twilio could not log in to the WhatsApp channel."),
    "63002": (_CONFIGURATION, "The WhatsApp channel of this number is not set up."),
    "63003": (_CONTACT, "The person's number is not on WhatsApp."),
    "63005": (_CONTENT, "WhatsApp did not accept the content of this message."),
    "63008": (_CONFIGURATION, "The WhatsApp channel of this number is wrongly configured."),
    "63010": (_TEMPORARY, "WhatsApp had an internal error."),
    "63012": (_TEMPORARY, "WhatsApp was not available."),
    "63013": (_CONTENT, "The message goes against WhatsApp's policies."),
    "63014": (_CONTACT, "The person has blocked this number, or withdrawn consent."),
    "63015": (_CONTACT, "The person has not joined the sandbox, or must join it again."),
    "63016": (_WINDOW, "The person last wrote more than 24 hours ago; the answer waits."),
    "63017": (_TEMPORARY, "Too many messages were sent at once."),
    "63018": (_TEMPORARY, "Too many messages were sent at once, in all or to this person."),
    "63019": (_CONTENT, "WhatsApp could not fetch the attachment."),
    "63020": (_CONFIGURATION, "WhatsApp's invitation to this number was not accepted."),
    "63021": (_CONTENT, "WhatsApp found the content of this message invalid."),
    "63024": (_CONTACT, "The person is not on WhatsApp, or has not accepted its current terms."),
    "63032": (_CONTACT, "WhatsApp withholds messages from this person for an experiment."),
    "63033": (_CONTACT, "The person's WhatsApp cannot receive this message."),
    "63038": (_TEMPORARY, "The account has used up its messages of today."),
    "63049": (_CONTACT, "WhatsApp chose not to deliver this message to this person."),
    "63051": (_CONFIGURATION, "WhatsApp has locked this number."),
}
_UNKNOWN = (_CONTENT, "WhatsApp did not deliver this message, and gave no reason known here.")


def explained(report: DeliveryReport) -> DeliveryReport:
    """Return a report with the cause and the explanation of a failure."""
    if report.state is not DeliveryState.FAILED:
        return report
    cause, sentence = _TABLE.get(report.error_code, _UNKNOWN)
    return replace(report, cause=cause, explanation=sentence)
