import { aiSdk } from "./ai_sdk.mjs";
import { checkClient } from "./contract.mjs";
import { load, startFailingRelay } from "./support.mjs";

const { createOpenAI } = await load("@ai-sdk/openai");
const rig = await startFailingRelay();
const provider = createOpenAI({ baseURL: `${rig.url}/v1`, apiKey: "any" });

checkClient(
    aiSdk((name) => provider.chat(name)),
    rig,
);
