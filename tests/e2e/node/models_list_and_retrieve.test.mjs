import assert from "node:assert/strict";
import { test } from "node:test";
import { OpenAI, gemini, startRelay, vllm } from "./support.mjs";

const { client } = await startRelay();

test("the list has aliases and the catalogue", async () => {
    const models = await Array.fromAsync(client.models.list());
    assert.equal(models[0].id, vllm);
    assert.ok(models.some((model) => model.id === gemini && model.owned_by === "google"));
    assert.ok(models.every((model) => model.object === "model"));
});

// The SDK sends the slash as %2F.
for (const name of [vllm, gemini]) {
    test(`${name} can be retrieved`, async () => {
        assert.equal((await client.models.retrieve(name)).id, name);
    });
}

test("an unknown model is not found", async () => {
    await assert.rejects(client.models.retrieve("my-vlm"), OpenAI.NotFoundError);
});
