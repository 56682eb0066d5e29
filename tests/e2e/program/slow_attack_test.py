"""A thousand clients that are slow on purpose are shed by deadlines; good requests stay fast."""

import asyncio
import re
import resource
import socket
import time

import pytest

from support import GEMINI, answer_to, chat_request, relay_and_simulator, user

ATTACKERS = 1000
CONNECTING = 100  # at a time; the rest is open already
PACE = 0.2        # seconds from one byte of an attacker to the next
GOOD_SECONDS = 1  # for 99 of 100 good requests, while attackers are there; a loaded machine is slow
RSS_MB = 100
DEADLINES = ["--timeouts-head-ms=1000", "--timeouts-body-ms=1000", "--timeouts-write-ms=1000",
             "--timeouts-keep-alive-ms=1000"]
HEAD = (b"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\n"
        b"Content-Type: application/json\r\n")


@pytest.fixture(scope="module")
def relay():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 8192)), hard))
    with relay_and_simulator(*DEADLINES) as (made, _):
        yield made


def slow_reader():
    """A socket whose kernel takes little in advance."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.setblocking(False)
    return made


async def attack(port, begin, drip, gate):
    """Sends `begin`, then `drip` again and again up to the end; what came, and in which time."""
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
    began, seen = time.monotonic(), b""
    try:
        writer.write(begin)
        while True:
            try:
                piece = await asyncio.wait_for(reader.read(65536), PACE)
            except TimeoutError:
                writer.write(drip)
                continue
            if not piece:
                break
            seen += piece
    except ConnectionError:  # it dripped into a connection that was shed
        pass
    finally:
        writer.close()
    return seen, time.monotonic() - began


async def good_requests(port, over):
    """One after the other while the attack goes on; the time of each."""
    wanted = chat_request({"model": GEMINI, "messages": user("hi")},
                          headers="Connection: close\r\n")
    times = []
    while not over.is_set():
        began = time.monotonic()
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(wanted)
        answer = await reader.read(-1)
        writer.close()
        times.append(time.monotonic() - began)
        assert answer.startswith(b"HTTP/1.1 200 ") and answer_to("hi").encode() in answer
    return times


async def under_attack(port, attackers):
    over = asyncio.Event()
    good = asyncio.create_task(good_requests(port, over))
    try:
        ends = await attackers
    finally:
        over.set()
    times = sorted(await good)
    assert len(times) >= 5
    assert times[len(times) * 99 // 100] < GOOD_SECONDS, f"{len(times)} requests, {times[-20:]}"
    return ends


def shed(relay, begin, drip):
    async def all_of_them():
        gate = asyncio.Semaphore(CONNECTING)
        return await asyncio.gather(*(attack(relay.port, begin, drip, gate)
                                      for _ in range(ATTACKERS)))
    return asyncio.run(under_attack(relay.port, all_of_them()))


@pytest.mark.parametrize("begin, drip", [
    (HEAD, b"x"), (HEAD + b"X-Slow: ", b"a"), (b"", b"G"),
    (HEAD + b"Content-Length: 4096\r\n\r\n{", b" "),
    (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n"),
], ids=["head", "field", "request-line", "body", "chunks"])
def test_slow_senders_end_at_the_deadline(relay, begin, drip):
    for answer, seconds in shed(relay, begin, drip):
        assert answer == b"" or answer.startswith(b"HTTP/1.1 408 ")
        assert 0.9 < seconds < 10


@pytest.mark.parametrize("fields, status", [
    (b"Range: bytes=0-" + b"".join(b",5-%d" % i for i in range(1300)) + b"\r\n", b"200"),
    (b"X-Large: " + b"a" * 40000 + b"\r\n", b"431"),
    (b"".join(b"X-%d: a\r\n" % i for i in range(200)), b"431"),
], ids=["range", "bytes", "fields"])
def test_large_heads_cost_little(relay, fields, status):
    head = b"GET /v1/models HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n"
    begin = head + fields + b"\r\n"
    for answer, _ in shed(relay, begin, b""):
        # A reset may destroy a refusal on its way: the client was still sending.
        assert answer.startswith(b"HTTP/1.1 " + status + b" ") or (answer, status) == (b"", b"431")


async def open_stalled(port, gate):
    async with gate:
        loop, raw = asyncio.get_running_loop(), slow_reader()
        await loop.sock_connect(raw, ("127.0.0.1", port))
        await loop.sock_sendall(raw, chat_request(
            {"model": "google/sim-events-100000", "messages": user("hi"), "stream": True}))
    return raw


async def stall(relay):
    gate = asyncio.Semaphore(CONNECTING)
    opened = await asyncio.gather(*(open_stalled(relay.port, gate) for _ in range(ATTACKERS)))
    for _ in opened:
        await asyncio.to_thread(relay.err.expect, '"cause":"client_stalled"')
    return opened


def test_stalled_readers_are_shed_and_take_little_memory(relay):
    for raw in asyncio.run(under_attack(relay.port, stall(relay))):
        raw.close()
    with open(f"/proc/{relay.child.pid}/status") as file:
        peak_kb = int(re.search(r"VmHWM:\s+(\d+) kB", file.read()).group(1))
    assert peak_kb < RSS_MB * 1024
