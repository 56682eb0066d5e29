import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, user } from "./support.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model}: stop cuts the text`, async () => {
        const asked = { model, messages: user("Hello"), stop: ["never said", " answered"] };
        const answer = await client.chat.completions.create(asked);
        assert.equal(answer.choices[0].message.content, "You said: Hello –");
    });

    test(`${model}: max_tokens ends the answer with length`, async () => {
        const asked = { model, messages: user("Hello"), max_tokens: 2 };
        const answer = await client.chat.completions.create(asked);
        assert.equal(answer.choices[0].finish_reason, "length");
        assert.equal(answer.choices[0].message.content, "You said");
    });
}
