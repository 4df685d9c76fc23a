"""The world around the gateway: a Twilio that stumbles and an assistant that misbehaves."""

import random
import threading
import time
from collections import Counter

from flask import Flask, Response, jsonify, request

from lib.reply.texts import PART_LOST
from simulator.twilio.faults import Fault, FaultKind, Faults
from tests.chaos.plan import Plan, answer_to
from tests.chaos.scripts import FINAL, PASSING

FAULTS = (
    Fault(FaultKind.ERROR, code=20429, status=429),
    Fault(FaultKind.ERROR, code=20500, status=500),
    Fault(FaultKind.ERROR, code=20503, status=503, body="html"),
    Fault(FaultKind.CUT_BEFORE),
    Fault(FaultKind.CUT_AFTER),
)
SHARE = 0.1
SHUFFLED = 0.2
SCRIPTED = 0.1
SLOW, SLOWER = (0.3, 1.5), (2.0, 4.0)
"""Seconds of an assistant that takes its time."""


class RandomFaults(Faults):
    """Lets a share of all sends suffer, shuffles the callbacks of others, and makes some up."""

    def __init__(self, chance: random.Random, scripted: float = SCRIPTED) -> None:
        super().__init__()
        self._scripted_share = scripted
        self._chance = chance
        self._guard = threading.Lock()
        self.suffered: Counter[str] = Counter()
        self.failed: list[tuple[str, float]] = []  # to whom, and when
        self.reported: Counter[str] = Counter()

    def take(self, operation: str, to: str) -> Fault | None:
        """Return what happens to this request."""
        if operation != "create":
            return None
        with self._guard:
            dice = self._chance.random()
            fault = self._chance.choice(FAULTS) if dice < SHARE else None
            if fault is None and dice < SHARE + SHUFFLED:
                fault = Fault(FaultKind.SHUFFLE)
            elif fault is None and dice < SHARE + SHUFFLED + self._scripted_share:
                return self._scripted()
            if fault is not None:
                name = fault.fault.value
                self.suffered[f"{name} {fault.status}" if fault.status else name] += 1
                if fault in FAULTS:
                    self.failed.append((to, time.monotonic()))
        return fault

    def _scripted(self) -> Fault:
        # An apology that is given up is a dead letter: nothing more can be said to that person.
        is_apology = request.form.get("Body") == PART_LOST
        scripts = PASSING if is_apology else PASSING | FINAL
        name = self._chance.choice(tuple(scripts))
        self.reported[name] += 1
        return Fault(FaultKind.REPORTS, reports=scripts[name])


def assistant(plan: Plan) -> Flask:
    """An assistant that is slow, very slow, or fails, as the question says."""
    app = Flask(__name__)
    chance = plan.random("assistant")
    lock = threading.Lock()

    @app.post("/vac/assistant/<name>")
    def answer(name: str) -> Response | tuple[str, int]:
        text = request.get_json()["user_input"]
        mood = text.partition(" ")[0]
        if mood in {"slow", "slower"}:
            with lock:
                seconds = chance.uniform(*(SLOW if mood == "slow" else SLOWER))
            time.sleep(seconds)
        if mood == "fail":
            return "no", 500
        return jsonify(answer=answer_to(text))

    return app
