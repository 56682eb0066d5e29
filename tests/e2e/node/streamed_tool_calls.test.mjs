import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, user } from "./support.mjs";
import { assertCalls, both, tools } from "./weather_tools.mjs";

const { client } = await startRelay();

for (const model of everyKind) {
    test(`${model}: streamed calls are put together by index`, async () => {
        const stream = client.chat.completions.stream({ model, messages: user(both), tools });
        const { choices } = await stream.finalChatCompletion();
        assert.equal(choices[0].finish_reason, "tool_calls");
        assert.equal(choices[0].message.role, "assistant");
        assertCalls(choices[0].message.tool_calls, ["get_weather", "city"], ["get_time", "zone"]);
    });
}
