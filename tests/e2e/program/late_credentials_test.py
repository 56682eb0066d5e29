import shutil
import time

import openai
import pytest

from support import GEMINI, PATIENCE, Relay, Simulator, answer_to, get, user


def ask_until_answered(client):
    """A request makes the relay look at the files, though not more often than every second."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            return client.chat.completions.create(model=GEMINI, messages=user("Hello"))
        except openai.BadRequestError:
            assert time.monotonic() < end


def test_credentials_that_appear_after_the_start_are_found(tmp_path):
    usual = tmp_path / ".config" / "gcloud" / "application_default_credentials.json"
    usual.parent.mkdir(parents=True)
    with Simulator() as simulator:
        flags = [flag for flag in simulator.flags() if "google-credentials" not in flag]
        with Relay(*flags, environment={"HOME": str(tmp_path)}) as relay, relay.client() as client:
            relay.err.expect('"level":"warn.*gcloud auth application-default login')
            status, _, problem = get(relay.port, "/readyz")
            assert status == 503
            assert "gcloud auth application-default login" in problem["error"]["message"]
            with pytest.raises(openai.APIStatusError, match="gcloud auth") as refused:
                client.chat.completions.create(model=GEMINI, messages=user("Hello"))
            assert refused.value.code.startswith("google_credentials_")

            arriving = usual.with_suffix(".new")
            shutil.copy(simulator.credentials, arriving)
            arriving.rename(usual)
            answer = ask_until_answered(client)
            assert get(relay.port, "/readyz")[0] == 200
    assert answer.choices[0].message.content == answer_to("Hello")
