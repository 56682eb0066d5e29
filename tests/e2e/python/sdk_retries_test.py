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
