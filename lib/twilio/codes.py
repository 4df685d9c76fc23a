"""Twilio's error codes: one table for sends it refuses and for messages that fail later.

Source of every row: its page in Twilio's error dictionary (twilio.com/docs/api/errors/<code>).
Where Twilio uses a code in both places, it means the same in both.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from lib.errors import (
    SendConfigurationError,
    SendError,
    SendPermanentError,
    SendRetryableError,
    SendTooLongError,
    SendUnreachableError,
)
from lib.model import DeliveryReport, DeliveryState, FailureCause


class Code(NamedTuple):
    """What one code means to us.

    ``refused`` is its meaning where Twilio refuses to create a message, ``failed`` where a status
    callback reports a message as failed; None where Twilio does not use it so. ``sentence`` is
    for a support desk.
    """

    refused: type[SendError] | None
    failed: FailureCause | None
    sentence: str


_Configuration, _Retryable = SendConfigurationError, SendRetryableError
_Unreachable, _Permanent, _TooLong = SendUnreachableError, SendPermanentError, SendTooLongError
_CONFIGURATION, _TEMPORARY = FailureCause.CONFIGURATION, FailureCause.TEMPORARY
_CONTACT, _CONTENT, _WINDOW = FailureCause.CONTACT, FailureCause.CONTENT, FailureCause.WINDOW

# code: where a send is refused, where a message failed, the sentence
_ROWS = {
    "12300": (_Permanent, _CONTENT, "Twilio could not tell what kind of file the attachment is."),
    "20003": (_Configuration, None, "Twilio refused the credentials."),
    "20005": (_Configuration, None, "The Twilio account is not active."),
    "20404": (_Configuration, None, "Twilio has no such account or path."),
    "20429": (_Retryable, None, "Too many requests were made at once."),
    "21211": (_Unreachable, None, "The person's address is not valid."),
    "21212": (_Configuration, None, "The sender's number is not valid."),
    "21603": (_Permanent, None, "The message has no sender."),
    "21604": (_Permanent, None, "The message has no recipient."),
    "21606": (_Configuration, None, "The sender's number is not one of the account."),
    "21610": (_Unreachable, _CONTACT, "The person has opted out of messages from this number."),
    "21611": (_Retryable, None, "Twilio's queue for this number was full."),
    "21617": (_TooLong, None, "The message is too long."),
    "21619": (_Permanent, None, "The message is empty."),
    "21620": (_Permanent, None, "The attachment's address is not valid."),
    "21623": (_Permanent, None, "The message has more attachments than it may."),
    "21654": (_Permanent, None, "The template is missing or unknown."),
    "21655": (_Permanent, None, "The template's id is not valid."),
    "21656": (_Permanent, None, "The template's variables are not valid."),
    "21658": (_TooLong, None, "The message is too long."),
    "21910": (_Unreachable, None, "Sender and recipient are on different channels."),
    "30001": (_Retryable, _TEMPORARY, "Twilio's queue for this number was full."),
    "30016": (_Unreachable, None, "The person's address is not valid on WhatsApp."),
    "63001": (None, _CONFIGURATION, "Twilio could not log in to the WhatsApp channel."),
    "63002": (None, _CONFIGURATION, "The WhatsApp channel of this number is not set up."),
    "63003": (_Unreachable, _CONTACT, "The person's number is not on WhatsApp."),
    "63005": (None, _CONTENT, "WhatsApp did not accept the content of this message."),
    "63007": (_Configuration, None, "The sender's number is not a WhatsApp sender."),
    "63008": (None, _CONFIGURATION, "The WhatsApp channel of this number is wrongly configured."),
    "63010": (None, _TEMPORARY, "WhatsApp had an internal error."),
    "63012": (None, _TEMPORARY, "WhatsApp was not available."),
    "63013": (None, _CONTENT, "The message goes against WhatsApp's policies."),
    "63014": (_Unreachable, _CONTACT, "The person has blocked this number, or withdrawn consent."),
    "63015": (_Unreachable, _CONTACT, "The person has not joined the sandbox, or has left it."),
    "63016": (None, _WINDOW, "The person last wrote more than 24 hours ago; the answer waits."),
    "63017": (None, _TEMPORARY, "Too many messages were sent at once."),
    "63018": (_Retryable, _TEMPORARY, "Too many messages were sent, in all or to this person."),
    "63019": (None, _CONTENT, "WhatsApp could not fetch the attachment."),
    "63020": (None, _CONFIGURATION, "WhatsApp's invitation to this number was not accepted."),
    "63021": (None, _CONTENT, "WhatsApp found the content of this message invalid."),
    "63024": (_Unreachable, _CONTACT, "The person is not on WhatsApp, or must accept its terms."),
    "63031": (_Unreachable, None, "Sender and recipient are the same."),
    "63032": (None, _CONTACT, "WhatsApp withholds messages from this person for an experiment."),
    "63033": (None, _CONTACT, "The person's WhatsApp cannot receive this message."),
    # A limit of 24 hours outlasts every retry: nobody gets anything until it is raised or over.
    "63038": (_Configuration, _CONFIGURATION, "The account has used up its messages of a day."),
    "63049": (None, _CONTACT, "WhatsApp chose not to deliver this message to this person."),
    "63051": (None, _CONFIGURATION, "WhatsApp has locked this number."),
}
CODES: Mapping[str, Code] = {code: Code(*row) for code, row in _ROWS.items()}

_UNKNOWN = Code(None, _CONTENT, "WhatsApp did not deliver this message; the reason is unknown.")


def explained(report: DeliveryReport) -> DeliveryReport:
    """Return a report with the cause and the explanation of a failure."""
    if report.state is not DeliveryState.FAILED:
        return report
    known = CODES.get(report.error_code)
    code = known if known and known.failed else _UNKNOWN
    return replace(report, cause=code.failed, explanation=code.sentence)
