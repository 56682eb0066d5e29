import pytest

from support import EVERY_KIND, user
from weather_tools import TOOLS, assert_calls, results_of


@pytest.mark.parametrize("model", EVERY_KIND)
def test_a_tool_is_called_and_its_result_is_used(client, model):
    messages = user("Use get_weather.")
    asked = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert asked.choices[0].finish_reason == "tool_calls"
    calls = asked.choices[0].message.tool_calls
    assert_calls(calls, ("get_weather", "city"))
    messages += [asked.choices[0].message, *results_of(calls)]
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert answer.choices[0].finish_reason == "stop"
    assert "The tool answered: get_weather says 21" in answer.choices[0].message.content


@pytest.mark.parametrize("model", EVERY_KIND)
def test_the_result_turn_can_be_streamed(client, model):
    messages = user("Use get_weather.")
    asked = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    message = asked.choices[0].message
    messages += [message, *results_of(message.tool_calls)]
    with client.chat.completions.stream(model=model, messages=messages, tools=TOOLS) as stream:
        answer = stream.get_final_completion()
    assert "The tool answered: get_weather says 21" in answer.choices[0].message.content
