import json
import os
import subprocess

import httpx2

from support import (GEMINI, PATIENCE, Relay, Simulator, answer_to, user)


def relay_on(simulator, path, *flags):
    return Relay(*simulator.flags(), *flags, listen=f"unix:{path}")


def test_curl_talks_through_a_unix_socket(tmp_path):
    path = tmp_path / "relay.sock"
    with Simulator() as simulator, relay_on(simulator, path) as relay:
        assert relay.url == f"unix:{path}"
        done = subprocess.run(
            ["curl", "-sS", "--unix-socket", path, "http://localhost/v1/chat/completions",
             "--json", json.dumps({"model": GEMINI, "messages": user("Hello")})],
            capture_output=True, check=True, timeout=PATIENCE)
    assert json.loads(done.stdout)["choices"][0]["message"]["content"] == answer_to("Hello")


def test_the_sdk_talks_through_a_unix_socket(tmp_path):
    path = tmp_path / "relay.sock"
    through = httpx2.Client(transport=httpx2.HTTPTransport(uds=str(path)))
    with Simulator() as simulator, relay_on(simulator, path) as relay:
        with relay.client(base_url="http://localhost/v1", http_client=through) as client:
            chunks = client.chat.completions.create(model=GEMINI, messages=user("Hello"),
                                                    stream=True)
            text = "".join(chunk.choices[0].delta.content for chunk in chunks)
    assert text == answer_to("Hello")


def test_only_its_owner_may_use_the_socket_and_it_is_removed(tmp_path):
    path = tmp_path / "relay.sock"
    with Simulator() as simulator:
        with relay_on(simulator, path):
            assert os.stat(path).st_mode & 0o777 == 0o600
        assert not path.exists()
        with relay_on(simulator, path, "--listen-mode=0660"):
            assert os.stat(path).st_mode & 0o777 == 0o660


def test_a_socket_left_by_a_crash_is_taken_over(tmp_path):
    path = tmp_path / "relay.sock"
    with Simulator() as simulator:
        with relay_on(simulator, path) as crashed:
            crashed.child.kill()
            crashed.child.wait(PATIENCE)
            assert path.exists()
        with relay_on(simulator, path) as relay:
            assert relay.url == f"unix:{path}"
