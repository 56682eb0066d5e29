import socket

import pytest

from support import chat_request, connect, get, read_answer, relay_and_simulator, user


def open_stream(relay, model):
    raw = connect(relay.port)
    raw.sendall(chat_request({"model": model, "messages": user("Hello"), "stream": True}))
    stream = raw.makefile("rb")
    stream.peek(1)  # the answer has begun
    return raw, stream


def test_a_stream_runs_to_its_end_after_sigterm():
    with relay_and_simulator() as (relay, _):
        raw, stream = open_stream(relay, "google/sim-paced-20-40")
        with raw:
            relay.terminate()
            relay.err.expect("stopping: no new requests")
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", relay.port))
            status, _, body = read_answer(stream)
            assert status == 200
            assert body.count(b"data: {") == 41 and body.endswith(b"data: [DONE]\n\n")
            assert raw.recv(1) == b""  # no further request on this connection
        assert relay.wait() == 0
        assert relay.access_lines()[-1]["phase"] == "done"


def test_an_idle_connection_does_not_hold_it_up():
    with relay_and_simulator() as (relay, _), connect(relay.port) as raw:
        raw.sendall(b"GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert read_answer(raw.makefile("rb"))[0] == 200
        relay.terminate()
        assert raw.recv(1) == b""
        assert relay.wait() == 0


def test_a_second_sigterm_breaks_the_stream_off_in_words():
    with relay_and_simulator() as (relay, _):
        raw, stream = open_stream(relay, "google/sim-stall-2")
        with raw:
            relay.terminate()
            relay.err.expect("stopping: no new requests")
            relay.terminate()
            rest = stream.read()
        assert b'data: {"error":{' in rest and b"server_shutdown" in rest
        assert b"[DONE]" not in rest and not rest.endswith(b"0\r\n\r\n")
        assert relay.wait() == 0


def test_the_drain_time_is_a_limit():
    with relay_and_simulator("--timeouts-drain-ms=200") as (relay, _):
        raw, stream = open_stream(relay, "google/sim-stall-2")
        with raw:
            relay.terminate()
            assert b"server_shutdown" in stream.read()
        assert relay.wait() == 0


def test_probes_are_answered_on_the_admin_address_until_the_end():
    with relay_and_simulator("--admin-listen=127.0.0.1:0") as (relay, _):
        admin = int(relay.out.expect(r"^listening http://127.0.0.1:(\d+)$").group(1))
        relay.err.expect("access token 1 for")
        raw, stream = open_stream(relay, "google/sim-stall-2")
        with raw:
            relay.terminate()
            relay.err.expect("stopping: no new requests")
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection(("127.0.0.1", relay.port))
            for _ in range(3):
                status, fields, body = get(admin, "/readyz")
                assert status == 503 and fields["connection"] == "close"
                assert body["error"]["code"] == "draining"
                assert get(admin, "/livez")[0] == 200
            relay.terminate()
            assert b"server_shutdown" in stream.read()
        assert relay.wait() == 0
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", admin))
