import asyncio

from support import EVERY_KIND, user

STREAMS = 100


async def text_of(client, number):
    asked = dict(model=EVERY_KIND[number % len(EVERY_KIND)],
                 messages=user(f"Number {number}: " + chr(0x4E00 + number) * (7 * number + 1)))
    pieces = []
    async for chunk in await client.chat.completions.create(stream=True, **asked):
        pieces += [choice.delta.content or "" for choice in chunk.choices]
    whole = await client.chat.completions.create(**asked)
    return "".join(pieces), whole.choices[0].message.content


def test_a_hundred_streams_at_once_have_no_wrong_byte(shared):
    async def all_of_them():
        async with shared.async_client() as client:
            return await asyncio.gather(*(text_of(client, number) for number in range(STREAMS)))

    for number, (streamed, whole) in enumerate(asyncio.run(all_of_them())):
        assert streamed == whole
        assert streamed.startswith(f"You said: Number {number}: ")
