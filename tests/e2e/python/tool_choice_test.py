import pytest

from support import EVERY_KIND, answer_to, user
from weather_tools import TOOLS, assert_calls


@pytest.mark.parametrize("model", EVERY_KIND)
def test_none_means_no_call(client, model):
    answer = client.chat.completions.create(model=model, messages=user("Use get_time."),
                                            tools=TOOLS, tool_choice="none")
    assert answer.choices[0].message.content == answer_to("Use get_time.")
    assert not answer.choices[0].message.tool_calls


@pytest.mark.parametrize("model", EVERY_KIND)
def test_a_named_function_is_called(client, model):
    choice = {"type": "function", "function": {"name": "get_time"}}
    answer = client.chat.completions.create(model=model, messages=user("Hello"), tools=TOOLS,
                                            tool_choice=choice)
    assert_calls(answer.choices[0].message.tool_calls, ("get_time", "zone"))
