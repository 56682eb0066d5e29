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


def check_stream(chunks):
    choices = [choice for chunk in chunks for choice in chunk.choices]
    places = {choice.index for choice in choices}
    assert sum(choice.delta.role is not None for choice in choices) == len(places)
    assert sum(choice.finish_reason is not None for choice in choices) == len(places)
    assert all(call.type == "function" and call.id for choice in choices
               for call in choice.delta.tool_calls or [])


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("body", list(recorded()))
def test_a_recorded_request_is_answered(client, body, model):
    stream = body.get("stream", False)
    answer = client.chat.completions.create(model=model, messages=body["messages"], stream=stream,
                                            extra_body=body)
    if stream:
        check_stream(list(answer))
    else:
        assert all(choice.finish_reason and choice.message.role == "assistant"
                   for choice in answer.choices)
