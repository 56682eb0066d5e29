import pytest

from support import EVERY_KIND, answer_to


@pytest.mark.parametrize("model", EVERY_KIND)
def test_system_user_and_assistant_turns_are_taken(client, model):
    answer = client.chat.completions.create(model=model, messages=[
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Hello"},
        {"role": "assistant", "content": "Hello to you."},
        {"role": "user", "content": [{"type": "text", "text": "Once "},
                                     {"type": "text", "text": "more"}]},
    ])
    assert answer.choices[0].message.content == answer_to("Once more")
