// What each client must be able to do with Gemini, whichever way it speaks OpenAI. A client's file
// says how its user would do it; see `Client`.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answerTo, gemini } from "../node/support.mjs";
import { failing, pdf, pixel } from "./support.mjs";

/**
 * @typedef {object} Client
 * @property {(model: string, prompt: string) => Promise<string>} ask
 * @property {(model: string, prompt: string) => Promise<string>} [patientAsk]  as often as it
 *     tries by itself, where the others are told not to
 * @property {(model: string, prompt: string) => Promise<string>} stream  all pieces together
 * @property {(model: string, prompt: string, tools: Tool[]) => Promise<string>} rounds
 * @property {(model: string, prompt: string, tools: Tool[]) => Promise<string>} [streamedRounds]
 * @property {(model: string, prompt: string) => Promise<object>} structured  a `trip`
 * @property {(model: string, prompt: string, image: string) => Promise<string>} image  base64 PNG
 * @property {(model: string, prompt: string, file: string) => Promise<string>} pdf  base64
 * @property {(model: string, prompt: string) => Promise<void>} leave  after the first piece
 * @property {number} tries  requests it makes in all when told to come back later
 * @property {(error: unknown) => {status: number, text: string}} told  what its user can see
 */

const trip = { title: "a title", days: 1, kind: "short", notes: ["a notes"] };
const models = [gemini, "google/gemini-3.5-flash-lite", "google/gemini-2.5-flash"];

/** Two tools; `called` is what the model asked of them. */
function weatherTools() {
    const called = [];
    const tool = (name, argument) => ({
        name,
        argument,
        run: (given) => (called.push([name, given]), `${name} says 21`),
    });
    return { called, tools: [tool("get_weather", "city"), tool("get_time", "zone")] };
}

const twoRounds = "Use get_weather and get_time, then get_weather and get_time, then get_time.";
const asked = [
    ["get_weather", { city: "a city" }],
    ["get_time", { zone: "a zone" }],
];

function checkTalk(client) {
    for (const model of models) {
        test(`${model}: text, whole and streamed`, async () => {
            assert.equal(await client.ask(model, "Grüße, 世界"), answerTo("Grüße, 世界"));
            assert.equal(await client.stream(model, "Grüße, 世界"), answerTo("Grüße, 世界"));
        });
        for (const way of ["rounds", "streamedRounds"].filter((one) => client[one])) {
            test(`${model}: three rounds of tools, two parallel: ${way}`, async () => {
                const { called, tools } = weatherTools();
                const text = await client[way](model, twoRounds, tools);
                assert.match(text, /The tool answered: "?get_time says 21/);
                assert.deepEqual(called, [...asked, ...asked, asked[1]]);
            });
        }
        test(`${model}: an answer in a schema`, async () => {
            assert.deepEqual(await client.structured(model, "Plan a trip."), trip);
        });
        test(`${model}: an image and a PDF`, async () => {
            const seen = /What is this\? \(with 1 attachment\)/;
            assert.match(await client.image(model, "What is this?", pixel), seen);
            assert.match(await client.pdf(model, "What is this?", pdf), seen);
        });
    }
    if (client.streamedRounds) {
        test("arguments that come in fragments with a flipping index", async () => {
            const { called, tools } = weatherTools();
            await client.streamedRounds(failing("streamed-args"), twoRounds, tools);
            assert.deepEqual(called, [...asked, ...asked, asked[1]]);
        });
    }
    // In a whole answer Vertex marks no end of the thoughts.
    test("streamed thoughts are no part of the text", async () => {
        assert.equal(await client.stream(failing("thoughts"), "Hello"), answerTo("Hello"));
    });
}

/** How often a model was asked for so far; another request sees to it that all is said. */
async function timesAsked(client, { relay }, model) {
    await client.ask("google/gemini-3.6-flash", "Hello");
    await relay.err.expect(/"route":"google\/gemini-3\.6-flash"/);
    return relay.err.count((line) => line.includes(`"route":"${model}"`));
}

const lasting = [
    ["google/gemini-0", 404, "GET /v1/models"],
    [failing("400-context"), 400, "input token count (1200000) exceeds"],
    [failing("403-iam"), 403, "--role=roles/aiplatform.user"],
    [
        failing("403-api-disabled"),
        403,
        "gcloud services enable aiplatform.googleapis.com --project sim-project",
    ],
];
const passing = [
    [failing("429"), 429, "Resource exhausted"],
    [failing("503"), 503, "currently unavailable"],
];

const isPassing = (status) => passing.some(([, one]) => one === status);

function checkFailures(client, rig) {
    for (const [model, status, words] of [...lasting, ...passing]) {
        const ways = ["ask", "stream"];
        if (client.patientAsk && !isPassing(status)) ways.push("patientAsk");
        for (const way of ways) {
            test(`${model} tells its user why: ${way}`, async () => {
                const before = await timesAsked(client, rig, model);
                await assert.rejects(client[way](model, "Hello"), (error) => {
                    const told = client.told(error);
                    assert.equal(told.status, status);
                    assert.ok(told.text.includes(words), told.text);
                    return true;
                });
                const times = (await timesAsked(client, rig, model)) - before;
                const allowed = isPassing(status) ? client.tries : 1;
                assert.ok(times >= 1 && times <= allowed, `asked ${times} times`);
            });
        }
    }
    test("an error in the middle of a stream is the client's error", async () => {
        await assert.rejects(client.stream(failing("midstream-error-3"), "Hello"), (error) => {
            assert.ok(client.told(error).text.includes("The operation was cancelled."));
            return true;
        });
    });
}

/** Registers every case for `client` before the relay and simulator of `rig`. */
export function checkClient(client, rig) {
    checkTalk(client);
    checkFailures(client, rig);
    test("leaving a stream cancels it at Google", async () => {
        await client.leave(failing("stall-3"), "Hello");
        await rig.simulator.out.expect(/^chat cancelled$/);
        await rig.relay.err.expect(/"route":"google\/gemini-3-stall-3".*"cause":"client_gone"/);
    });
}
