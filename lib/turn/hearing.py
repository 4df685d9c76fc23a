"""What was heard for a turn in hand, stored in it before anybody is asked about it."""

from dataclasses import dataclass, replace
from itertools import chain

from lib.errors import DocumentError, TurnTakenError
from lib.model import Heard, Transcript
from lib.turn.lease import KeptTurn
from lib.turn.responder import Responder


@dataclass(frozen=True, slots=True)
class TurnHearing:
    """Remembers in a turn. ``earlier`` is the turn whose question is asked anew, if one is.

    ``contact`` is whose turn it is.
    """

    kept: KeptTurn
    contact: str
    responder: Responder
    earlier: str = ""

    def known(self, url: str) -> Transcript | None:
        """Return what was said in a medium; see the port. An earlier turn is one read."""
        heard = chain(self.kept.turn.heard, self._before())
        return next((one.transcript for one in heard if one.url == url), None)

    def keep(self, heard: Heard) -> None:
        """Store what was said in a medium, by one commit; see the port."""
        with self.kept.lock:
            if self.kept.lost:
                raise TurnTakenError("the lease is renewed no longer")
            turn = self.kept.turn
            moved = replace(
                turn,
                contact=self.contact,
                heard=(*turn.heard, heard),
                lease_until=self.responder.until(self.responder.clock()),
            )
            self.kept.turn = self.responder.stores.turns.commit(moved)

    def _before(self) -> tuple[Heard, ...]:
        try:
            turn = self.responder.stores.turns.find(self.earlier) if self.earlier else None
        except DocumentError:
            return ()
        return turn.heard if turn else ()
