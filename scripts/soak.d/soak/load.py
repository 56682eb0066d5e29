"""Clients that visit the relay one after the other, each on a connection of its own."""

import asyncio
import collections
import time

from soak.visits import NOW, endless_visits

CLIENTS = 32
THINKING = 0.1      # seconds between the visits of a client
VISIT_SECONDS = 60  # an answer that takes longer counts as a hang
RELOAD_SECONDS = 2


class Outcomes:
    def __init__(self):
        self.counts, self.unexplained = collections.Counter(), []

    def note(self, visit, got, trouble=None):
        right = trouble is None and visit.is_right(got)
        self.counts[visit.name + ("" if right else ": UNEXPLAINED")] += 1
        if not right and len(self.unexplained) < 20:
            self.unexplained.append(f"{visit.name}: {trouble or ''} {got[:300]!r}…{got[-300:]!r}")


async def read_answer(reader, leave_at):
    got = b""
    while leave_at is None or leave_at not in got:
        piece = await reader.read(65536)
        if not piece:
            break
        got += piece
    return got


async def visit_once(port, visit, outcomes):
    got, trouble = b"", None
    try:
        async with asyncio.timeout(VISIT_SECONDS):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(visit.request)
                await writer.drain()
                if visit.leave_at != NOW:
                    got = await read_answer(reader, visit.leave_at)
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        trouble = repr(error)
    outcomes.note(visit, got, trouble)


async def one_client(port, seed, end, outcomes):
    for visit in endless_visits(seed):
        if time.monotonic() > end:
            return
        await visit_once(port, visit, outcomes)
        await asyncio.sleep(THINKING)


async def put_load_on(port, end, outcomes, every_second, reload):
    """Returns when `end` has come and every client has got its last answer."""
    clients = [asyncio.create_task(one_client(port, seed, end, outcomes))
               for seed in range(CLIENTS)]
    reloaded = time.monotonic()
    waiting = set(clients)
    while waiting:
        _, waiting = await asyncio.wait(waiting, timeout=1)
        every_second()
        if time.monotonic() > reloaded + RELOAD_SECONDS:
            reload()
            reloaded = time.monotonic()
    for client in clients:
        client.result()
