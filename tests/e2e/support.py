"""Starts the released program and waits for what it says. No test sleeps: each waits for a line, an
answer or an end, and none of them for longer than PATIENCE."""

import contextlib
import json
import os
import re
import signal
import socket
import ssl
import subprocess
import threading
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROGRAM = os.environ.get("VERTEX_RELAY",
                         os.path.join(ROOT, "build", "release", "server", "vertex-relay"))
PATIENCE = 60  # seconds; a loaded machine is slow, and only a broken relay gets here

GEMINI = "google/gemini-3.8-flash"
OPEN = "openai/gpt-oss-120b-maas"
# The simulator answers endpoints with even ids as vLLM does, those with odd ones as TGI does.
VLLM, VLLM_ENDPOINT = "my-vllm", "1234567890"
TGI, TGI_ENDPOINT = "my-tgi", "1234567891"
EVERY_KIND = [GEMINI, OPEN, VLLM, TGI]
ALIASES = [f"--model={VLLM}={VLLM_ENDPOINT}", f"--model={TGI}={TGI_ENDPOINT}"]


class Lines:
    """The lines of a pipe, read at once, so that the program never waits for its reader."""

    def __init__(self, pipe):
        self._pipe, self._lines, self._passed, self._ended = pipe, [], 0, False
        self._arrived = threading.Condition()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for line in self._pipe:
            with self._arrived:
                self._lines.append(line.rstrip("\n"))
                self._arrived.notify_all()
        with self._arrived:
            self._ended = True
            self._arrived.notify_all()

    def expect(self, pattern):
        """Passes over lines up to the first that matches, and returns the match."""
        end = time.monotonic() + PATIENCE
        with self._arrived:
            while True:
                while self._passed < len(self._lines):
                    found = re.search(pattern, self._lines[self._passed])
                    self._passed += 1
                    if found:
                        return found
                left = end - time.monotonic()
                if self._ended or left <= 0:
                    raise AssertionError(f"no line matches {pattern!r}; there were:\n" +
                                         "\n".join(self._lines))
                self._arrived.wait(left)

    def so_far(self):
        with self._arrived:
            return list(self._lines)

    def take(self):
        """The lines that were not passed over yet; all so far are forgotten."""
        with self._arrived:
            lines = self._lines[self._passed:]
            self._lines, self._passed = [], 0
            return lines

    def close(self):
        self._reader.join(PATIENCE)
        self._pipe.close()


class Program:
    """A running vertex-relay, ended when its `with` block is left."""

    def __init__(self, *words, environment=None, under=(), pass_fds=()):
        """`under`: a command that runs it, with the program and its words as last arguments."""
        self.child = subprocess.Popen([*under, PROGRAM, *words], text=True, pass_fds=pass_fds,
                                      stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, env=clean_environment(environment))
        self.out, self.err = Lines(self.child.stdout), Lines(self.child.stderr)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()

    def first(self, pattern):
        """The match of the line that says it is ready; a program that is not is ended."""
        try:
            return self.out.expect(pattern)
        except BaseException as error:
            self.child.kill()
            self.wait()
            error.add_note("\n".join(self.err.so_far()))
            raise

    def terminate(self):
        self.child.send_signal(signal.SIGTERM)

    def wait(self):
        """Waits for the end; its exit code."""
        code = self.child.wait(PATIENCE)
        self.out.close()
        self.err.close()
        return code

    def stop(self):
        if self.child.poll() is None:
            self.child.send_signal(signal.SIGTERM)
            self.child.send_signal(signal.SIGTERM)
        try:
            return self.wait()
        except subprocess.TimeoutExpired:
            self.child.kill()
            raise


