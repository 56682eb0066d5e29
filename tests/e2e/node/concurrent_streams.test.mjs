import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, textOf, user } from "./support.mjs";

const { client } = await startRelay();

test("a hundred streams at once have no wrong byte", async () => {
    const compare = async (_, number) => {
        const letters = String.fromCharCode(0x4e00 + number).repeat(7 * number + 1);
        const messages = user(`Number ${number}: ${letters}`);
        const asked = { model: everyKind[number % everyKind.length], messages };
        const stream = await client.chat.completions.create({ ...asked, stream: true });
        const streamed = await textOf(stream);
        const whole = await client.chat.completions.create(asked);
        assert.equal(streamed, whole.choices[0].message.content);
        assert.ok(streamed.startsWith(`You said: Number ${number}: `));
    };
    await Promise.all(Array.from({ length: 100 }, compare));
});
