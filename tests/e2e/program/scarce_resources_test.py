"""What runs out costs the requests that need it, and nothing else: descriptors, memory, disk."""

import collections
import concurrent.futures
import contextlib
import os
import re
import resource
import subprocess
import time

import pytest

from support import (GEMINI, OPEN, PATIENCE, answer_to, chat_request, connect, get, read_answer,
                     relay_and_simulator, user)
from weather_tools import TOOLS

DESCRIPTORS = 64
MB = 1024 * 1024
CPU_SHARE = 0.05  # of one core, while clients wait for descriptors


def cpu_seconds(child):
    with open(f"/proc/{child.pid}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def ask(relay, body):
    """Status and body of one answer on a connection of its own."""
    with connect(relay.port) as raw:
        raw.sendall(chat_request(body))
        status, _, text = read_answer(raw.makefile("rb"))
    return status, text.decode()


def end_of(raw):
    """What came up to the end of the connection."""
    seen = b""
    with raw, contextlib.suppress(ConnectionResetError):
        while piece := raw.recv(65536):
            seen += piece
    return seen


def test_without_descriptors_it_neither_spins_nor_stays_deaf():
    hello = {"model": GEMINI, "messages": user("Hello")}
    with relay_and_simulator("--timeouts-head-ms=2000") as (relay, _):
        assert ask(relay, hello)[0] == 200
        resource.prlimit(relay.child.pid, resource.RLIMIT_NOFILE, (DESCRIPTORS, DESCRIPTORS))
        began, spent = time.monotonic(), cpu_seconds(relay.child)
        waiting = [connect(relay.port) for _ in range(2 * DESCRIPTORS)]
        ends = [end_of(raw) for raw in waiting]  # by the deadline, or turned away
        share = (cpu_seconds(relay.child) - spent) / (time.monotonic() - began)
        assert all(end == b"" or end.startswith(b"HTTP/1.1 408 ") for end in ends)
        assert share < CPU_SHARE
        status, text = ask(relay, hello)
        assert status == 200 and answer_to("Hello") in text, text


def memory_of(child):
    with open(f"/proc/{child.pid}/status") as file:
        return int(re.search(r"VmSize:\s+(\d+) kB", file.read()).group(1)) * 1024


def test_without_memory_requests_end_as_overload():
    small = {"model": OPEN, "messages": user("Hello")}
    large = {"model": OPEN, "messages": user("x" * 4 * MB)}
    with relay_and_simulator() as (relay, _):
        status, wanted = ask(relay, small)
        assert status == 200
        limit = memory_of(relay.child) + MB
        resource.prlimit(relay.child.pid, resource.RLIMIT_AS, (limit, limit))
        with concurrent.futures.ThreadPoolExecutor(30) as many:
            answers = list(many.map(lambda _: outcome(relay, large), range(30)))
        seen = collections.Counter(status for status, _ in answers)
        assert set(seen) <= {200, 503, "closed"}, answers
        assert seen[503] > 0 and seen["closed"] <= 3, answers  # it did run out
        for status, text in answers:
            assert status != 503 or '"code":"overloaded"' in text
        assert relay.child.poll() is None
        status, text = ask(relay, small)
        assert status == 200 and answer_to("Hello") in text and answer_to("Hello") in wanted


def outcome(relay, body):
    try:
        return ask(relay, body)
    except (AssertionError, ConnectionError):
        return "closed", ""


@pytest.fixture
def tiny_disk(tmp_path):
    """A file system of 16 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "none", str(disk)],
                             capture_output=True, text=True)
    if mounted.returncode != 0:
        pytest.skip(f"needs to mount a file system: {mounted.stderr.strip()}")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def test_a_full_disk_costs_signatures_and_no_request(tiny_disk):
    file = tiny_disk / "signatures"
    question = {"model": GEMINI, "messages": user("Weather in Rome?"), "tools": TOOLS}
    with relay_and_simulator(f"--signatures-file={file}") as (relay, _):
        assert ask(relay, question)[0] == 200
        kept = file.read_bytes()
        assert kept.endswith(b"\n")
        filler = tiny_disk / "filler"
        with open(filler, "wb", buffering=0) as more, pytest.raises(OSError):
            while True:
                more.write(b"x" * 4096)
        for _ in range(200):
            assert ask(relay, question)[0] == 200
        filler.unlink()
        lines, asked, begun = [], 201, time.monotonic()  # there is room again: seen within a second
        while len(lines) != asked and time.monotonic() - begun < PATIENCE:
            assert ask(relay, question)[0] == 200
            asked += 1
            lines = file.read_bytes().splitlines(keepends=True)
        assert len(lines) == asked
        assert all(re.fullmatch(rb"\d+ [0-9a-f]+ [0-9a-f]+ [!-~]+\n", line) for line in lines)