class Simulator(Program):
    def __init__(self, *flags):
        super().__init__("simulate", "--trace", *flags)
        said = self.first(r"^simulating (\S+) metadata=(\S+) ca=(\S+) credentials=(\S+)$")
        self.endpoint, self.metadata, self.ca, self.credentials = said.groups()
        self.port = int(self.endpoint.rsplit(":", 1)[1])
        self.service_account = os.path.join(os.path.dirname(self.ca), "sa.json")

    def flags(self):
        """What makes the relay take this simulator for Google."""
        return ["--project=sim-project", f"--upstream-endpoint={self.endpoint}",
                f"--upstream-ca-file={self.ca}", f"--google-credentials={self.credentials}",
                "--google-allow-any-token-host"]


class Relay(Program):
    def __init__(self, *flags, command="serve", listen="127.0.0.1:0", environment=None):
        super().__init__(command, f"--listen={listen}", *flags, environment=environment)
        self.url = self.first(r"^listening (\S+)$").group(1)
        self.port = None if self.url.startswith("unix:") else int(self.url.rsplit(":", 1)[1])

    def client(self, **options):
        import openai  # here, for scripts/soak does without
        return openai.OpenAI(**self._client_options(options))

    def async_client(self, **options):
        import openai
        return openai.AsyncOpenAI(**self._client_options(options))

    def _client_options(self, options):
        return {"base_url": self.url + "/v1", "api_key": "any", "max_retries": 0,
                "timeout": PATIENCE} | options

    def access_lines(self):
        """The access lines so far, oldest first."""
        entries = [json.loads(line) for line in self.err.so_far()]
        return [entry for entry in entries if "route" in entry]


@contextlib.contextmanager
def relay_and_simulator(*flags, simulate=()):
    with Simulator(*simulate) as simulator, Relay(*simulator.flags(), *flags) as relay:
        yield relay, simulator


def run(*words, environment=None):
    """Runs the program to its end."""
    return subprocess.run([PROGRAM, *words], text=True, capture_output=True, timeout=PATIENCE,
                          stdin=subprocess.DEVNULL, env=clean_environment(environment))


def clean_environment(extra=None):
    """No credentials, proxies or settings of whoever runs the tests."""
    return {"PATH": os.environ.get("PATH", ""), "HOME": "/nonexistent",
            "NO_GCE_CHECK": "true"} | (extra or {})


def user(content):
    return [{"role": "user", "content": content}]


def answer_to(text):
    """What the simulator answers to a user who says `text`."""
    return f"You said: {text} – answered by the simulator ✓"


def chat_request(body, path="/v1/chat/completions", headers=""):
    """The bytes of a chat request, for raw connections."""
    payload = json.dumps(body).encode()
    head = (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
            f"{headers}Content-Length: {len(payload)}\r\n\r\n")
    return head.encode() + payload


def get(port, path, address="127.0.0.1"):
    """Status, head and parsed body of a GET without a library's help."""
    with connect(port, address=address) as raw:
        raw.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        status, fields, body = read_answer(raw.makefile("rb"))
    return status, fields, json.loads(body)


def connect(port, tls_ca=None, address="127.0.0.1"):
    raw = socket.create_connection((address, port), timeout=PATIENCE)
    if not tls_ca:
        return raw
    return ssl.create_default_context(cafile=tls_ca).wrap_socket(raw, server_hostname="127.0.0.1")


def read_answer(stream):
    """Status, head and unframed body of one answer from a connection's file; a cut is an error."""
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        line = stream.readline()
        assert line, "the connection ended inside the head"
        head += line
    status = int(head.split(b" ", 2)[1])
    fields = dict(line.split(": ", 1) for line in head.decode().lower().split("\r\n")[1:] if line)
    if fields.get("transfer-encoding") != "chunked":
        body = stream.read(int(fields["content-length"]))
        assert len(body) == int(fields["content-length"])
        return status, fields, body
    pieces = []
    while True:
        line = stream.readline()
        assert line.endswith(b"\r\n"), "the connection ended inside a chunked body"
        size = int(line, 16)
        piece = stream.read(size + 2)
        assert len(piece) == size + 2 and piece.endswith(b"\r\n")
        if size == 0:
            return status, fields, b"".join(pieces)
        pieces.append(piece[:-2])
