import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, clientOf, gemini, startRelay, user } from "./support.mjs";

const { url } = await startRelay();

for (const end of ["", "/", "/v1", "/v1/"]) {
    test(`the base URL may end in '${end}'`, async () => {
        const client = clientOf(url, { baseURL: url + end });
        const messages = user("Hello");
        const answer = await client.chat.completions.create({ model: gemini, messages });
        assert.equal(answer.choices[0].message.content, answerTo("Hello"));
        assert.equal((await client.models.retrieve(gemini)).id, gemini);
    });
}
