import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, user } from "./support.mjs";

const { client } = await startRelay();
const image = Buffer.alloc(10_000, 0xa5).toString("base64");

for (const model of everyKind) {
    test(`${model} takes an image inside the request`, async () => {
        const messages = user([
            { type: "text", text: "What is this?" },
            { type: "image_url", image_url: { url: `data:image/png;base64,${image}` } },
        ]);
        const answer = await client.chat.completions.create({ model, messages });
        assert.match(answer.choices[0].message.content, /What is this\? \(with 1 attachment\)/);
    });
}
