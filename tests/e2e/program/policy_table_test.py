"""What is refused by default, row by row, by real requests to the program: each refusal that a
setting can relax names it, and no other."""

import contextlib
import json
import os
import re
import subprocess

import pytest

from support import (GEMINI, Relay, Simulator, chat_request, connect, relay_and_simulator, run,
                     user)

LOCAL, CLOSE = "Host: localhost\r\n", "Connection: close\r\n"
CHAT = chat_request({"model": GEMINI, "messages": user("hi")}, headers=CLOSE)
STREAM = chat_request({"model": "google/sim-stall-2", "messages": user("hi"), "stream": True})


def get(path="/v1/models", fields="", host=LOCAL, line=None):
    return f"{line or f'GET {path} HTTP/1.1'}\r\n{host}{CLOSE}{fields}\r\n".encode("latin-1")


def chat(old, new):
    assert old in CHAT
    return CHAT.replace(old, new, 1)


def body(text):
    head = f"POST /v1/chat/completions HTTP/1.1\r\n{LOCAL}{CLOSE}Content-Type: application/json\r\n"
    return f"{head}Content-Length: {len(text.encode())}\r\n\r\n{text}".encode()


def ask(relay, request):
    """Status, head and error of the answer to a raw request."""
    received = b""
    with connect(relay.port) as raw:
        with contextlib.suppress(ConnectionError):  # refused while it was still sending
            raw.sendall(request)
        with contextlib.suppress(ConnectionError):
            while piece := raw.recv(65536):
                received += piece
    head, _, text = received.decode().partition("\r\n\r\n")
    return int(head.split(" ")[1]), head.lower(), json.loads(text)["error"]


def settings_in(message):
    """Settings a text names, as keys: `--access-allow-host` is `access.allow_host`."""
    flags = re.findall(r"--((?:access|limits|timeouts|listen)[a-z-]*)", message)
    keys = re.findall(r"\b((?:access|limits|timeouts)\.[a-z_]+)", message)
    return {re.sub("-", "_", flag.replace("-", ".", 1)) for flag in flags} | set(keys)


@pytest.fixture(scope="module")
def known_settings():
    section, found = "", set()
    for line in run("check-config").stdout.splitlines():
        if line.startswith("["):
            section = line.strip("[]") + "."
        elif name := re.match(r"#?\s*([a-z_]+)\s*=", line):
            found.add(section + name.group(1))
    assert {"access.allow_host", "limits.streams", "timeouts.head_ms"} <= found
    return found


@pytest.fixture(scope="module")
def relay():
    with relay_and_simulator("--timeouts-head-ms=300", "--timeouts-body-ms=300") as (made, _):
        yield made


ROWS = [
    (1, b"GET / HT", 408, "request_timeout", "timeouts.head_ms"),
    (2, get(fields=f"X: {'a' * 40000}\r\n"), 431, "headers_too_large", "limits.head_bytes"),
    (2, get(fields="X: a\r\n" * 120), 431, "headers_too_large", "limits.headers"),
    (2, get("/" + "a" * 9000), 414, "uri_too_long", "limits.target_bytes"),
    (3, chat(b"Content-Length", b"Transfer-Encoding: chunked\r\nContent-Length"), 400,
     "bad_request", None),
    (3, get(fields="Transfer-Encoding: chunked, x\r\n"), 400, "bad_request", None),
    (3, get(fields="Transfer-Encoding: gzip\r\n"), 501, "unsupported_transfer_encoding", None),
    (3, get(fields="Content-Length: 1\r\nContent-Length: 1\r\n"), 400, "bad_request", None),
    (3, get(line="GET / HTTP/1.0", fields="Transfer-Encoding: chunked\r\n"), 400, "bad_request",
     None),
    (3, get(fields="X: a\r\n b\r\n"), 400, "bad_request", None),
    (3, get(fields="X: \0\r\n"), 400, "bad_request", None),
    (3, get(host=""), 400, "bad_request", None),
    (3, get(host=LOCAL * 2), 400, "bad_request", None),
    (3, get("/\xe9"), 400, "bad_request", None),
    (4, get(line="GET / HTTP/2.0"), 505, "http_version_not_supported", None),
    (5, get(host="Host: evil.example\r\n"), 403, "host_not_allowed", "access.allow_host"),
    (6, get(fields="Origin: http://evil.example\r\n"), 403, "origin_not_allowed",
     "access.allow_origin"),
    (6, get(fields="Origin: null\r\n"), 403, "origin_not_allowed", None),
    (6, get(fields="Origin: app://a\r\nOrigin: app://a\r\n"), 403, "origin_not_allowed", None),
    (7, get(fields="Sec-Fetch-Site: cross-site\r\n"), 403, "cross_site_request",
     "access.allow_origin"),
    (8, get(line="OPTIONS /v1/models HTTP/1.1", fields="Origin: http://evil.example\r\n"
            "Access-Control-Request-Method: POST\r\n"), 403, "origin_not_allowed",
     "access.allow_origin"),
    (11, get("/v2"), 404, "not_found", None),
    (11, get("/v1/chat/completions"), 405, "method_not_allowed", None),
    (11, get(line="TRACE /v1/models HTTP/1.1"), 405, "method_not_allowed", None),
    (12, get(fields="Upgrade: websocket\r\n"), 426, "upgrade_not_available", None),
    (13, chat(b"application/json", b"text/plain"), 415, "unsupported_media_type",
     "access.lenient_content_type"),
    (13, chat(b"Content-Type", b"Content-Encoding: gzip\r\nContent-Type"), 415,
     "unsupported_media_type", None),
    (14, get(fields="Expect: magic\r\n"), 417, "expectation_failed", None),
    (15, chat(b"Content-Length: ", b"Content-Length: 9000000"), 413, "request_too_large",
     "limits.body_bytes"),
    (15, chat(b"Content-Length: ", b"Content-Length: 1"), 408, "request_timeout",
     "timeouts.body_ms"),
    (16, body('{"model":'), 400, "invalid_json", None),
    (16, body("\ufeff{}"), 400, "invalid_json", None),
    (16, body('{"model":"a/b","\\u006dodel":"c/d"}'), 400, "duplicate_key", None),
    (16, body('{"model":7}'), 400, "invalid_type", None),
    (16, body('{"model":"google/a","stream":1}'), 400, "invalid_type", None),
    (17, body('{"model":"google/../b"}'), 400, "invalid_model", None),
]


