import asyncio
import resource

from support import GEMINI, chat_request, relay_and_simulator, user

STREAMS = 1000
CONNECTING = 100  # at a time; the rest is open already


async def open_stream(port, gate):
    async with gate:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(chat_request({"model": "google/sim-stall-2", "messages": user("Hello"),
                                   "stream": True}))
        seen = b""
        while seen.count(b"data: ") < 2:
            piece = await reader.read(65536)
            assert piece, "a stream ended early"
            seen += piece
    assert seen.startswith(b"HTTP/1.1 200 ")
    return reader, writer


async def hold_them_all(relay):
    gate = asyncio.Semaphore(CONNECTING)
    opened = await asyncio.gather(*(open_stream(relay.port, gate) for _ in range(STREAMS)))
    assert not any(reader.at_eof() for reader, _ in opened)
    async with relay.async_client() as client:
        answer = await client.chat.completions.create(model=GEMINI, messages=user("Still there?"))
        assert answer.choices[0].finish_reason == "stop"
    for _, writer in opened:
        writer.close()


def test_a_thousand_streams_are_open_at_once():
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 4096)), hard))
    with relay_and_simulator() as (relay, simulator):
        asyncio.run(hold_them_all(relay))
        for _ in range(STREAMS):
            simulator.out.expect("^chat cancelled$")
            relay.err.expect('"cause":"client_gone"')
