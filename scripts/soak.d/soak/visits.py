"""What the clients of a soak do, and what each of them must get: anything else is unexplained."""

import dataclasses
import random
import typing

from support import GEMINI, OPEN, answer_to, chat_request, user
from weather_tools import BOTH, TOOLS

CLOSE = "Connection: close\r\n"
NOW = b""  # leave_at: before any answer


@dataclasses.dataclass
class Visit:
    name: str
    request: bytes
    is_right: typing.Callable[[bytes], bool]
    leave_at: bytes | None = None  # what makes the client leave in the middle


def has_status(status, *parts):
    return lambda got: (got.startswith(f"HTTP/1.1 {status} ".encode()) and
                        all(part in got for part in parts))


def is_whole_stream(got):
    return has_status(200, b"data: [DONE]")(got) and got.endswith(b"\r\n0\r\n\r\n")


def is_broken_stream(got):
    """A failure in mid-stream: told as an event, and never a clean end."""
    return has_status(200, b'data: {"error":')(got) and not got.endswith(b"\r\n0\r\n\r\n")


def chat(model, text="Hello", headers=CLOSE, **more):
    return chat_request({"model": model, "messages": user(text)} | more, headers=headers)


def good_visits(dice):
    text = f"Hello {dice.randrange(10 ** 6)}"
    said = answer_to(text).encode()
    yield 20, Visit("answer", chat(GEMINI, text), has_status(200, said))
    yield 20, Visit("stream", chat(OPEN, text, stream=True), is_whole_stream)
    yield 5, Visit("alias", chat("soak", text), has_status(200, said))
    yield 5, Visit("long stream", chat("google/sim-paced-50-50", stream=True), is_whole_stream)
    yield 5, Visit("burst", chat("google/sim-events-500", stream=True), is_whole_stream)
    yield 3, Visit("large", chat(GEMINI, "x" * 300000), has_status(200))
    yield 3, Visit("pipelined", chat(GEMINI, headers="") * 2 + chat(GEMINI),
                   lambda got: got.count(b"HTTP/1.1 200 ") == 3)
    for stream in [False, True]:
        fits = is_whole_stream if stream else has_status(200, b'"tool_calls"')
        yield 3, Visit("tools", chat(GEMINI, BOTH, tools=TOOLS, stream=stream), fits)
        yield 2, Visit("tools", chat("google/sim-streamed-args", BOTH, tools=TOOLS, stream=stream),
                       fits)


def leaving_visits():
    def anything(_):
        return True
    paced = "google/sim-paced-50-500"
    yield 4, Visit("left in a stream", chat(paced, stream=True), anything, b"data: ")
    yield 2, Visit("left before the head", chat("google/sim-slow-300"), anything, NOW)
    yield 2, Visit("left after the head", chat(paced, stream=True), anything, b"HTTP/1.1 200")


def bad_visits():
    def get(path, fields=""):
        return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{CLOSE}{fields}\r\n".encode()
    good = chat(GEMINI)
    bad = {
        "bad framing": (good.replace(b"Host:", b"Transfer-Encoding: chunked\r\nHost:"), 400),
        "bad host": (good.replace(b"localhost", b"evil.example"), 403),
        "bad origin": (get("/v1/models", "Origin: https://evil.example\r\n"), 403),
        "bad type": (good.replace(b"application/json", b"text/plain"), 415),
        "bad JSON": (good.replace(b'"model"', b'"model '), 400),
        "bad model": (chat("no-such-model"), 404),
        "bad path": (get("/v2/chat"), 404),
        "bad method": (get("/v1/chat/completions"), 405),
        "bad size": (get("/v1/models", f"X-Large: {'a' * 10000}\r\n" * 4), 431),
    }
    for name, (request, status) in bad.items():
        yield 1, Visit(name, request, has_status(status, b'"error"'))
    yield 2, Visit("models", get("/v1/models"), has_status(200, b'"data"'))
    yield 1, Visit("metrics", get("/metrics"), has_status(200, b"vertex_relay_requests_total"))
    yield 1, Visit("probe", get("/readyz"), has_status(200))


def fault_visits():
    """Faults of the upstream: whether the client streams, and the status it must see."""
    statuses = {"429": 429, "503": 503, "500": 500, "400": 400, "403-iam": 403, "404": 404,
                "html-502": 502, "rst-at-once": 502, "garbage": 502, "gzip": 502, "redirect": 502,
                "dup-length": 502, "big-head": 502, "never": 504, "early-400": 400, "close": 200,
                "early-hints": 200}
    for fault, status in statuses.items():
        yield 0.5, Visit(f"fault {fault}", chat(f"google/sim-{fault}"), has_status(status))
    for fault in ["cut", "cut-inside", "rst", "stall", "clean-end", "midstream-error"]:
        yield 0.5, Visit(f"fault {fault}", chat(f"google/sim-{fault}", stream=True),
                         is_broken_stream)
    for fault in ["cut", "rst", "short-length"]:
        yield 0.5, Visit(f"fault {fault}", chat(f"google/sim-{fault}"), has_status(502))
    for fault in ["tiny-chunks-7", "ping", "crlf", "no-done"]:
        yield 0.5, Visit(f"fault {fault}", chat(f"google/sim-{fault}", stream=True),
                         is_whole_stream)


def every_visit(dice):
    return [*good_visits(dice), *leaving_visits(), *bad_visits(), *fault_visits()]


def endless_visits(seed):
    """The same ones for the same seed."""
    dice = random.Random(seed)
    while True:
        weights, visits = zip(*every_visit(dice))
        yield from dice.choices(visits, weights, k=50)
