import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, user } from "./support.mjs";
import { assertCalls, both, resultsOf, tools } from "./weather_tools.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model} calls two tools at once`, async () => {
        const messages = user(both);
        const asked = await client.chat.completions.create({ model, messages, tools });
        const { message } = asked.choices[0];
        assertCalls(message.tool_calls, ["get_weather", "city"], ["get_time", "zone"]);
        messages.push(message, ...resultsOf(message.tool_calls));
        const answer = await client.chat.completions.create({ model, messages, tools });
        assert.match(answer.choices[0].message.content, /get_time says 21/);
    });
}
