import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, everyKind, startRelay, user } from "./support.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model}: json_object gives JSON`, async () => {
        const answer = await client.chat.completions.create({
            model,
            messages: user("Hello"),
            response_format: { type: "json_object" },
        });
        const { content } = answer.choices[0].message;
        assert.deepEqual(JSON.parse(content), { answer: answerTo("Hello") });
    });
}
