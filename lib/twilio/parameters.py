"""The exact form of parameters, where their signature is believed.

Twilio signs names and values with nothing between them ("Webhooks security"), so the same
signature fits wherever names are made out in what is signed. Held to the forms that Twilio
documents, only the parameters that were signed can be read.
"""

import re

from lib.errors import PayloadError
from lib.twilio.request import Form

SIDS = ("MessageSid", "SmsMessageSid", "SmsSid")
"""The three names of a message's id, of which the last two are older."""

_NAME = re.compile(r"[A-Za-z0-9_]{1,40}")
_SID = re.compile(r"(?:SM|MM)[0-9a-f]{32}")
# The id of another message within a value that stands behind this message's own id: what was
# signed begins its parameters earlier, in the text of a person.
_SWALLOWED = re.compile(r"MessageSid(?:SM|MM)[0-9a-f]{32}")


def check_forms(form: Form) -> None:
    """Return if every parameter has its exact form.

    Raises:
        PayloadError: a name, or the message's id, has not; or ids differ.
    """
    sids = set()
    for name, value in form.pairs:
        if not _NAME.fullmatch(name):
            raise PayloadError("a parameter with a name that is none")
        if name in SIDS:
            sids.add(value)
        elif name > "MessageSid" and _SWALLOWED.search(value):
            raise PayloadError("a parameter with other parameters in it")
    if len(sids) > 1 or not all(map(_SID.fullmatch, sids)):
        raise PayloadError("no usable MessageSid")
