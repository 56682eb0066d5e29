// How a user of Vercel's `ai` does each thing; the provider makes the difference.

import { load } from "./support.mjs";

const { APICallError, Output, generateText, isStepCount, streamText, tool } = await load("ai");
const { z } = await load("zod");

const schema = z.object({
    title: z.string(),
    days: z.int().positive(),
    kind: z.literal("short"),
    notes: z.array(z.string().nullable()),
});

/** A tool of the contract as this library takes it. */
function toTool({ argument, run }) {
    const inputSchema = z.object({ [argument]: z.string().min(1) }).strict();
    const execute = async (given) => run(given);
    return tool({ description: `Needs a ${argument}.`, inputSchema, execute });
}

const toTools = (tools) => Object.fromEntries(tools.map((one) => [one.name, toTool(one)]));

async function textOf({ fullStream }) {
    let text = "";
    for await (const part of fullStream) {
        if (part.type === "error") throw part.error;
        if (part.type === "text-delta") text += part.text;
    }
    return text;
}

const withPart = (prompt, part) => ({
    messages: [{ role: "user", content: [{ type: "text", text: prompt }, part] }],
});

/** `modelOf` gives the provider's model for a name. */
export function aiSdk(modelOf) {
    const quiet = { maxRetries: 0, onError: () => {} };
    const ask = async (name, rest) =>
        (await generateText({ model: modelOf(name), ...quiet, ...rest })).text;
    const stream = (name, rest) =>
        textOf(streamText({ model: modelOf(name), ...quiet, ...rest }));
    const stopWhen = isStepCount(9);
    return {
        tries: 1,
        ask: (name, prompt) => ask(name, { prompt }),
        patientAsk: (name, prompt) => ask(name, { prompt, maxRetries: undefined }),
        stream: (name, prompt) => stream(name, { prompt }),
        rounds: (name, prompt, tools) => ask(name, { prompt, tools: toTools(tools), stopWhen }),
        streamedRounds: (name, prompt, tools) =>
            stream(name, { prompt, tools: toTools(tools), stopWhen }),
        structured: async (name, prompt) => {
            const output = Output.object({ schema });
            return (await generateText({ model: modelOf(name), ...quiet, prompt, output })).output;
        },
        image: (name, prompt, data) =>
            ask(name, withPart(prompt, { type: "file", mediaType: "image/png", data })),
        pdf: (name, prompt, data) =>
            ask(name, withPart(prompt, { type: "file", mediaType: "application/pdf", data })),
        leave: async (name, prompt) => {
            const leaving = new AbortController();
            const asked = { model: modelOf(name), ...quiet, prompt, abortSignal: leaving.signal };
            for await (const part of streamText(asked).fullStream) {
                if (part.type === "text-delta") leaving.abort();
            }
        },
        told: (error) => {
            const status = APICallError.isInstance(error) ? error.statusCode : 0;
            return { status, text: error.message };
        },
    };
}
