import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, textOf, user } from "./support.mjs";
import { assertCalls, resultsOf, tools } from "./weather_tools.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model} calls a tool and uses its result, whole and streamed`, async () => {
        const messages = user("Use get_weather.");
        const asked = await client.chat.completions.create({ model, messages, tools });
        const { message, finish_reason } = asked.choices[0];
        assert.equal(finish_reason, "tool_calls");
        assertCalls(message.tool_calls, ["get_weather", "city"]);

        messages.push(message, ...resultsOf(message.tool_calls));
        const turns = { model, messages, tools };
        const answer = await client.chat.completions.create(turns);
        assert.match(answer.choices[0].message.content, /get_weather says 21/);
        const stream = await client.chat.completions.create({ ...turns, stream: true });
        assert.equal(await textOf(stream), answer.choices[0].message.content);
    });
}
