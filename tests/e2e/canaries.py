"""The canaries: a bearer token, private key material, a client's key and words of a prompt."""

import contextlib
import json

from support import chat_request, connect, read_answer

CLIENT_KEY, WRONG_KEY = "sk-canary-of-the-client", "sk-canary-of-a-stranger"
PROMPT = "canary-words-of-a-prompt"
SECRETS = ["ya29.", "eyJ", CLIENT_KEY, WRONG_KEY, PROMPT]  # eyJ begins every signed assertion
CHAT = {"messages": [{"role": "user", "content": PROMPT}]}


def key_material(file):
    """The secret values of a credential file, a private key line by line."""
    with open(file) as text:
        document = json.load(text)
    names = ["private_key", "refresh_token", "client_secret"]
    lines = "\n".join(document.get(name, "") for name in names).splitlines()
    found = [line for line in lines if line and not line.startswith("-----")]
    assert found
    return found


def assert_silent(text, *files):
    for hidden in SECRETS + [part for file in files for part in key_material(file)]:
        at = text.find(hidden)
        assert at < 0, f"{hidden} in: …{text[max(0, at - 200):at + 200]}…"


def exchange(relay, body, key=CLIENT_KEY, path="/v1/chat/completions", more=""):
    """What the relay answers, head and body, as far as it comes."""
    fields = f"Authorization: Bearer {key}\r\nX-Goog-Api-Key: {key}\r\nCookie: {key}\r\n{more}"
    if isinstance(body, dict):
        request = chat_request(body, path, fields)
    else:
        request = (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                   f"{fields}Content-Length: {len(body)}\r\n\r\n{body}").encode()
    with connect(relay.port) as raw:
        raw.sendall(request.replace(b"\r\n", b"\r\nConnection: close\r\n", 1))
        received = b""
        with contextlib.suppress(ConnectionResetError):
            while piece := raw.recv(65536):
                received += piece
    return received.decode()


def metrics(relay):
    with connect(relay.port) as raw:
        raw.sendall(f"GET /metrics HTTP/1.1\r\nHost: localhost\r\n"
                    f"Authorization: Bearer {CLIENT_KEY}\r\n\r\n".encode())
        status, fields, body = read_answer(raw.makefile("rb"))
    assert status == 200 and b"vertex_relay_requests_total" in body
    return f"{fields}{body.decode()}"


def key_file(folder):
    (folder / "key").write_text(CLIENT_KEY + "\n")
    return f"--access-api-key-file={folder / 'key'}"
