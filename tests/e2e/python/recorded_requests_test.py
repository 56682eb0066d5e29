"""What real tools were seen to send, shortened: every shape of a chat request among them."""

import json
import os

import pytest

from support import GEMINI, ROOT

MODELS = [GEMINI, "google/gemini-2.5-flash", "google/gemini-3.1-pro-preview",
          "google/gemini-3.5-flash-lite"]


def recorded():
    with open(os.path.join(ROOT, "tests", "e2e", "requests", "chat.jsonl")) as lines:
        for line in lines:
            one = json.loads(line)
            yield pytest.param(one["body"], id=f"{one['client']}-{one['scenario']}")


def check_stream(chunks, body):
    choices = [choice for chunk in chunks for choice in chunk.choices]
    places = {choice.index for choice in choices}
    assert places == set(range(body.get("n", 1)))
    assert sum(choice.delta.role is not None for choice in choices) == len(places)
    assert sum(choice.finish_reason is not None for choice in choices) == len(places)
    calls = [call for choice in choices for call in choice.delta.tool_calls or []]
    assert all(call.type == "function" and call.id and call.index is not None for call in calls)
    assert calls or "".join(choice.delta.content or "" for choice in choices)
    usage = [chunk for chunk in chunks if chunk.usage]
    assert len(usage) == (body.get("stream_options", {}).get("include_usage") is True)
    assert all(not chunk.choices for chunk in usage)


def check_whole(answer, body):
    assert answer.object == "chat.completion" and answer.id and answer.usage.total_tokens
    assert [choice.index for choice in answer.choices] == list(range(body.get("n", 1)))
    for choice in answer.choices:
        message = choice.message
        assert choice.finish_reason in ("stop", "length", "tool_calls", "function_call")
        assert message.role == "assistant"
        assert message.content or message.tool_calls or message.function_call
        assert all(call.type == "function" and call.id for call in message.tool_calls or [])
        wants_json = body.get("response_format", {}).get("type") in ("json_object", "json_schema")
        if wants_json and not message.tool_calls:
            assert isinstance(json.loads(message.content), dict)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("body", list(recorded()))
def test_a_recorded_request_is_answered(client, body, model):
    stream = body.get("stream", False)
    answer = client.chat.completions.create(model=model, messages=body["messages"], stream=stream,
                                            extra_body=body)
    if stream:
        check_stream(list(answer), body)
    else:
        check_whole(answer, body)
