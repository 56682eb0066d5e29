import assert from "node:assert/strict";
import { test } from "node:test";
import { gemini, startRelay, textOf, user } from "./support.mjs";

const { client } = await startRelay();
const pdf = Buffer.from("%PDF-1.4\n".padEnd(10_000, " ")).toString("base64");
const file = { filename: "a.pdf", file_data: `data:application/pdf;base64,${pdf}` };
const messages = user([
    { type: "text", text: "What is this?" },
    { type: "file", file },
]);

for (const model of [gemini, "google/gemini-2.5-flash"]) {
    test(`${model} takes a PDF inside the request`, async () => {
        const answer = await client.chat.completions.create({ model, messages });
        assert.match(answer.choices[0].message.content, /What is this\? \(with 1 attachment\)/);
        const stream = await client.chat.completions.create({ model, messages, stream: true });
        assert.match(await textOf(stream), /What is this\? \(with 1 attachment\)/);
    });
}
