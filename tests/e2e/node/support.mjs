// Starts the released program for the tests of one file and ends it after them. No test sleeps:
// each waits for a line, an answer or an end, and none of them for longer than `patience`.

import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { after } from "node:test";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import path from "node:path";

const root = fileURLToPath(new URL("../../..", import.meta.url));
const program = process.env.VERTEX_RELAY ?? path.join(root, "build/release/server/vertex-relay");
const packages = process.env.E2E_NODE ?? path.join(root, "build/e2e/node");
export const OpenAI = createRequire(path.join(packages, "package.json"))("openai").OpenAI;

const patience = 60_000; // milliseconds; a loaded machine is slow

export const gemini = "google/gemini-3.8-flash";
export const open = "openai/gpt-oss-120b-maas";
// The simulator answers endpoints with even ids as vLLM does, those with odd ones as TGI does.
export const vllm = "my-vllm";
export const tgi = "my-tgi";
export const vllmEndpoint = "1234567890";
export const tgiEndpoint = "1234567891";
export const everyKind = [gemini, open, vllm, tgi];
export const aliases = [`--model=${vllm}=${vllmEndpoint}`, `--model=${tgi}=${tgiEndpoint}`];

/** The lines of a pipe. */
class Lines {
    #lines = [];
    #passed = 0;
    #ended = false;
    #waiter = () => {};

    constructor(pipe) {
        const reader = createInterface(pipe);
        reader.on("line", (line) => (this.#lines.push(line), this.#waiter()));
        reader.on("close", () => ((this.#ended = true), this.#waiter()));
    }

    count(matches) {
        return this.#lines.filter(matches).length;
    }

    /** Passes over lines up to the first that matches, and returns the match. */
    async expect(pattern) {
        const late = AbortSignal.timeout(patience);
        while (true) {
            while (this.#passed < this.#lines.length) {
                const found = this.#lines[this.#passed++].match(pattern);
                if (found) return found;
            }
            if (this.#ended || late.aborted) {
                const lines = this.#lines.join("\n");
                throw new Error(`no line matches ${pattern}; there were:\n${lines}`);
            }
            await new Promise((resolve) => {
                this.#waiter = resolve;
                late.onabort = resolve;
            });
        }
    }
}

const running = new Set();
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, () => process.exit(1));
process.on("exit", () => running.forEach((child) => child.kill("SIGKILL")));

function start(...words) {
    const environment = { PATH: process.env.PATH, HOME: "/nonexistent", NO_GCE_CHECK: "true" };
    const child = spawn(program, words, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
    running.add(child);
    const ended = new Promise((resolve) => child.on("close", resolve)); // all is read
    const stop = async () => {
        child.kill("SIGTERM");
        child.kill("SIGTERM");
        await ended;
        running.delete(child);
    };
    return { out: new Lines(child.stdout), err: new Lines(child.stderr), stop };
}

/** A relay in front of a simulator of its own; both end after the tests of the calling file. */
export async function startRelay({ flags = aliases, simulate = [] } = {}) {
    const simulator = start("simulate", "--trace", ...simulate);
    after(simulator.stop);
    const [, endpoint, ca, credentials] = await simulator.out.expect(
        /^simulating (\S+) metadata=\S+ ca=(\S+) credentials=(\S+)$/,
    );
    const relay = start(
        "serve",
        "--listen=127.0.0.1:0",
        "--project=sim-project",
        `--upstream-endpoint=${endpoint}`,
        `--upstream-ca-file=${ca}`,
        `--google-credentials=${credentials}`,
        "--google-allow-any-token-host",
        ...flags,
    );
    after(relay.stop);
    const [, url] = await relay.out.expect(/^listening (\S+)$/);
    return { url, relay, simulator, client: clientOf(url) };
}

export function clientOf(url, options = {}) {
    const defaults = { baseURL: `${url}/v1`, apiKey: "any", maxRetries: 0, timeout: patience };
    return new OpenAI({ ...defaults, ...options });
}

export const user = (content) => [{ role: "user", content }];

/** What the simulator answers to a user who says `text`. */
export const answerTo = (text) => `You said: ${text} – answered by the simulator ✓`;

/** The text of choice 0 of a stream. */
export async function textOf(stream) {
    let text = "";
    for await (const chunk of stream) text += chunk.choices[0]?.delta.content ?? "";
    return text;
}
