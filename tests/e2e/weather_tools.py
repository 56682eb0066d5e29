"""Two tools, and the turns of a conversation that uses them."""

import json


def _tool(name, argument):
    return {"type": "function", "function": {
        "name": name, "description": f"Finds the {name.split('_')[1]}.",
        "parameters": {"type": "object", "properties": {argument: {"type": "string"}},
                       "required": [argument]}}}


TOOLS = [_tool("get_weather", "city"), _tool("get_time", "zone")]
BOTH = "Use get_weather and get_time."


def results_of(calls):
    """The tool turns that answer these calls."""
    return [{"role": "tool", "tool_call_id": call.id, "content": f"{call.function.name} says 21"}
            for call in calls]


def assert_calls(calls, *wanted):
    """Checks ids, types, and names with the simulator's sample arguments."""
    assert [(call.function.name, json.loads(call.function.arguments)) for call in calls] == [
        (name, {argument: f"a {argument}"}) for name, argument in wanted]
    assert all(call.type == "function" and call.id for call in calls)
    assert len({call.id for call in calls}) == len(calls)
