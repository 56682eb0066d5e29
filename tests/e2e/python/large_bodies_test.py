import openai
import pytest

from support import relay_and_simulator, user


@pytest.fixture
def fresh_client():
    """Behind a relay that has no connection to the simulator yet."""
    with relay_and_simulator() as (relay, _), relay.client() as client:
        yield client


def test_the_first_request_may_be_large(fresh_client):
    answer = fresh_client.chat.completions.create(model="google/sim-echo",
                                                  messages=user("x" * 30_000_000))
    assert '"length":30000' in answer.choices[0].message.content


def test_a_body_above_the_limit_is_refused_in_words(fresh_client):
    with pytest.raises(openai.APIStatusError, match="limits.body_bytes") as refused:
        fresh_client.chat.completions.create(model="google/sim-echo",
                                             messages=user("x" * 40_000_000))
    assert (refused.value.status_code, refused.value.code) == (413, "request_too_large")