@pytest.mark.parametrize("row, request_bytes, status, code, setting", ROWS)
def test_a_refusal_names_its_setting(relay, known_settings, row, request_bytes, status, code,
                                     setting):
    got, head, error = ask(relay, request_bytes)
    assert (got, error["code"]) == (status, code), error
    assert settings_in(error["message"]) == ({setting} if setting else set()), error
    assert settings_in(error["message"]) <= known_settings
    assert len(error["message"]) > 20 and "access-control-" not in head
    assert ("allow: " in head) == (status == 405)
    if row <= 4:  # what comes next on such a connection cannot be told from the rest of this
        assert "connection: close" in head


def test_another_user_is_refused():
    if os.geteuid() != 0:
        pytest.skip("only root can be another user")
    with Simulator() as simulator, Relay(*simulator.flags(), "--access-peer-check=on") as relay:
        for uid, status in [(0, "200"), (65534, "403")]:
            done = subprocess.run(["setpriv", f"--reuid={uid}", "--clear-groups", "curl", "-si",
                                   relay.url + "/v1/models"], capture_output=True, text=True)
            assert done.stdout.startswith(f"HTTP/1.1 {status} "), done
        assert '"peer_not_allowed"' in done.stdout
        assert settings_in(done.stdout) == {"access.allow_uid", "access.peer_check"}


def test_a_key_is_needed_where_one_is_set(tmp_path):
    (tmp_path / "key").write_text("the-key")
    flags = [f"--access-api-key-file={tmp_path / 'key'}", "--access-only-listed-models",
             "--model=a=google/gemini-3.5-flash"]
    with relay_and_simulator(*flags) as (relay, _):
        for fields in ["", "Authorization: Bearer another\r\n", "Authorization: Basic the-key\r\n"]:
            status, _, error = ask(relay, get(fields=fields))
            assert (status, error["code"]) == (401, "invalid_api_key")
            assert settings_in(error["message"]) == {"access.api_key_file"}
        status, _, error = ask(relay, chat(b"Content-Type", b"Authorization: Bearer the-key\r\n"
                                                            b"Content-Type"))
        assert (status, error["code"]) == (404, "model_not_found")
        assert settings_in(error["message"]) == {"access.only_listed_models"}


@pytest.mark.parametrize("flag, before, request_bytes", [
    ("--limits-streams=1", STREAM, CHAT),
    ("--limits-connections=1", b"GET", CHAT),
    ("--limits-buffered-bytes=1000000", b"", body('{"model":"google/a"}' + " " * 1500000)),
])
def test_over_a_limit_it_says_which_and_when_to_come_again(flag, before, request_bytes):
    with relay_and_simulator(flag) as (relay, _), connect(relay.port) as first:
        if before:
            first.sendall(before)
        if before == STREAM:
            assert first.recv(1)  # it is under way
        status, head, error = ask(relay, request_bytes)
        assert (status, error["code"]) == (503, "overloaded") and "retry-after: 1" in head
        assert settings_in(error["message"]) == settings_in(flag)


@pytest.mark.parametrize("flags", [["--listen=0.0.0.0:0"],
                                   ["--listen=0.0.0.0:0", "--access-allow-remote"]])
def test_other_machines_need_two_settings(flags):
    done = run("serve", "--project=p", *flags)
    assert done.returncode == 2
    assert {"access.allow_remote", "access.api_key_file"} <= settings_in(done.stderr)
