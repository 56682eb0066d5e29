import openai
import pytest

from support import TGI, VLLM, user


def read_until_it_breaks(client, model):
    texts = []
    with pytest.raises(openai.APIError) as broken:
        for chunk in client.chat.completions.create(model=model, messages=user("Hello"),
                                                    stream=True):
            texts.append(chunk.choices[0].delta.content)
    return texts, broken.value


@pytest.mark.parametrize("fault", ["midstream-error", "midstream-error-array"])
@pytest.mark.parametrize("events", [1, 5])
def test_an_error_after_some_events_is_raised(client, fault, events):
    texts, error = read_until_it_breaks(client, f"google/sim-{fault}-{events}")
    assert len(texts) == events
    assert "The operation was cancelled." in error.message


@pytest.mark.parametrize("fault", ["cut-3", "cut-inside-3", "rst-3", "clean-end-3"])
def test_a_truncated_stream_never_looks_complete(client, fault):
    texts, error = read_until_it_breaks(client, "google/sim-" + fault)
    assert len(texts) <= 3
    assert error.message


@pytest.mark.parametrize("fault", ["cut", "rst", "short-length"])
def test_a_truncated_document_is_an_error(client, fault):
    with pytest.raises(openai.InternalServerError) as broken:
        client.chat.completions.create(model="google/sim-" + fault, messages=user("Hello"))
    assert broken.value.status_code == 502 and broken.value.code == "upstream_reset"
