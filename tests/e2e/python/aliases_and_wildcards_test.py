import pytest

from support import relay_and_simulator, user

FLAGS = ["--model=gpt-*=google/gemini-3.5-flash", "--model=gpt-4*=google/gemini-2.5-pro",
         "--model=gpt-4o=google/gemini-2.5-flash", "--model=llama3:8b=google/gemini-3.8-flash"]


@pytest.fixture(scope="module")
def client():
    with relay_and_simulator(*FLAGS) as (relay, _), relay.client() as made:
        yield made


@pytest.mark.parametrize("asked, answers", [
    ("gpt-4o", "google/gemini-2.5-flash"),         # an exact name beats a pattern
    ("gpt-4-turbo", "google/gemini-2.5-pro"),      # a longer pattern beats a shorter one
    ("gpt-5", "google/gemini-3.5-flash"),
    ("llama3:8b", "google/gemini-3.8-flash"),      # any string may be an alias
    ("gemini-2.5-pro", "google/gemini-2.5-pro"),   # Google's names need no publisher
    ("google/gemini-2.5-pro", "google/gemini-2.5-pro"),
])
def test_the_name_leads_to_its_model(client, asked, answers):
    assert client.chat.completions.create(model=asked, messages=user("Hello")).model == answers
    chunks = client.chat.completions.create(model=asked, messages=user("Hello"), stream=True)
    assert {chunk.model for chunk in chunks} == {answers}
