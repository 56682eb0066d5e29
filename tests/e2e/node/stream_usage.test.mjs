import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, user } from "./support.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model} ends a stream with the usage that was asked for`, async () => {
        const stream = await client.chat.completions.create({
            model,
            messages: user("Hello"),
            stream: true,
            stream_options: { include_usage: true },
        });
        const chunks = await Array.fromAsync(stream);
        assert.equal(chunks.filter((chunk) => chunk.usage).length, 1);
        assert.ok(chunks.at(-1).usage.completion_tokens > 0);
    });
}
