import pytest

from support import Relay, Simulator, run


@pytest.mark.parametrize("listen", ["127.0.0.1:0", "unix:{}/relay.sock"])
def test_health_asks_the_running_relay(tmp_path, listen):
    with Simulator() as simulator:
        with Relay(*simulator.flags(), listen=listen.format(tmp_path)) as relay:
            address = "--listen=" + relay.url.removeprefix("http://")
            done = run("health", address)
            assert (done.returncode, done.stdout, done.stderr) == (0, "ok\n", "")
    done = run("health", address)
    assert (done.returncode, done.stdout) == (1, "")
    assert "is the relay running" in done.stderr
