import json

import pytest

from support import GEMINI, answer_to, chat_request, connect, read_answer, user


@pytest.mark.parametrize("path", ["", "/", "/v1", "/v1/"])
def test_the_base_url_works_with_and_without_v1(shared, path):
    with shared.client(base_url=shared.url + path) as client:
        answer = client.chat.completions.create(model=GEMINI, messages=user("Hello"))
        assert answer.choices[0].message.content == answer_to("Hello")
        assert client.models.retrieve(GEMINI).id == GEMINI


@pytest.mark.parametrize("key", ["x", "sk-proj-something", "🙂".encode().hex()])
def test_any_api_key_will_do(shared, key):
    with shared.client(api_key=key) as client:
        assert client.models.retrieve(GEMINI).id == GEMINI


@pytest.mark.parametrize("path", ["/v1/chat/completions", "/chat/completions"])
def test_no_key_is_needed_at_all(shared, path):
    with connect(shared.port) as raw:
        raw.sendall(chat_request({"model": GEMINI, "messages": user("Hello")}, path))
        status, _, body = read_answer(raw.makefile("rb"))
    assert status == 200
    assert json.loads(body)["choices"][0]["message"]["content"] == answer_to("Hello")
