import pytest

from support import EVERY_KIND, answer_to, user


@pytest.mark.parametrize("model", EVERY_KIND)
def test_every_kind_of_model_gives_a_whole_answer(client, model):
    answer = client.chat.completions.create(model=model, messages=user("Grüße, 世界"))
    assert answer.object == "chat.completion"
    assert answer.choices[0].message.role == "assistant"
    assert answer.choices[0].message.content == answer_to("Grüße, 世界")
    assert answer.choices[0].finish_reason == "stop"
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens


def test_an_answer_carries_its_request_id(client):
    answer = client.chat.completions.create(model="gemini-3.5-flash", messages=user("Hello"))
    assert answer._request_id.startswith("req-")
