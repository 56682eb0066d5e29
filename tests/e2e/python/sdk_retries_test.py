import json

import openai
import pytest

from support import relay_and_simulator, user


@pytest.fixture
def scripted(tmp_path):
    script = tmp_path / "script"
    script.write_text("\n".join(json.dumps(line) for line in [
        {"model": "google/gemini-3.5-flash", "fault": "503-retry-after-1", "times": 1},
        {"model": "google/gemini-2.5-flash", "fault": "403-iam", "times": 1}]))
    with relay_and_simulator("--retry-max=0", simulate=[f"--script={script}"]) as (relay, _):
        yield relay


def test_a_passing_failure_is_retried_by_the_sdk(scripted):
    with scripted.client(max_retries=2) as client:
        assert client.chat.completions.create(model="google/gemini-3.5-flash",
                                              messages=user("Hello")).choices


def test_a_lasting_failure_is_not(scripted):
    with scripted.client(max_retries=2) as client, pytest.raises(openai.PermissionDeniedError):
        client.chat.completions.create(model="google/gemini-2.5-flash", messages=user("Hello"))


@pytest.mark.parametrize("model, kind, times", [
    ("google/sim-400", openai.BadRequestError, 1),
    ("google/sim-400-context", openai.BadRequestError, 1),
    ("google/sim-401", openai.BadRequestError, 2),  # with a fresh token, too
    ("google/sim-403-iam", openai.PermissionDeniedError, 1),
    ("google/sim-403-api-disabled", openai.PermissionDeniedError, 1),
    ("google/gemini-0", openai.NotFoundError, 1),
])
@pytest.mark.parametrize("stream", [False, True])
def test_by_default_google_is_asked_no_more_than_needed(model, kind, times, stream):
    with relay_and_simulator() as (relay, simulator):
        with relay.client(max_retries=openai.DEFAULT_MAX_RETRIES) as client:
            with pytest.raises(kind):
                client.chat.completions.create(model=model, messages=user("Hello"), stream=stream)
    assert simulator.out.so_far().count("chat begun") == times
