import time

from support import Relay, Simulator


def stop_seconds(simulator):
    with Relay(*simulator.flags()) as relay:
        relay.err.expect("access token 1 for")
        begun = time.monotonic()
        relay.terminate()
        assert relay.wait() == 0
        return time.monotonic() - begun


def test_sigterm_ends_an_idle_relay_at_once():
    with Simulator() as simulator:
        # The fastest of five: a busy machine may slow down some, a wait inside slows all.
        assert min(stop_seconds(simulator) for _ in range(5)) < 1
