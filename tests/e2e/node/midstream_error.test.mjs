import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenAI, startRelay, user } from "./support.mjs";

const { client } = await startRelay();

async function readUntilItBreaks(model) {
    const asked = { model, messages: user("Hello"), stream: true };
    const stream = await client.chat.completions.create(asked);
    let events = 0;
    try {
        for await (const chunk of stream) events += chunk.choices.length;
    } catch (error) {
        return { events, error };
    }
    return { events };
}

for (const fault of ["midstream-error", "midstream-error-array"]) {
    test(`${fault}: an error after some events is thrown`, async () => {
        const { events, error } = await readUntilItBreaks(`google/sim-${fault}-5`);
        assert.equal(events, 5);
        assert.ok(error instanceof OpenAI.APIError);
        assert.match(error.message, /The operation was cancelled\./);
    });
}

for (const fault of ["cut-3", "cut-inside-3", "rst-3", "clean-end-3"]) {
    test(`${fault}: a truncated stream never looks complete`, async () => {
        const { events, error } = await readUntilItBreaks(`google/sim-${fault}`);
        assert.ok(events <= 3);
        assert.ok(error instanceof Error);
    });
}
