import json

import pytest

from support import GEMINI, OPEN, user
from weather_tools import TOOLS

FUNCTIONS = [tool["function"] for tool in TOOLS]


@pytest.mark.parametrize("model", [GEMINI, OPEN])
def test_a_function_is_called_and_its_result_is_used(client, model):
    messages = user("Use get_weather.")
    asked = client.chat.completions.create(model=model, messages=messages, functions=FUNCTIONS)
    assert asked.choices[0].finish_reason == "function_call"
    call = asked.choices[0].message.function_call
    assert (call.name, json.loads(call.arguments)) == ("get_weather", {"city": "a city"})
    messages += [asked.choices[0].message.to_dict(),
                 {"role": "function", "name": call.name, "content": "21 degrees"}]
    answer = client.chat.completions.create(model=model, messages=messages, functions=FUNCTIONS)
    assert "The tool answered: 21 degrees" in answer.choices[0].message.content


@pytest.mark.parametrize("model", [GEMINI, OPEN])
def test_function_call_names_the_function(client, model):
    with client.chat.completions.stream(model=model, messages=user("Hello"), functions=FUNCTIONS,
                                        function_call={"name": "get_time"}) as stream:
        asked = stream.get_final_completion()
    assert asked.choices[0].finish_reason == "function_call"
    assert asked.choices[0].message.function_call.name == "get_time"
