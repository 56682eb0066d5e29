import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, user } from "./support.mjs";

const { client } = await startRelay();
const schema = {
    type: "object",
    properties: { title: { type: "string" }, days: { type: "integer" } },
    required: ["title", "days"],
};

for (const model of everyKind) {
    test(`${model}: a schema shapes the answer`, async () => {
        const answer = await client.chat.completions.parse({
            model,
            messages: user("Plan a trip."),
            response_format: { type: "json_schema", json_schema: { name: "trip", schema } },
        });
        assert.equal(answer.choices[0].message.content, '{"title":"a title","days":1}');
    });
}
