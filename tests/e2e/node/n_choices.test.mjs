import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, everyKind, startRelay, user } from "./support.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model} gives n choices, whole and streamed`, async () => {
        const asked = { model, messages: user("Hello"), n: 3 };
        const expected = Array(3).fill(answerTo("Hello"));
        const whole = await client.chat.completions.create(asked);
        assert.deepEqual(whole.choices.map((choice) => choice.message.content), expected);
        const texts = ["", "", ""];
        const stream = await client.chat.completions.create({ ...asked, stream: true });
        for await (const chunk of stream) {
            for (const { index, delta } of chunk.choices) texts[index] += delta.content ?? "";
        }
        assert.deepEqual(texts, expected);
    });
}
