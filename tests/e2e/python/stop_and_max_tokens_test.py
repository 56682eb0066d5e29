import pytest

from support import EVERY_KIND, user


@pytest.mark.parametrize("model", EVERY_KIND)
@pytest.mark.parametrize("stop", [" answered", ["never said", " answered"]])
def test_stop_cuts_the_text(client, model, stop):
    answer = client.chat.completions.create(model=model, messages=user("Hello"), stop=stop)
    assert answer.choices[0].message.content == "You said: Hello –"
    assert answer.choices[0].finish_reason == "stop"


@pytest.mark.parametrize("model", EVERY_KIND)
def test_max_tokens_ends_the_answer_with_length(client, model):
    answer = client.chat.completions.create(model=model, messages=user("Hello"), max_tokens=2)
    assert answer.choices[0].finish_reason == "length"
    assert answer.choices[0].message.content == "You said"
