import contextlib
import json
import socket
import subprocess

import pytest

from support import (GEMINI, PATIENCE, Program, Simulator, answer_to, chat_request, connect, get,
                     read_answer, user)
from systemd import PassedSockets, listening, port_of

DEFAULTS = "demo", "--access-peer-check=off"


def ask(raw, text="Hello"):
    raw.sendall(chat_request({"model": GEMINI, "messages": user(text)}))
    status, _, body = read_answer(raw.makefile("rb"))
    assert status == 200
    return json.loads(body)["choices"][0]["message"]["content"]


def unix_connection(path):
    raw = socket.socket(socket.AF_UNIX)
    raw.settimeout(PATIENCE)
    raw.connect(str(path))
    return raw


def test_passed_sockets_stand_for_the_default_addresses(tmp_path):
    path = tmp_path / "relay.sock"
    with listening() as tcp, listening("::1") as v6, listening(path) as local:
        with PassedSockets([(tcp, "a"), (v6, "b"), (local, "c")], *DEFAULTS) as relay:
            assert relay.first("^listening (.*)$").group(1) == f"http://127.0.0.1:{port_of(tcp)}"
            relay.out.expect(rf"^listening http://\[::1\]:{port_of(v6)}$")
            relay.out.expect(f"^listening unix:{path}$")
            for raw in (connect(port_of(tcp)), connect(port_of(v6), address="::1"),
                        unix_connection(path)):
                with raw:
                    assert ask(raw) == answer_to("Hello")
            relay.terminate()
            assert relay.wait() == 0
            assert len(relay.out.so_far()) == 3
        assert path.exists()  # its owner removes it


def test_one_named_admin_has_the_probes():
    with listening() as tcp, listening() as admin:
        with PassedSockets([(tcp, ""), (admin, "admin")], *DEFAULTS) as relay:
            relay.first("^listening ")
            assert get(port_of(admin), "/livez")[0] == 200
            assert get(port_of(admin), "/v1/models")[0] == 404
            assert get(port_of(tcp), "/livez")[0] == 404
            assert get(port_of(tcp), "/v1/models")[0] == 200


def test_addresses_that_are_configured_come_in_addition_and_the_same_only_once():
    with listening() as tcp:
        own = f"127.0.0.1:{port_of(tcp)}"
        with PassedSockets([(tcp, "")], *DEFAULTS, f"--listen={own},127.0.0.1:0") as relay:
            relay.first(f"^listening http://{own}$")
            other = int(relay.out.expect(r"^listening http://127\.0\.0\.1:(\d+)$").group(1))
            assert get(port_of(tcp), "/livez")[0] == get(other, "/livez")[0] == 200


def test_what_was_meant_for_another_process_is_not_taken():
    environment = {"LISTEN_PID": "1", "LISTEN_FDS": "1"}
    with Program(*DEFAULTS, "--listen=127.0.0.1:0", environment=environment) as relay:
        assert get(int(relay.first(r"^listening .*:(\d+)$").group(1)), "/livez")[0] == 200


@pytest.mark.parametrize("made, said", [
    (lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM), "no stream socket that listens"),
    (lambda: socket.socket(socket.AF_INET), "no stream socket that listens"),
    (lambda: listening("0.0.0.0"), "needs both --access-allow-remote and --access-api-key-file"),
])
def test_a_socket_that_will_not_do_is_a_wrong_configuration(made, said):
    with made() as wrong, PassedSockets([(wrong, "x")], *DEFAULTS) as relay:
        assert relay.wait() == 2
        assert said in "\n".join(relay.err.so_far())


def test_an_abstract_socket_is_refused_because_it_has_no_owner():
    with socket.socket(socket.AF_UNIX) as wrong:
        wrong.bind("\0vertex-relay-abstract-" + str(port_of_nobody()))
        wrong.listen()
        with PassedSockets([(wrong, "x")], *DEFAULTS) as relay:
            assert relay.wait() == 2
            assert "every user may connect" in "\n".join(relay.err.so_far())


def port_of_nobody():
    with listening() as one:
        return port_of(one)


def test_variables_of_systemd_are_not_handed_to_children(tmp_path):
    """A credential program prints its environment into a file before it fails."""
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\nenv >{tmp_path}/seen.new && mv {tmp_path}/seen.new "
                       f"{tmp_path}/seen\nls -l /proc/self/fd >{tmp_path}/fds\nexit 41\n")
    program.chmod(0o755)
    credential = tmp_path / "external.json"
    credential.write_text(json.dumps({
        "type": "external_account", "audience": "//iam.googleapis.com/projects/1/locations/global/"
        "workloadIdentityPools/p/providers/q", "token_url": "https://sts.googleapis.com/v1/token",
        "subject_token_type": "urn:ietf:params:oauth:token-type:jwt",
        "credential_source": {"executable": {"command": str(program), "timeout_millis": 5000}}}))
    environment = {"GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES": "1", "LEFT": "as it was"}
    with listening() as tcp:
        with PassedSockets([(tcp, "n")], "serve", "--project=p",
                           f"--google-credentials={credential}", environment=environment) as relay:
            relay.err.expect("41")  # its exit code
            relay.terminate()
            assert relay.wait() == 0
    seen = (tmp_path / "seen").read_text()
    assert "LEFT=as it was" in seen
    assert "LISTEN_" not in seen and "NOTIFY_SOCKET" not in seen
    assert "socket:" not in (tmp_path / "fds").read_text()


def test_a_restart_loses_no_client():
    """New connections all the time, while one relay after the other takes the socket."""
    with listening() as tcp, contextlib.ExitStack() as all_of_them:
        running = all_of_them.enter_context(PassedSockets([(tcp, "")], *DEFAULTS))
        running.first("^listening ")
        for _ in range(3):
            with connect(port_of(tcp)) as raw:
                raw.sendall(chat_request({"model": "google/sim-paced-20-40", "stream": True,
                                          "messages": user("Hello")}))
                stream = raw.makefile("rb")
                stream.peek(1)
                early = connect(port_of(tcp))  # accepted before the signal, its request comes after
                running.terminate()
                running.err.expect("stopping: no new requests")
                waiting = connect(port_of(tcp))  # nobody accepts now
                with early, waiting:
                    assert ask(early, "early") == answer_to("early")
                    following = all_of_them.enter_context(PassedSockets([(tcp, "")], *DEFAULTS))
                    assert ask(waiting, "waited") == answer_to("waited")
                    assert read_answer(stream)[2].endswith(b"data: [DONE]\n\n")
            assert running.wait() == 0
            running = following


def test_systemd_socket_activate_starts_it_with_the_first_client(tmp_path):
    path = tmp_path / "relay.sock"
    admin = tmp_path / "admin.sock"
    with Simulator() as simulator:
        under = ["systemd-socket-activate", f"--listen={path}", f"--listen={admin}",
                 "--fdname=relay:admin"]
        under += [f"-E{name}" for name in ("NO_GCE_CHECK", "HOME")]
        with Program("serve", *simulator.flags(), under=under) as relay:
            relay.err.expect("Listening on .*admin.sock")
            done = subprocess.run(
                ["curl", "-sS", "--unix-socket", path, "http://localhost/v1/chat/completions",
                 "--json", json.dumps({"model": GEMINI, "messages": user("Hello")})],
                capture_output=True, check=True, timeout=PATIENCE)
            assert json.loads(done.stdout)["choices"][0]["message"]["content"] == answer_to("Hello")
            with unix_connection(admin) as raw:
                raw.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
                assert read_answer(raw.makefile("rb"))[0] == 200
