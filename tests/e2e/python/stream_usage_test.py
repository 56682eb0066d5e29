import pytest

from support import EVERY_KIND, GEMINI, user


@pytest.mark.parametrize("model", EVERY_KIND)
def test_a_stream_ends_with_the_usage_that_was_asked_for(client, model):
    whole = client.chat.completions.create(model=model, messages=user("Hello"))
    chunks = list(client.chat.completions.create(model=model, messages=user("Hello"), stream=True,
                                                 stream_options={"include_usage": True}))
    usage = [chunk.usage for chunk in chunks if chunk.usage]
    assert len(usage) == 1 and chunks[-1].usage
    assert usage[0].prompt_tokens == whole.usage.prompt_tokens
    assert usage[0].completion_tokens == whole.usage.completion_tokens


def test_usage_comes_in_a_chunk_of_its_own_and_only_if_asked_for(client):
    asked = list(client.chat.completions.create(model=GEMINI, messages=user("Hello"), stream=True,
                                                stream_options={"include_usage": True}))
    assert asked[-1].choices == [] and asked[-2].choices[0].finish_reason == "stop"
    unasked = list(client.chat.completions.create(model=GEMINI, messages=user("Hello"),
                                                  stream=True))
    assert not any(chunk.usage for chunk in unasked)
    assert [chunk.choices[0].delta.role for chunk in unasked][:2] == ["assistant", None]
