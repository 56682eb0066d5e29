import os
import signal

import pytest

from support import GEMINI, Relay, Simulator, relay_and_simulator, user

OTHER = "google/gemini-3.5-flash"


@pytest.fixture
def written(tmp_path):
    """Writes the configuration whole, as an editor does, and returns its path."""
    def write(text):
        (tmp_path / "new").write_text(text)
        os.replace(tmp_path / "new", tmp_path / "config.toml")
        return tmp_path / "config.toml"
    return write


def alias(target):
    return f'[models]\na = "{target}"\n'


def target_of(relay):
    with relay.client() as client:
        return client.chat.completions.create(model="a", messages=user("hi")).model


def hang_up(relay):
    relay.child.send_signal(signal.SIGHUP)


def test_sighup_puts_a_new_configuration_to_use_and_leaves_a_stream_alone(written):
    with relay_and_simulator(f"--config={written(alias('google/sim-paced-20-40'))}") as (relay, _):
        with relay.client() as client:
            stream = client.chat.completions.create(model="a", messages=user("hi"), stream=True)
            next(stream)
            written(alias(OTHER))
            hang_up(relay)
            relay.err.expect("configuration reloaded: models")
            assert target_of(relay) == OTHER
            assert list(stream)[-1].choices[0].finish_reason == "stop"


def test_a_broken_file_changes_nothing_and_the_log_says_where(written):
    with relay_and_simulator(f"--config={written(alias(GEMINI))}") as (relay, _):
        written("[models]\n[retry]\nmaxx = 1\n")
        hang_up(relay)
        relay.err.expect(r"was not reloaded.*config\.toml:3:1: retry\.maxx.*retry\.max\?")
        assert target_of(relay) == GEMINI


def test_a_changed_file_needs_no_signal_and_another_address_a_restart(written):
    with relay_and_simulator(f"--config={written(alias(GEMINI))}") as (relay, _):
        written("workers = 2\n" + alias(OTHER))
        relay.err.expect("reloaded: models; takes effect at the next start only: workers")
        assert target_of(relay) == OTHER


def test_a_pipe_is_not_read_twice():
    read_end, write_end = os.pipe()
    os.write(write_end, alias(GEMINI).encode())
    os.close(write_end)
    with Simulator() as simulator:
        pipe = f"/proc/{os.getpid()}/fd/{read_end}"
        with Relay(*simulator.flags(), f"--config={pipe}") as relay:
            hang_up(relay)
            relay.err.expect("was not reloaded")
            assert target_of(relay) == GEMINI
    os.close(read_end)
