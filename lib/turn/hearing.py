"""What was heard for a turn in hand, stored in it before anybody is asked about it."""

import logging
from dataclasses import replace
from functools import cached_property
from itertools import chain

from lib.errors import DocumentError, TurnTakenError
from lib.model import Heard, Transcript
from lib.turn.lease import KeptTurn
from lib.turn.responder import Responder

_log = logging.getLogger(__name__)


class TurnHearing:
    """Remembers in a turn. ``earlier`` is the turn whose question is asked anew, if one is.

    ``contact`` is whose turn it is; see the port for their ``language``.
    """

    def __init__(
        self,
        kept: KeptTurn,
        contact: str,
        responder: Responder,
        earlier: str = "",
        language: str = "",
    ) -> None:
        self.language = language
        self._kept = kept
        self._contact = contact
        self._responder = responder
        self._earlier = earlier

    def known(self, url: str) -> Transcript | None:
        """Return what was said in a medium; see the port. An earlier turn is one read."""
        heard = chain(self._kept.turn.heard, self._before)
        return next((one.transcript for one in heard if one.url == url), None)

    def keep(self, heard: Heard) -> None:
        """Store what was said in a medium, by one commit; see the port."""
        with self._kept.lock:
            if self._kept.lost:
                raise TurnTakenError("the lease is renewed no longer")
            turn = self._kept.turn
            moved = replace(
                turn,
                contact=self._contact,
                heard=(*turn.heard, heard),
                lease_until=self._responder.until(self._responder.clock()),
            )
            self._kept.turn = self._responder.stores.turns.commit(moved)
        _log.info("transcript stored")

    @cached_property
    def _before(self) -> tuple[Heard, ...]:
        try:
            turn = self._responder.stores.turns.find(self._earlier) if self._earlier else None
        except DocumentError:
            return ()
        return turn.heard if turn else ()
