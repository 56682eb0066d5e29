import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, everyKind, startRelay, user } from "./support.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model} gives a whole answer`, async () => {
        const messages = user("Grüße, 世界");
        const answer = await client.chat.completions.create({ model, messages });
        assert.equal(answer.choices[0].message.role, "assistant");
        assert.equal(answer.choices[0].message.content, answerTo("Grüße, 世界"));
        assert.equal(answer.choices[0].finish_reason, "stop");
        assert.ok(answer.usage.total_tokens > 0);
        assert.match(answer._request_id, /^req-/);
    });
}
