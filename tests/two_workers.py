"""Two workers on one message, stopped at every step where the other one can go on."""

from hypothesis.stateful import RuleBasedStateMachine

from tests.workers import LEASE, SETTLING, Worker

WORKERS = ("one", "two")


class TwoWorkersMachine(RuleBasedStateMachine):
    """What such machines have in common; a machine says what happens in a rule of its own.

    One rule for all: hypothesis leaves out rules, and without work nothing happens. ``world`` is
    set by the machine.
    """

    def __init__(self):
        super().__init__()
        self.world = None
        self.running = {}

    def begin_or_step(self, what, name, how, until):
        """Let a worker work or crash, or time pass."""
        if what == "work":
            self.work(name, how, until)
        elif what == "crash":
            self.crash(name)
        elif not any(worker.is_sending for worker in self.running.values()):
            # Not within a send: its time limit is shorter.
            self.world.now += SETTLING if what == "soon" else LEASE

    def work(self, name, how, until):
        """A worker that is idle gets the message; it takes a step, or all up to one of a kind."""
        if name not in self.running:
            self._keep(name, Worker(self.world.responder))
        while name in self.running:
            self.running[name].step(how)
            self._keep(name, self.running[name])
            if name in self.running and until in {"any", self.running[name].at}:
                break

    def crash(self, name):
        if name in self.running:
            self.running.pop(name).crash()

    def _keep(self, name, worker):
        self.running[name] = worker
        if not worker.at:
            del self.running[name]
