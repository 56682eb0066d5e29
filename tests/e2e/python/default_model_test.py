import openai

from support import ALIASES, answer_to, relay_and_simulator, user


def test_default_model_answers_a_request_without_model():
    flags = [*ALIASES, "--default-model=google/gemini-3.5-flash"]
    with relay_and_simulator(*flags) as (relay, _), relay.client() as client:
        answer = client.chat.completions.create(model=openai.omit, messages=user("Hello"))
    assert answer.model == "google/gemini-3.5-flash"
    assert answer.choices[0].message.content == answer_to("Hello")
