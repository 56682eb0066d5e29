import pytest

from keys import make_keys
from run_settings import CASES, SEED
from tally import Tally
from token_servers import TokenServers, tls_context

TALLY = Tally()


@pytest.fixture(scope="session")
def keys(tmp_path_factory):
    return make_keys(tmp_path_factory.mktemp("keys"))


@pytest.fixture(scope="session")
def servers(keys):
    made = TokenServers(tls_context(keys.server, keys.authority))
    yield made
    made.close()


@pytest.fixture(scope="session")
def tally():
    return TALLY


def pytest_terminal_summary(terminalreporter):
    if TALLY.cases:
        terminalreporter.write_line(f"differential: DIFFERENTIAL_SEED={SEED}, {CASES} cases")
        for line in TALLY.lines():
            terminalreporter.write_line(line)
