import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, startRelay, textOf, tgiEndpoint, user, vllmEndpoint } from "./support.mjs";

const relays = {
    "a vLLM endpoint": await startRelay({ flags: [`--model=gemma=${vllmEndpoint}`] }),
    "a TGI endpoint": await startRelay({ flags: [`--model=gemma=${tgiEndpoint}`] }),
    default_model: await startRelay({ flags: ["--default-model=google/gemini-3.5-flash"] }),
};

for (const [what, { client }] of Object.entries(relays)) {
    test(`${what} answers a request without model`, async () => {
        const messages = user("Hello");
        const answer = await client.chat.completions.create({ messages });
        assert.equal(answer.choices[0].message.content, answerTo("Hello"));
        const stream = await client.chat.completions.create({ messages, stream: true });
        assert.equal(await textOf(stream), answerTo("Hello"));
    });
}
