import { checkClient } from "./contract.mjs";
import { load, startFailingRelay } from "./support.mjs";

const { ChatOpenAI } = await load("@langchain/openai");
const { HumanMessage, ToolMessage } = await load("@langchain/core/messages");
const { tool } = await load("@langchain/core/tools");
const { z } = await load("zod");
const rig = await startFailingRelay();

const trip = z.object({
    title: z.string(),
    days: z.int().positive(),
    kind: z.literal("short"),
    notes: z.array(z.string().nullable()),
});

const modelOf = (model, rest = { maxRetries: 0 }) =>
    new ChatOpenAI({
        model,
        apiKey: "any",
        ...rest,
        configuration: { baseURL: `${rig.url}/v1` },
    });

function toTool({ name, argument, run }) {
    const schema = z.object({ [argument]: z.string() });
    return tool(async (given) => run(given), { name, description: `Needs a ${argument}.`, schema });
}

/** Goes round until the model calls no more tools, as an agent does. */
async function goRound(prompt, tools, speak) {
    const messages = [new HumanMessage(prompt)];
    for (let round = 0; round < 9; ++round) {
        const said = await speak(messages);
        if (!said.tool_calls?.length) return said.text;
        messages.push(said);
        for (const call of said.tool_calls) {
            const content = await tools.find((one) => one.name === call.name).run(call.args);
            messages.push(new ToolMessage({ tool_call_id: call.id, name: call.name, content }));
        }
    }
}

async function together(stream) {
    let whole;
    for await (const chunk of stream) whole = whole ? whole.concat(chunk) : chunk;
    return whole;
}

const withPart = (name, prompt, part) =>
    modelOf(name)
        .invoke([new HumanMessage({ content: [{ type: "text", text: prompt }, part] })])
        .then((said) => said.text);

checkClient(
    {
        tries: 1,
        ask: async (name, prompt) => (await modelOf(name).invoke(prompt)).text,
        patientAsk: async (name, prompt) => (await modelOf(name, {}).invoke(prompt)).text,
        stream: async (name, prompt) => (await together(await modelOf(name).stream(prompt))).text,
        rounds: (name, prompt, tools) => {
            const model = modelOf(name).bindTools(tools.map(toTool));
            return goRound(prompt, tools, (messages) => model.invoke(messages));
        },
        streamedRounds: (name, prompt, tools) => {
            const model = modelOf(name).bindTools(tools.map(toTool));
            return goRound(prompt, tools, async (said) => together(await model.stream(said)));
        },
        structured: (name, prompt) =>
            modelOf(name).withStructuredOutput(trip, { method: "jsonSchema" }).invoke(prompt),
        image: (name, prompt, data) => {
            const url = `data:image/png;base64,${data}`;
            return withPart(name, prompt, { type: "image_url", image_url: { url } });
        },
        pdf: (name, prompt, data) => {
            const file_data = `data:application/pdf;base64,${data}`;
            return withPart(name, prompt, { type: "file", file: { filename: "a.pdf", file_data } });
        },
        leave: async (name, prompt) => {
            for await (const chunk of await modelOf(name).stream(prompt)) {
                if (chunk.text) break;
            }
        },
        told: (error) => ({ status: error.status, text: error.message }),
    },
    rig,
);
