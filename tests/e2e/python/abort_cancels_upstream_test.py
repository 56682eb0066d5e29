import asyncio

import pytest

from support import relay_and_simulator, user


@pytest.fixture(scope="module")
def pair():
    with relay_and_simulator() as made:
        yield made


def test_leaving_a_stream_cancels_it_at_google(pair):
    relay, simulator = pair
    with relay.client() as client:
        stream = client.chat.completions.create(model="google/sim-stall-3", stream=True,
                                                messages=user("Hello"))
        simulator.out.expect("^chat begun$")
        assert next(iter(stream)).choices
        stream.close()
        simulator.out.expect("^chat cancelled$")
    relay.err.expect('"route":"google/sim-stall-3".*"cause":"client_gone"')


def test_leaving_before_the_answer_cancels_it_at_google(pair):
    relay, simulator = pair

    async def ask_and_leave():
        async with relay.async_client() as client:
            asked = asyncio.ensure_future(client.chat.completions.create(
                model="google/sim-never", messages=user("Hello")))
            await asyncio.to_thread(simulator.out.expect, "^chat begun$")
            asked.cancel()
            with pytest.raises(asyncio.CancelledError):
                await asked
            await asyncio.to_thread(simulator.out.expect, "^chat cancelled$")

    asyncio.run(ask_and_leave())
    relay.err.expect('"route":"google/sim-never".*"status":499,"cause":"client_gone"')


def test_the_next_request_works(pair):
    relay, simulator = pair
    with relay.client() as client:
        client.chat.completions.create(model="gemini-3.5-flash", messages=user("Hello"))
    simulator.out.expect("^chat finished$")
