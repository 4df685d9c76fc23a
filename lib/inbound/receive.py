"""The webhook's use case: prove a request, read it, and queue it."""

import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lib import trace
from lib.address import canonical, mask
from lib.cancel_words import overtakes
from lib.errors import PayloadError, PayloadTooLargeError, WebhookError
from lib.model import InboundMessage
from lib.twilio.parameters import check_forms
from lib.twilio.refusals import RefusalCount
from lib.twilio.request import MOST_BYTES, Form, HttpRequest, is_form, read_form
from lib.twilio.signature import Verifier, WrongSignatureError
from lib.twilio.webhooks import passed_over, to_message

if TYPE_CHECKING:
    # Here alone: the ports would bring every value there is into the webhook's start.
    from lib.ports.clock import Clock
    from lib.ports.publisher import Publisher

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AccessList:
    """Who may write, by address or business-scoped id. Without any ``allowed``, everybody.

    A phone number stands for all its national forms.
    """

    allowed: frozenset[str] = frozenset()
    blocked: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for name in ("allowed", "blocked"):
            object.__setattr__(self, name, frozenset(map(canonical, getattr(self, name))))

    def admit(self, message: InboundMessage) -> bool:
        """Whether a message is listened to at all."""
        if not (self.allowed or self.blocked):
            return True
        names = {canonical(message.address), message.user_id}
        return not names & self.blocked and (not self.allowed or bool(names & self.allowed))

    def reveals(self, message: InboundMessage) -> bool:
        """Whether a message shows a blocked name beside another one of the same person."""
        names = {canonical(message.address), message.user_id} - {""}
        return bool(names & self.blocked) and bool(names - self.blocked)


@dataclass(frozen=True, slots=True)
class Receiver:
    """Everything needed to receive: the lock, the queue, the time, and who may write.

    ``passed_over`` counts what Twilio posts that is no message to be answered.
    """

    verifier: Verifier
    publisher: "Publisher"
    clock: "Clock"
    access: AccessList = AccessList()
    passed_over: RefusalCount = field(default_factory=RefusalCount, repr=False)


def receive(request: HttpRequest, receiver: Receiver) -> None:
    """Queue the message in a request; what is no message to be answered is passed over.

    Raises:
        WebhookError: the request is not proven, or holds no message.
        QueueError: the message is not queued; Twilio must not be told otherwise.
    """
    form = verified_form(request, receiver.verifier)
    if reason := passed_over(form):
        count = receiver.passed_over.count(reason)
        _log.info("message ignored", extra={"reason": reason, "count": count})
        return
    message = to_message(form, receiver.clock(), number_it=not receiver.verifier.enabled)
    with trace.following(message.trace_id):
        if not receiver.access.admit(message):
            _log.info("message not admitted", extra={"address": mask(message.address)})
            if not receiver.access.reveals(message):
                return
            # The responder passes it over, too, but keeps which names are one person's.
        receiver.publisher.publish(message, fast=overtakes(message))
        _log.info("message queued", extra=_facts(message))


def verified_form(request: HttpRequest, verifier: Verifier) -> Form:
    """Return the form in a request that is proven to come from our account.

    Raises:
        WebhookError: it is not proven, or not a form.
    """
    try:
        return _verified_form(request, verifier)
    except WebhookError as error:
        _tell(error, request, verifier)
        raise


def _tell(error: WebhookError, request: HttpRequest, verifier: Verifier) -> None:
    """Log a refusal, its likeliest cause now and then, and no more than anybody can read."""
    refused = verifier.refused
    facts: dict[str, object] = {"code": error.code, "reason": str(error)}
    facts["count"] = refused.count(error.code)
    if isinstance(error, WrongSignatureError) and refused.may_explain():
        facts |= verifier.explanation(request, read_form(request) if is_form(request) else None)
    # On Google Cloud the lines are what is counted, and alerts are made of that.
    elif not (verifier.service or refused.may_tell()):
        return
    _log.warning("request refused", extra=facts)


def _verified_form(request: HttpRequest, verifier: Verifier) -> Form:
    if len(request.body) > MOST_BYTES:
        raise PayloadTooLargeError("the body is too large")
    if not is_form(request):
        verifier.check(request, None)
        raise PayloadError("the body is not a form")
    form = read_form(request)
    verifier.check(request, form)
    if verifier.enabled:
        check_forms(form)
    return form


def _facts(message: InboundMessage) -> dict[str, str | int]:
    return {
        "kind": message.kind.value,
        "media": len(message.media),
        "address": mask(message.address),
    }
