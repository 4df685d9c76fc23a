"""The world around the gateway: a Twilio that stumbles and an assistant that misbehaves."""

import random
import threading
import time
from collections import Counter, defaultdict

from flask import Flask, Response, jsonify, request

from simulator.twilio.account import Account
from simulator.twilio.faults import Fault, FaultKind, Faults
from tests.chaos.plan import Plan, answer_to
from tests.desk import ACCOUNT_SID, NUMBER, TOKEN

FAULTS = (
    Fault(FaultKind.ERROR, code=20429, status=429),
    Fault(FaultKind.ERROR, code=20500, status=500),
    Fault(FaultKind.ERROR, code=20503, status=503, body="html"),
    Fault(FaultKind.CUT_BEFORE),
    Fault(FaultKind.CUT_AFTER),
)
SHARE = 0.1
SHUFFLED = 0.2
SLOW, SLOWER = (0.3, 1.5), (2.0, 4.0)
"""Seconds of an assistant that takes its time."""


class RandomFaults(Faults):
    """Lets a share of all sends suffer, and shuffles the callbacks of others."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__()
        self._chance = chance
        self._guard = threading.Lock()
        self.suffered: Counter[str] = Counter()

    def take(self, operation: str, to: str) -> Fault | None:
        """Return what happens to this request."""
        if operation != "create":
            return None
        with self._guard:
            dice = self._chance.random()
            fault = self._chance.choice(FAULTS) if dice < SHARE else None
            if fault is None and dice < SHARE + SHUFFLED:
                fault = Fault(FaultKind.SHUFFLE)
            if fault is not None:
                name = fault.fault.value
                self.suffered[f"{name} {fault.status}" if fault.status else name] += 1
        return fault


class Phones:
    """What every person received, in order, and when."""

    def __init__(self, plan: Plan) -> None:
        self.received: dict[str, list[tuple[str, float]]] = defaultdict(list)
        self.count = 0
        self._lock = threading.Lock()
        self.account = Account(ACCOUNT_SID, TOKEN, frozenset({NUMBER}), on_message=self._take)
        self.account.faults = RandomFaults(plan.random("faults"))

    def _take(self, message) -> None:
        with self._lock:
            person = message.to.removeprefix("whatsapp:")
            self.received[person].append((message.body, time.monotonic()))
            self.count += 1


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
