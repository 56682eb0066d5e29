import openai
import pytest

from support import GEMINI, answer_to, relay_and_simulator, user


@pytest.fixture(scope="module")
def guarded(tmp_path_factory):
    key = tmp_path_factory.mktemp("key") / "api-key"
    key.write_text("the-right-key\n")
    with relay_and_simulator(f"--access-api-key-file={key}") as (relay, _):
        yield relay


def test_a_wrong_key_is_an_authentication_error(guarded):
    with guarded.client(api_key="the-wrong-key") as client:
        with pytest.raises(openai.AuthenticationError) as refused:
            client.chat.completions.create(model=GEMINI, messages=user("Hello"))
        with pytest.raises(openai.AuthenticationError):
            client.models.list()
    assert refused.value.code == "invalid_api_key"
    assert "access.api_key_file" in refused.value.message
    assert "the-right-key" not in "\n".join(guarded.err.so_far())


def test_the_right_key_is_let_in(guarded):
    with guarded.client(api_key="the-right-key") as client:
        answer = client.chat.completions.create(model=GEMINI, messages=user("Hello"))
    assert answer.choices[0].message.content == answer_to("Hello")
