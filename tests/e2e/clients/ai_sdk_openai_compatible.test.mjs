import { aiSdk } from "./ai_sdk.mjs";
import { checkClient } from "./contract.mjs";
import { load, startFailingRelay } from "./support.mjs";

const { createOpenAICompatible } = await load("@ai-sdk/openai-compatible");
const rig = await startFailingRelay();
const provider = createOpenAICompatible({
    name: "vertex",
    baseURL: `${rig.url}/v1`,
    includeUsage: true,
    supportsStructuredOutputs: true,
});

checkClient(
    aiSdk((name) => provider(name)),
    rig,
);
