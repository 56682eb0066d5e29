"""Scripted token servers on loopback, one for each of Google's and for the places subject tokens
come from. They record what they are asked; one case at a time."""

import contextlib
import http.server
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from case import Answer, Case

SERVERS = ("oauth", "sts", "iam", "source", "metadata", "projects", "vertex")


@dataclass(frozen=True)
class Seen:
    """One request as it arrived."""
    server: str
    method: str
    target: str
    headers: dict[str, str]  # names in lower case
    body: bytes
    certificate: bytes | None = None

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]


class TokenServers:
    def __init__(self, tls: ssl.SSLContext) -> None:
        self._lock = threading.Lock()
        self._case: Case | None = None
        self._seen: list[Seen] = []
        self._told: dict[str, int] = {}
        self._servers = {name: self._listen(name, None) for name in SERVERS}
        self._servers["mtls"] = self._listen("mtls", tls)

    def _listen(self, name: str, tls: ssl.SSLContext | None) -> http.server.ThreadingHTTPServer:
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 20

            def setup(self) -> None:
                if tls is not None:
                    self.request = tls.wrap_socket(self.request, server_side=True)
                super().setup()

            def serve(self) -> None:
                owner._serve(name, self)

            do_GET = do_POST = do_PUT = serve

            def log_message(self, *_: object) -> None:
                pass

        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: object) -> None:
                pass  # a side that hangs up; it tells its own story

        server = Server(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        return server

    def host(self, name: str) -> str:
        return f"127.0.0.1:{self._servers[name].server_address[1]}"

    def url(self, name: str, path: str = "") -> str:
        return f"{'https' if name == 'mtls' else 'http'}://{self.host(name)}{path}"

    def _serve(self, name: str, request: http.server.BaseHTTPRequestHandler) -> None:
        headers = {key.lower(): value for key, value in request.headers.items()}
        body = request.rfile.read(int(headers.get("content-length", "0")))
        certificate = request.connection.getpeercert(True) if name == "mtls" else None
        seen = Seen(name, request.command, request.path, headers, body, certificate)
        answer = self._note(seen)
        request.close_connection = True
        if answer.close:
            return
        request.send_response(answer.status)
        for key, value in answer.headers.items():
            request.send_header(key, value)
        request.send_header("Content-Length", str(len(answer.body)))
        request.send_header("Connection", "close")
        request.end_headers()
        request.wfile.write(answer.body)

    def _note(self, seen: Seen) -> Answer:
        with self._lock:
            self._seen.append(seen)
            script = self._case.answers if self._case else {}
            key = f"{seen.server} {seen.path}"
            answers = script.get(key) or script.get(seen.server)
            if not answers:
                return Answer(404)
            key = key if key in script else seen.server
            told = self._told.get(key, 0)
            self._told[key] = told + 1
            return answers[min(told, len(answers) - 1)]

    @contextlib.contextmanager
    def playing(self, case: Case) -> Iterator[list[Seen]]:
        """The requests of one side; each side hears the script from its beginning."""
        with self._lock:
            self._case, self._seen, self._told = case, [], {}
            seen = self._seen
        try:
            yield seen
        finally:
            with self._lock:
                self._case, self._seen = None, []

    def take_seen_by(self, name: str) -> list[Seen]:
        """Takes out of the record what one server saw."""
        with self._lock:
            taken = [seen for seen in self._seen if seen.server == name]
            self._seen[:] = [seen for seen in self._seen if seen.server != name]
        return taken

    def close(self) -> None:
        for server in self._servers.values():
            server.shutdown()
            server.server_close()


def tls_context(certificate: Path, clients: Path) -> ssl.SSLContext:
    """Shows `certificate` (with its key) and asks for one that `clients` vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    context.load_verify_locations(clients)
    context.verify_mode = ssl.CERT_OPTIONAL
    return context
