import json

import pytest

from support import EVERY_KIND, answer_to, user


@pytest.mark.parametrize("model", EVERY_KIND)
@pytest.mark.parametrize("stream", [False, True])
def test_json_object_gives_json(client, model, stream):
    asked = dict(model=model, messages=user("Hello"), response_format={"type": "json_object"})
    if stream:
        text = "".join(chunk.choices[0].delta.content or "" for chunk in
                       client.chat.completions.create(stream=True, **asked) if chunk.choices)
    else:
        text = client.chat.completions.create(**asked).choices[0].message.content
    assert json.loads(text) == {"answer": answer_to("Hello")}
