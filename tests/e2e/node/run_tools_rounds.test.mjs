import assert from "node:assert/strict";
import { test } from "node:test";
import { everyKind, startRelay, user } from "./support.mjs";
import { both, tools } from "./weather_tools.mjs";

const { client } = await startRelay();

// The helper forgets the thought signatures that Gemini 3 asks for.
for (const model of [...everyKind, "google/gemini-2.5-flash"]) {
    test(`${model}: runTools goes round until the answer is there`, async () => {
        const called = [];
        const messages = user(both);
        const runnable = tools.map((tool) => ({
            ...tool,
            function: {
                ...tool.function,
                parse: JSON.parse,
                function: (given) => (called.push(given), "21 degrees"),
            },
        }));
        const asked = { model, messages, tools: runnable };
        const runner = client.chat.completions.runTools(asked);
        assert.match(await runner.finalContent(), /The tool answered: 21 degrees/);
        assert.deepEqual(called, [{ city: "a city" }, { zone: "a zone" }]);
    });
}
