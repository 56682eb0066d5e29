import os
import signal
import time

import pytest

from support import Relay, Simulator, get, run
from systemd import NotifySocket


@pytest.fixture(params=["path", "abstract"])
def told(request, tmp_path):
    name = tmp_path / "notify" if request.param == "path" else f"@vertex-relay-test-{os.getpid()}"
    with NotifySocket(name) as made:
        yield made


def demo(told, *flags, **variables):
    return Relay(*flags, command="demo", environment={"NOTIFY_SOCKET": told.name} | variables)


def test_ready_is_told_once_it_accepts_and_stopping_at_the_end(told):
    with demo(told, "--timeouts-drain-ms=7000") as relay:
        status = told.expect("^STATUS=(.*)$").group(1)
        assert told.told[-1].startswith("READY=1\n")
        assert status == f"listening {relay.url}"
        assert get(relay.port, "/livez")[0] == 200
        relay.terminate()
        told.expect("^STOPPING=1$")
        assert "\nEXTEND_TIMEOUT_USEC=9000000\n" in told.told[-1]  # drain time, and a little more
        assert relay.wait() == 0
    assert len(told.told) == 2  # no watchdog was asked for


def test_a_reload_is_told_from_its_beginning_to_its_end(told, tmp_path):
    config = tmp_path / "config.toml"
    config.write_text("[retry]\nmax = 1\n")
    with demo(told, f"--config={config}") as relay:
        told.expect("^READY=1$")
        for text, said in (("[retry]\nmax = 0\n", "was read again$"),
                           ("[retry]\nmaxx = 0\n", "was not reloaded.*maxx")):
            config.write_text(text)
            before = time.clock_gettime_ns(time.CLOCK_MONOTONIC) // 1000
            relay.child.send_signal(signal.SIGHUP)
            begun = told.expect("^RELOADING=1\nMONOTONIC_USEC=(\\d+)$")
            assert int(begun.group(1)) >= before  # else systemd waits for another one
            told.expect(f"^STATUS=.*{said}")
            assert told.told[-1].startswith("READY=1\n")


def test_the_watchdog_is_fed_as_long_as_it_runs(told):
    with demo(told, "--workers=2", WATCHDOG_USEC="200000") as relay:
        for _ in range(4):
            told.expect("^WATCHDOG=1$")
        relay.terminate()
        told.expect("^STOPPING=1$")
        assert relay.wait() == 0


def test_a_watchdog_of_another_process_is_not_fed(told):
    with demo(told, WATCHDOG_USEC="2000", WATCHDOG_PID="1") as relay:
        told.expect("^READY=1$")
        relay.terminate()
        told.expect("^STOPPING=1$")
        assert relay.wait() == 0
    assert len(told.told) == 2


def test_a_socket_that_is_not_there_is_said(tmp_path):
    done = run("demo", "--listen=127.0.0.1:0", environment={"NOTIFY_SOCKET": f"{tmp_path}/none"})
    assert done.returncode == 2
    assert f"NOTIFY_SOCKET '{tmp_path}/none' cannot be reached" in done.stderr


def test_the_credential_of_the_unit_is_found(tmp_path):
    with Simulator() as simulator:
        (tmp_path / "adc.json").write_bytes(open(simulator.credentials, "rb").read())
        flags = [flag for flag in simulator.flags() if not flag.startswith("--google-credentials")]
        with Relay(*flags, environment={"CREDENTIALS_DIRECTORY": str(tmp_path)}) as relay:
            relay.err.expect("access token 1 for")
            assert get(relay.port, "/readyz")[0] == 200
