// Two tools, and the turns of a conversation that uses them.

import assert from "node:assert/strict";

function tool(name, argument) {
    const parameters = {
        type: "object",
        properties: { [argument]: { type: "string" } },
        required: [argument],
    };
    return { type: "function", function: { name, description: `Finds the ${name}.`, parameters } };
}

export const tools = [tool("get_weather", "city"), tool("get_time", "zone")];
export const both = "Use get_weather and get_time.";

/** The tool turns that answer these calls. */
export function resultsOf(calls) {
    return calls.map((call) => ({
        role: "tool",
        tool_call_id: call.id,
        content: `${call.function.name} says 21`,
    }));
}

/** Checks ids, types, and names with the simulator's sample arguments. */
export function assertCalls(calls, ...wanted) {
    assert.deepEqual(
        calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)]),
        wanted.map(([name, argument]) => [name, { [argument]: `a ${argument}` }]),
    );
    assert.ok(calls.every((call) => call.type === "function" && call.id));
    assert.equal(new Set(calls.map((call) => call.id)).size, calls.length);
}
