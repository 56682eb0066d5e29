"""One simulator and one relay for all tests that need nothing special, and a bound on each test."""

import signal

import pytest

from support import ALIASES, PATIENCE, relay_and_simulator


@pytest.fixture(scope="session")
def shared():
    with relay_and_simulator(*ALIASES, "--retry-max=0") as (relay, _):  # failures come at once
        yield relay


@pytest.fixture
def client(shared):
    with shared.client() as made:
        yield made


@pytest.fixture(autouse=True)
def bounded():
    """Ends a test that hangs as a failure, so that what it started is ended, too."""
    def give_up(*_):
        raise TimeoutError("the test takes too long")
    signal.signal(signal.SIGALRM, give_up)
    signal.alarm(2 * PATIENCE)
    yield
    signal.alarm(0)
