import { checkClient } from "./contract.mjs";
import { load, startFailingRelay } from "./support.mjs";

const { Agent, OpenAIProvider, Runner, tool } = await load("@openai/agents");
const { z } = await load("zod");
const rig = await startFailingRelay();

const trip = z.object({
    title: z.string(),
    days: z.int().positive(),
    kind: z.literal("short"),
    notes: z.array(z.string().nullable()),
});

const modelProvider = new OpenAIProvider({
    baseURL: `${rig.url}/v1`,
    apiKey: "any",
    useResponses: false,
});
const runner = new Runner({ modelProvider, tracingDisabled: true });

function toTool({ name, argument, run }) {
    const parameters = z.object({ [argument]: z.string() });
    const execute = async (given) => run(given);
    return tool({ name, description: `Needs a ${argument}.`, parameters, execute });
}

const agentOf = (model, rest = {}) => new Agent({ name: "tester", model, ...rest });

async function ask(name, input, rest) {
    return (await runner.run(agentOf(name, rest), input)).finalOutput;
}

async function stream(name, input, rest, signal) {
    const going = await runner.run(agentOf(name, rest), input, { stream: true, signal });
    let text = "";
    for await (const piece of going.toTextStream()) {
        text += piece;
        if (signal) break;
    }
    if (!signal) await going.completed;
    return text;
}

const withPart = (prompt, part) => [
    { role: "user", content: [{ type: "input_text", text: prompt }, part] },
];

checkClient(
    {
        tries: 3, // the default of the SDK inside it
        ask,
        stream: (name, prompt) => stream(name, prompt),
        rounds: (name, prompt, tools) => ask(name, prompt, { tools: tools.map(toTool) }),
        streamedRounds: (name, prompt, tools) =>
            stream(name, prompt, { tools: tools.map(toTool) }),
        structured: (name, prompt) => ask(name, prompt, { outputType: trip }),
        image: (name, prompt, data) => {
            const image = `data:image/png;base64,${data}`;
            return ask(name, withPart(prompt, { type: "input_image", image }));
        },
        pdf: (name, prompt, data) => {
            const file = `data:application/pdf;base64,${data}`;
            return ask(name, withPart(prompt, { type: "input_file", file, filename: "a.pdf" }));
        },
        leave: async (name, prompt) => {
            const leaving = new AbortController();
            await stream(name, prompt, {}, leaving.signal);
            leaving.abort();
        },
        told: (error) => ({ status: error.status, text: error.message }),
    },
    rig,
);
