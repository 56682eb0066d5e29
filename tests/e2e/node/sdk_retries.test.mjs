import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenAI, clientOf, startRelay, user } from "./support.mjs";

const { BadRequestError, NotFoundError, PermissionDeniedError } = OpenAI;
const lasting = [
    ["google/sim-400", BadRequestError, 1],
    ["google/sim-400-context", BadRequestError, 1],
    ["google/sim-401", BadRequestError, 2], // with a fresh token, too
    ["google/sim-403-iam", PermissionDeniedError, 1],
    ["google/sim-403-api-disabled", PermissionDeniedError, 1],
    ["google/gemini-0", NotFoundError, 1],
];

test("by default Google is asked no more than needed about lasting failures", async () => {
    const { url, simulator } = await startRelay({ flags: [] });
    const client = clientOf(url, { maxRetries: undefined });
    assert.ok(client.maxRetries > 0);
    let needed = 0;
    for (const [model, kind, times] of lasting) {
        for (const stream of [false, true]) {
            const asked = { model, messages: user("Hello"), stream };
            await assert.rejects(client.chat.completions.create(asked), kind);
            needed += times;
        }
    }
    await simulator.stop();
    assert.equal(simulator.out.count((line) => line === "chat begun"), needed);
});
