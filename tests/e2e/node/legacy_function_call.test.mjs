import assert from "node:assert/strict";
import { test } from "node:test";
import { gemini, open, startRelay, user } from "./support.mjs";
import { tools } from "./weather_tools.mjs";

const { client } = await startRelay();
const functions = tools.map((tool) => tool.function);

for (const model of [gemini, open]) {
    test(`${model} calls a function and uses its result`, async () => {
        const messages = user("Hello");
        const asked = await client.chat.completions.create({
            model,
            messages,
            functions,
            function_call: { name: "get_time" },
        });
        const { message, finish_reason } = asked.choices[0];
        assert.equal(finish_reason, "function_call");
        assert.equal(message.function_call.name, "get_time");
        messages.push(message, { role: "function", name: "get_time", content: "noon" });
        const answer = await client.chat.completions.create({ model, messages, functions });
        assert.match(answer.choices[0].message.content, /The tool answered: noon/);
    });
}
