import json
import socket

import openai
import pytest

from support import Program, Relay, relay_and_simulator, run, user


def tail(relay, *flags):
    follower = Program("tail", f"--listen={relay.url.removeprefix('http://')}", *flags)
    follower.err.expect("^following ")
    return follower


def test_requests_are_shown_as_they_end():
    with relay_and_simulator("--model=named=google/gemini-3.5-flash") as (relay, _):
        with tail(relay) as people, tail(relay, "--json") as programs, relay.client() as client:
            client.chat.completions.create(model="named", messages=user("a-secret-prompt"))
            shown = people.out.expect("google/gemini-3.5-flash").string
            entry = json.loads(programs.out.expect(".").string)
            assert (entry["model"], entry["status"], entry["cause"]) == ("named", 200, "ok")
            assert entry["id"] in shown and " 200 " in shown
            assert "\x1b" not in shown  # a pipe is no terminal
            with pytest.raises(openai.NotFoundError):
                client.chat.completions.create(model="made-up", messages=user("a-secret-prompt"))
            assert "model_not_found" in people.out.expect("404").string
            relay.terminate()
            assert (people.wait(), programs.wait()) == (0, 0)
            assert relay.wait() == 0
        said = "\n".join(people.out.so_far() + programs.out.so_far())
        assert "a-secret-prompt" not in said


def test_a_relay_with_a_key_wants_it(tmp_path):
    key = tmp_path / "key"
    key.write_text("sk-of-this-relay\n")
    with Relay(f"--access-api-key-file={key}", command="demo") as relay:
        address = relay.url.removeprefix("http://")
        refused = run("tail", f"--listen={address}")
        assert refused.returncode == 1 and "invalid_api_key" in refused.stderr
        with tail(relay, f"--access-api-key-file={key}"):
            pass


def test_it_follows_a_unix_socket(tmp_path):
    with Relay(command="demo", listen=f"unix:{tmp_path}/s") as relay:
        with tail(relay):
            pass


def test_nobody_there():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = run("tail", f"--listen=127.0.0.1:{free.getsockname()[1]}")
    assert gone.returncode == 1
    assert "is the relay running" in gone.stderr
