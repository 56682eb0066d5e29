import pytest

from support import EVERY_KIND, answer_to, user


@pytest.mark.parametrize("model", EVERY_KIND)
def test_n_choices_come_whole(client, model):
    answer = client.chat.completions.create(model=model, messages=user("Hello"), n=3)
    assert [choice.index for choice in answer.choices] == [0, 1, 2]
    assert {choice.message.content for choice in answer.choices} == {answer_to("Hello")}


@pytest.mark.parametrize("model", EVERY_KIND)
def test_n_choices_come_streamed(client, model):
    texts = ["", "", ""]
    for chunk in client.chat.completions.create(model=model, messages=user("Hello"), n=3,
                                                stream=True):
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
    assert texts == [answer_to("Hello")] * 3
