import assert from "node:assert/strict";
import { test } from "node:test";
import { startRelay, user } from "./support.mjs";

const { client } = await startRelay();
const model = "google/sim-echo";

test("the first request may be large", async () => {
    const messages = user("x".repeat(30_000_000));
    const answer = await client.chat.completions.create({ model, messages });
    assert.match(answer.choices[0].message.content, /"length":30000/);
});

test("a body above the limit is refused in words", async () => {
    const messages = user("x".repeat(40_000_000));
    await assert.rejects(client.chat.completions.create({ model, messages }), (error) => {
        assert.deepEqual([error.status, error.code], [413, "request_too_large"]);
        return true;
    });
});
