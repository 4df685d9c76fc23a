"""The use cases of one process, each built at its first use."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from lib.runtime.adapters import Adapters, now
from lib.runtime.once import once
from lib.settings import roles

if TYPE_CHECKING:
    from lib.conversation.moment import Moment
    from lib.inbound.receive import Receiver
    from lib.inbound.record import Recorder
    from lib.ports.publisher import Publisher
    from lib.queue.local import LocalQueue
    from lib.turn.lease import LeaseKeeper
    from lib.turn.overdue import Requeuer
    from lib.turn.responder import Deliver, Dispatch, Responder


class Gateway(Adapters):
    """What the functions and the standalone server ask for, on the adapters of a configuration.

    Each use case says what is missing for it, by a ConfigurationError that names it all.
    """

    @once
    def receiver(self) -> "Receiver":
        """What the webhook needs."""
        from lib.inbound.receive import AccessList, Receiver

        self._require("webhook")
        verifier = self.verifier(self.config.twilio.webhook_url)
        limits = self.config.limits
        access = AccessList(limits.allowed, limits.blocked)
        return Receiver(verifier, self.publisher(), now, access)

    @once
    def recorder(self) -> "Recorder":
        """What the status callback needs."""
        from lib.inbound.record import Recorder

        self._require("status")
        verifier = self.verifier(self.config.twilio.status_callback_url)
        return Recorder(verifier, self.stores(), self.publisher())

    @once
    def requeuer(self) -> "Requeuer":
        """What the tick needs."""
        from lib.turn.overdue import Requeuer

        self._require("tick")
        return Requeuer(self.stores(), self.publisher(), now)

    @once
    def responder(self) -> "Responder":
        """What answering needs."""
        from lib.runtime.adapters import assistants, exporting, first_use, people
        from lib.runtime.durations import longest_answer
        from lib.turn.lease import LeaseKeeper
        from lib.turn.parked import reopen_window
        from lib.turn.question import asked
        from lib.turn.responder import Responder

        self._require("responder")
        lease = self.lease()
        keeper = LeaseKeeper(self.stores().turns, now, lease, longest_answer(self.config))
        responder = Responder(
            stores=self.stores(),
            clients=self.assistants(),
            deliver=self.deliver(),
            reopen_window=partial(reopen_window, sender=self.sender()),
            clock=now,
            keeper=keeper,
            default_assistant=assistants.undescribed(self.config),
            typing=self.typing(),
            limits=people.limits(self.config.limits),
            lease=lease,
            dispatch=self.dispatch(),
            note_after=self.config.turn.progress_note,
            asked=partial(asked, turns=self.stores().turns),
            cancel=partial(self._cancel, keeper=keeper),
            joins=self.config.joining.bursts,
            # Built when it is needed, which is seldom.
            queue_again=lambda message: self.publisher().publish(message),
            menus=self.config.twilio.menus,
            read=self.read_media if self.config.media.most_bytes else None,
            delete_medium=self.delete_medium if self.config.media.delete_at_twilio else None,
            enclosing=self.media_out().enclosing(),
            speech=self.media_out().speech(),
            shows_heard=self.config.transcribing.show,
            support=people.support(self.config.people),
            introduction=people.introduction(self.config.people),
            forget_elsewhere=bool(self.config.people.forget_url),
            erase=self.erase,
            export=exporting.exporter(self),
            access=self.config.people.access,
        )
        if not self.local:
            first_use.load_while_awaited(self.firestore(), self.twilio())
        return responder

    def _cancel(self, moment: "Moment", keeper: "LeaseKeeper") -> bool:
        """Stop what is being done for a person; loaded when somebody wants it."""
        from lib.turn.cancelling import Canceller, cancel

        return cancel(moment, Canceller(self.stores(), keeper, now))

    def erase(self, erasure_id: str = "") -> bool:
        """Go on with an erasure, or with all that are due; loaded where there is any."""
        from lib.runtime.adapters import erasing

        return erasing.go_on(erasure_id, self, self.local_queue if self.local else None)

    def give_up(self, body: bytes, reason: str) -> None:
        """Settle what a queue gave up."""
        from lib.turn import dead_letter as undeliverable

        undeliverable.give_up(body, f"undeliverable: {reason}", self.responder())

    @once
    def deliver(self) -> "Deliver":
        """The sending use case with its adapters."""
        from lib.turn.deliver import deliver

        return partial(deliver, dispatch=self.dispatch())

    @once
    def dispatch(self) -> "Dispatch":
        """What sends an answer, whole or in parts."""
        from lib.turn.responder import Dispatch

        times = self.config.turn
        return Dispatch(
            stores=self.stores(),
            sender=self.sender(),
            clock=now,
            lease=self.lease(),
            settling=timedelta(seconds=times.settling),
            chunk_wait=times.chunk_wait,
            prepare=self.prepare_medium,
        )

    @once
    def publisher(self) -> "Publisher":
        """The queue's near end."""
        from lib.runtime.adapters import queues

        if self.local:
            return self.local_queue()
        return queues.pubsub(self.config)

    @once
    def local_queue(self) -> "LocalQueue":
        """The queue of a standalone gateway, both ends."""
        from lib.runtime.adapters import queues

        return queues.local(self.database(), now, self.give_up)

    def lease(self) -> timedelta:
        """How long a worker that fell silent keeps its turn."""
        return timedelta(seconds=self.config.turn.lease)

    def load_first_answer(self) -> None:
        """Load what a first answer takes, before anything can be missing for it."""
        from lib.runtime.adapters import first_use

        first_use.load(self.twilio())

    def _require(self, role: roles.Role) -> None:
        roles.require(role, self.config, local=self.local)
