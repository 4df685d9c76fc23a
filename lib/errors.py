"""Every error the gateway raises on purpose: one small tree, sorted by what to do next.

An error carries the facts the responder acts on: ``retryable`` (the same thing may work
later) and ``code`` (a stable word for logs and dead letters). Its text is for operators; what
a person reads is in ``lib.reply.texts``. An error that only one folder and its callers know
stands in the module that raises it.
"""

from typing import ClassVar


class GatewayError(Exception):
    """The root: something the gateway knows how to name."""

    code: ClassVar[str] = "internal"
    retryable: ClassVar[bool] = False


class ConfigurationError(GatewayError):
    """Settings are missing or contradict each other; nothing works until they are right."""

    code = "configuration"
    retryable = True


class AddressError(GatewayError):
    """Neither a phone number nor a business-scoped id."""

    code = "address"


class WebhookError(GatewayError):
    """A request to the webhook that is not a message; ``status`` is the HTTP answer to it."""

    code = "webhook"
    status: ClassVar[int] = 400


class PayloadError(WebhookError):
    """The body is not the form it should be."""

    code = "payload"


class PayloadTooLargeError(WebhookError):
    """The body is larger than any real message."""

    code = "payload_too_large"
    status = 413


class SignatureError(WebhookError):
    """Nothing proves that the request comes from our Twilio account."""

    code = "signature"
    status = 403


class ShortageError(GatewayError):
    """Threads, descriptors or memory of our own ran out: what was about to be done waits."""

    code = "shortage"
    retryable = True


class EnvelopeError(GatewayError):
    """A queued message that cannot be read, now or later."""

    code = "envelope"


class NewerEnvelopeError(EnvelopeError):
    """A queued message of a newer version of the gateway, which can read it."""

    code = "newer_version"
    retryable = True


class QueueError(GatewayError):
    """A message could not be queued, or not provably so."""

    code = "queue"
    retryable = True


class StoreError(GatewayError):
    """The store did not do what was asked of it."""

    code = "store"
    retryable = True


class DocumentError(StoreError):
    """A stored document that cannot be understood, now or later."""

    code = "document"
    retryable = False


class NewerDocumentError(DocumentError):
    """A stored document of a newer version of the gateway, which can read it."""

    code = "newer_version"
    retryable = True


class TurnTakenError(StoreError):
    """Another worker has the turn: whatever this one was about to write is void."""

    code = "turn_taken"


class AssistantError(GatewayError):
    """The assistant gave no usable answer."""

    code = "assistant_failed"


class AssistantRefusedError(AssistantError):
    """It did not let us in, or could not be reached at all."""

    code = "assistant_refused"


class AssistantTimeoutError(AssistantError):
    """No complete answer within the total deadline."""

    code = "assistant_timeout"


class AssistantOversizeError(AssistantError):
    """The reply is larger than any that people would read, or has more parts."""

    code = "assistant_oversize"


class AssistantDeclinedError(AssistantError):
    """A filter, or the assistant itself, did not want this to be answered."""

    code = "assistant_declined"


class AssistantEmptyError(AssistantError):
    """An answer without a word that may be shown."""

    code = "assistant_empty"


class SendError(GatewayError):
    """A chunk was not sent. ``provider_code`` is the provider's own number, for the operator.

    ``retry_after`` is how many seconds it makes no sense to try again; 0 where nobody said.
    """

    code = "send"

    def __init__(self, message: str, provider_code: str = "", *, retry_after: float = 0.0) -> None:
        super().__init__(message)
        self.provider_code = provider_code
        self.retry_after = retry_after


class SendRetryableError(SendError):
    """Not taken this time, surely not stored: the same request may work later."""

    code = "send_retryable"
    retryable = True


class SendInDoubtError(SendError):
    """The answer to the request got lost: the chunk may or may not be on its way."""

    code = "send_in_doubt"
    retryable = True


class SendTooLongError(SendError):
    """The provider counts the chunk as too long."""

    code = "send_too_long"


class SendPermanentError(SendError):
    """Never for this content or this recipient."""

    code = "send_permanent"


class SendUnreachableError(SendPermanentError):
    """Never to this recipient, whatever is sent."""

    code = "send_unreachable"


class SendConfigurationError(SendError):
    """Every send would fail the same way until an operator changes something."""

    code = "send_configuration"
    retryable = True
