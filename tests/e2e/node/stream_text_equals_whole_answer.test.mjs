import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, textOf, user } from "./support.mjs";

const { client } = await startRelay();
const long = "One sentence of many – with “quotes”, 🙂 and a \\ backslash.\n".repeat(30);

for (const model of everyKind) {
    for (const text of ["Hello", long]) {
        test(`${model}: the deltas of ${text.length} characters add up`, async () => {
            const asked = { model, messages: user(text) };
            const whole = await client.chat.completions.create(asked);
            const stream = await client.chat.completions.create({ ...asked, stream: true });
            assert.equal(await textOf(stream), whole.choices[0].message.content);
        });
    }

    test(`${model}: the stream helper builds the same answer`, async () => {
        const asked = { model, messages: user("Hello") };
        const whole = await client.chat.completions.create(asked);
        const built = await client.chat.completions.stream(asked).finalChatCompletion();
        assert.equal(built.choices[0].message.content, whole.choices[0].message.content);
        assert.equal(built.choices[0].finish_reason, "stop");
    });
}
