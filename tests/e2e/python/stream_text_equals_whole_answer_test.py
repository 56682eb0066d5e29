import pytest

from support import EVERY_KIND, user

LONG = "One sentence of many – with “quotes”, 🙂 and a \\ backslash.\n" * 30


@pytest.mark.parametrize("text", ["Hello", LONG])
@pytest.mark.parametrize("model", EVERY_KIND)
def test_the_deltas_add_up_to_the_answer(client, model, text):
    whole = client.chat.completions.create(model=model, messages=user(text))
    chunks = list(client.chat.completions.create(model=model, messages=user(text), stream=True))
    deltas = [chunk.choices[0].delta for chunk in chunks if chunk.choices]
    assert len(deltas) > 3
    assert deltas[0].role == "assistant"
    assert "".join(delta.content or "" for delta in deltas) == whole.choices[0].message.content
    finished = [chunk.choices[0].finish_reason for chunk in chunks if chunk.choices]
    assert finished == [None] * (len(finished) - 1) + ["stop"]
    assert len({chunk.id for chunk in chunks}) == 1


@pytest.mark.parametrize("model", EVERY_KIND)
def test_the_stream_helper_builds_the_same_answer(client, model):
    whole = client.chat.completions.create(model=model, messages=user("Hello"))
    with client.chat.completions.stream(model=model, messages=user("Hello")) as stream:
        built = stream.get_final_completion()
    assert built.choices[0].message.content == whole.choices[0].message.content
    assert built.choices[0].finish_reason == "stop"
