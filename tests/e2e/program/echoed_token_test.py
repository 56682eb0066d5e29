"""A server that repeats the request it refuses must not tell clients and logs our secrets."""

import http.server
import json
import socketserver
import threading
import urllib.parse

import pytest

from canaries import (CHAT, CLIENT_KEY, PROMPT, assert_silent, exchange, key_file, key_material,
                      metrics)
from support import GEMINI, PATIENCE, Relay, Simulator, run


class Echo(http.server.BaseHTTPRequestHandler):
    """An upstream that gives what it was sent away again, in each way the model's name asks for."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        token = self.headers["authorization"]
        self.server.tokens.add(token.removeprefix("Bearer "))
        way, status = body["model"].rsplit("-", 2)[-2:]
        said = f"request with Authorization: {token} and {PROMPT} was refused"
        error = json.dumps({"error": {"code": int(status), "message": said, "status": token,
                                      "details": [{"reason": token}]}})
        text = {"json": error, "array": f"[{error}]", "html": f"<html>{said}</html>", "text": said,
                "event": f'data: {{"choices": []}}\n\ndata: {error}\n\n'}[way]
        self.send_response(int(status), f"refused {token}")
        self.send_header("Content-Type", {"html": "text/html", "event": "text/event-stream",
                                          "text": "text/plain"}.get(way, "application/json"))
        self.send_header("X-Authorization", token)
        self.send_header("Www-Authenticate", f"Bearer {token}")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


class EchoServer(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True

    def __enter__(self):
        self.tokens = set()
        self.serving = threading.Thread(target=self.serve_forever, daemon=True)
        self.serving.start()
        return self

    def __exit__(self, *_):
        self.shutdown()
        self.server_close()
        self.serving.join(PATIENCE)


@pytest.mark.parametrize("level", ["trace", "info"])
def test_a_token_that_an_upstream_gives_away_ends_at_the_relay(tmp_path, level):
    ways = [f"{way}-{status}" for status in (400, 401, 403, 404, 429, 500, 503)
            for way in ("json", "array", "html", "text")] + ["event-200", "json-200", "html-200"]
    with Simulator() as simulator, EchoServer(("127.0.0.1", 0), Echo) as echo:
        flags = [f"--upstream-endpoint=http://127.0.0.1:{echo.server_port}", key_file(tmp_path),
                 f"--log-level={level}", "--retry-max=0"]
        with Relay(*simulator.flags(), *flags) as relay:
            seen = [exchange(relay, CHAT | {"model": f"google/m-{way}", "stream": stream})
                    for way in ways for stream in (False, True)]
            page = metrics(relay)
            relay.stop()
            written = "\n".join(relay.out.so_far() + relay.err.so_far())
        assert_silent(written + page, simulator.credentials)
    assert echo.tokens and all(token.startswith("ya29.") for token in echo.tokens)
    for answer in seen:
        assert answer.startswith("HTTP/1.1 ")
        for hidden in echo.tokens | {CLIENT_KEY}:
            assert hidden not in answer


class TokenEcho(http.server.BaseHTTPRequestHandler):
    """A token server that repeats a refused form in its error, shaped as the path asks for."""

    def do_POST(self):
        form = self.rfile.read(int(self.headers["content-length"])).decode()
        form = urllib.parse.unquote_plus(form)
        text = {"/description": json.dumps({"error": "invalid_grant", "error_description": form}),
                "/error": json.dumps({"error": form}),
                "/google": json.dumps({"error": {"status": form, "message": form}})}[self.path]
        self.server.tokens.add(form)
        self.send_response(400)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_):
        pass


@pytest.mark.parametrize("account", ["credentials", "service_account"])
@pytest.mark.parametrize("shape", ["description", "error", "google"])
def test_a_form_that_a_token_server_repeats_is_told_nobody(tmp_path, account, shape):
    with Simulator() as simulator, EchoServer(("127.0.0.1", 0), TokenEcho) as echo:
        file = tmp_path / "credentials.json"
        with open(getattr(simulator, account)) as text:
            document = json.load(text)
        document["token_uri"] = f"http://127.0.0.1:{echo.server_port}/{shape}"
        file.write_text(json.dumps(document))
        flags = [*simulator.flags(), f"--google-credentials={file}", "--log-level=trace"]
        with Relay(*flags) as relay:
            seen = exchange(relay, CHAT | {"model": GEMINI})
            relay.stop()
            seen += "\n".join(relay.err.so_far())
        for command in [["doctor", "--listen=127.0.0.1:0"], ["print-token"]]:
            done = run(*command, *flags)
            seen += done.stdout + done.stderr
    assert echo.tokens and "google_credentials_" in seen
    hidden = [word for secret in key_material(file) for word in secret.split("/") if len(word) > 20]
    for word in [*hidden, "eyJ"]:
        assert word not in seen
