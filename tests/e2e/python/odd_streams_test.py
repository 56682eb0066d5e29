import pytest

from support import answer_to, user


@pytest.mark.parametrize("fault", ["crlf", "ping", "tiny", "tiny-chunks", "no-done", "close",
                                   "http10", "early-hints", "big-head-16"])
def test_an_oddly_sent_stream_is_read_whole(client, fault):
    chunks = client.chat.completions.create(model="google/sim-" + fault, messages=user("Hello 世"),
                                            stream=True)
    assert "".join(chunk.choices[0].delta.content for chunk in chunks) == answer_to("Hello 世")
