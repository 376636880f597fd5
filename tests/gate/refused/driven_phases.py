"""A program drives its phases by hand, and counts rounds: in the engine phases are one step."""

from byzverify.models.phase_king import PhaseKing


class Driven(PhaseKing):
    def tolerates(self, t):
        return t <= self.m and self.n > 3 * self.m

    def general(self, me, order):
        rounds, running = 0, self.phases(self.m + 1, self.phase, me, order)
        outbox = next(running)
        while True:
            inbox = yield outbox
            rounds += 1
            try:
                outbox = running.send(inbox)
            except StopIteration as stop:
                return order if rounds > 22 else stop.value
