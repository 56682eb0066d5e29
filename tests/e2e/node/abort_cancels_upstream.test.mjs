import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenAI, gemini, startRelay, user } from "./support.mjs";

const { client, relay, simulator } = await startRelay();
const messages = user("Hello");

test("leaving a stream cancels it at Google", async () => {
    const asked = { model: "google/sim-stall-3", messages, stream: true };
    const stream = await client.chat.completions.create(asked);
    for await (const chunk of stream) {
        assert.ok(chunk.choices);
        break; // the SDK aborts the request
    }
    await simulator.out.expect(/^chat cancelled$/);
    await relay.err.expect(/"route":"google\/sim-stall-3".*"cause":"client_gone"/);
});

test("aborting before the answer cancels it at Google", async () => {
    const leave = new AbortController();
    const asked = { model: "google/sim-never", messages };
    const answer = client.chat.completions.create(asked, { signal: leave.signal });
    const refused = assert.rejects(answer, OpenAI.APIUserAbortError);
    await simulator.out.expect(/^chat begun$/);
    leave.abort();
    await refused;
    await simulator.out.expect(/^chat cancelled$/);
});

test("the next request works", async () => {
    await client.chat.completions.create({ model: gemini, messages });
    await simulator.out.expect(/^chat finished$/);
});
