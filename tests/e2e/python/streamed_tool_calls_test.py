import pytest

from support import EVERY_KIND, GEMINI, user
from weather_tools import BOTH, TOOLS, assert_calls, results_of


@pytest.mark.parametrize("model", EVERY_KIND)
def test_streamed_calls_are_put_together_by_index(client, model):
    with client.chat.completions.stream(model=model, messages=user(BOTH), tools=TOOLS) as stream:
        asked = stream.get_final_completion()
    assert asked.choices[0].finish_reason == "tool_calls"
    assert_calls(asked.choices[0].message.tool_calls, ("get_weather", "city"), ("get_time", "zone"))


@pytest.mark.parametrize("model", EVERY_KIND)
def test_the_results_of_streamed_calls_are_taken(client, model):
    messages = user(BOTH)
    with client.chat.completions.stream(model=model, messages=messages, tools=TOOLS) as stream:
        message = stream.get_final_completion().choices[0].message
    calls = [call.to_dict() for call in message.tool_calls]
    messages += [{"role": "assistant", "tool_calls": calls}, *results_of(message.tool_calls)]
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert "get_time says 21" in answer.choices[0].message.content


# The helper puts the roles of all deltas together. Other models repeat theirs and are not touched.
@pytest.mark.parametrize("model", [GEMINI, "google/gemini-2.5-flash"])
@pytest.mark.parametrize("signed", [True, False])
def test_a_streamed_message_of_gemini_goes_back_as_the_helper_made_it(client, model, signed):
    messages = user(BOTH)
    with client.chat.completions.stream(model=model, messages=messages, tools=TOOLS) as stream:
        message = stream.get_final_completion().choices[0].message
    assert message.role == "assistant"
    assert len(message.tool_calls) == 2 and message.tool_calls[0].index == 0
    if not signed:
        for call in message.tool_calls:
            call.__pydantic_extra__.pop("extra_content", None)
    messages += [message, *results_of(message.tool_calls)]
    answer = client.chat.completions.create(model=model, messages=messages, tools=TOOLS)
    assert "get_time says 21" in answer.choices[0].message.content
