import openai
import pytest

from support import TGI_ENDPOINT, VLLM_ENDPOINT, answer_to, relay_and_simulator, user


@pytest.mark.parametrize("endpoint", [VLLM_ENDPOINT, TGI_ENDPOINT])
@pytest.mark.parametrize("model", [openai.omit, ""])
def test_the_only_alias_answers(endpoint, model):
    with relay_and_simulator(f"--model=gemma={endpoint}") as (relay, _):
        with relay.client() as client:
            answer = client.chat.completions.create(model=model, messages=user("Hello"))
            chunks = client.chat.completions.create(model=model, messages=user("Hello"),
                                                    stream=True)
            streamed = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert answer.choices[0].message.content == streamed == answer_to("Hello")


def test_with_two_aliases_a_model_must_be_named(client):
    with pytest.raises(openai.BadRequestError, match="set default_model") as refused:
        client.chat.completions.create(model=openai.omit, messages=user("Hello"))
    assert refused.value.param == "model"
