import pytest

from support import EVERY_KIND, user
from weather_tools import BOTH, TOOLS, assert_calls, results_of


@pytest.mark.parametrize("model", EVERY_KIND)
def test_two_tools_are_called_at_once(client, model):
    messages = user(BOTH)
    asked = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    calls = asked.choices[0].message.tool_calls
    assert_calls(calls, ("get_weather", "city"), ("get_time", "zone"))
    messages += [asked.choices[0].message, *results_of(calls)]
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert "get_time says 21" in answer.choices[0].message.content
