import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { after, test } from "node:test";
import os from "node:os";
import path from "node:path";
import { OpenAI, clientOf, gemini, startRelay } from "./support.mjs";

const folder = await mkdtemp(path.join(os.tmpdir(), "relay-key-"));
after(() => rm(folder, { recursive: true }));
const file = path.join(folder, "api-key");
await writeFile(file, "the-right-key\n");
const { url } = await startRelay({ flags: [`--access-api-key-file=${file}`] });

test("a wrong key is an AuthenticationError", async () => {
    const client = clientOf(url, { apiKey: "the-wrong-key" });
    await assert.rejects(client.models.retrieve(gemini), (error) => {
        assert.ok(error instanceof OpenAI.AuthenticationError);
        assert.equal(error.code, "invalid_api_key");
        return true;
    });
});

test("the right key is let in", async () => {
    const client = clientOf(url, { apiKey: "the-right-key" });
    assert.equal((await client.models.retrieve(gemini)).id, gemini);
});
