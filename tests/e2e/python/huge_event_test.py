import pytest

from support import user

BYTES = 5_000_000


@pytest.mark.parametrize("stream", [False, True])
def test_a_text_of_five_million_bytes_arrives(client, stream):
    answer = client.chat.completions.create(model=f"google/sim-huge-{BYTES}", stream=stream,
                                            messages=user("Hello"))
    text = ("".join(chunk.choices[0].delta.content or "" for chunk in answer) if stream
            else answer.choices[0].message.content)
    assert len(text) == BYTES and set(text) == {"x"}
