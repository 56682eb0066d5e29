import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenAI, clientOf, gemini, startRelay, user } from "./support.mjs";

const { url, simulator } = await startRelay();
const client = clientOf(url, { timeout: 1500 });

for (const stream of [false, true]) {
    test(`the SDK's own timeout ends a request, stream: ${stream}`, async () => {
        const messages = user("Hello");
        await client.chat.completions.create({ model: gemini, messages }); // all is warm
        const asked = { model: "google/sim-never", messages, stream };
        const late = client.chat.completions.create(asked);
        await assert.rejects(late, OpenAI.APIConnectionTimeoutError);
        await simulator.out.expect(/^chat cancelled$/);
    });
}
