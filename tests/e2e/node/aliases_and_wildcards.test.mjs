import assert from "node:assert/strict";
import { test } from "node:test";
import { startRelay, user } from "./support.mjs";

const { client } = await startRelay({
    flags: [
        "--model=gpt-*=google/gemini-3.5-flash",
        "--model=gpt-4o=google/gemini-2.5-flash",
        "--model=llama3:8b=google/gemini-3.8-flash",
    ],
});
const routes = {
    "gpt-4o": "google/gemini-2.5-flash",
    "gpt-4.1-mini": "google/gemini-3.5-flash",
    "llama3:8b": "google/gemini-3.8-flash",
    "gemini-2.5-pro": "google/gemini-2.5-pro",
};

for (const [asked, answers] of Object.entries(routes)) {
    test(`${asked} leads to ${answers}`, async () => {
        const messages = user("Hello");
        const answer = await client.chat.completions.create({ model: asked, messages });
        assert.equal(answer.model, answers);
    });
}
