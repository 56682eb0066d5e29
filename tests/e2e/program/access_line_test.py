import json
import re

import openai
import pytest

from support import ALIASES, GEMINI, VLLM, relay_and_simulator, user

KEYS = ["time", "id", "route", "model", "status", "cause", "phase", "ttfb_ms", "total_ms",
        "bytes_in", "bytes_out", "tokens_in", "tokens_out", "attempts", "repairs"]
PROMPT, KEY = "a-secret-prompt", "sk-a-secret-key"


@pytest.fixture
def lines(tmp_path):
    """The lines of stderr after an answer, a stream and two failures."""
    flags = [*ALIASES, "--model=named=google/gemini-3.8-flash", "--log-level=debug"]
    with relay_and_simulator(*flags) as (relay, simulator):
        with relay.client(api_key=KEY) as client:
            client.chat.completions.create(model="named", messages=user(PROMPT))
            list(client.chat.completions.create(model=VLLM, messages=user(PROMPT), stream=True,
                                                stream_options={"include_usage": True}))
            for model in ["google/sim-403-iam", "unknown"]:
                with pytest.raises(openai.APIStatusError):
                    client.chat.completions.create(model=model, messages=user(PROMPT))
            client.models.list()
        with open(simulator.credentials) as file:
            secrets = json.load(file)
        relay.stop()
        yield relay.err.so_far(), [secrets["client_secret"], secrets["refresh_token"]]


def test_each_exchange_has_one_line_with_these_keys(lines):
    entries = [json.loads(line) for line in lines[0]]
    access = [entry for entry in entries if "route" in entry]
    assert [list(entry)[:len(KEYS)] for entry in access] == [KEYS] * 5
    named, streamed, refused, unknown, listed = access
    assert (named["model"], named["route"]) == ("named", GEMINI)
    assert (streamed["model"], streamed["route"]) == (VLLM, "endpoints/1234567890")
    for entry in [named, streamed]:
        assert (entry["status"], entry["cause"], entry["phase"]) == (200, "ok", "done")
        assert 0 < entry["ttfb_ms"] <= entry["total_ms"] and entry["attempts"] == 1
        assert entry["tokens_in"] > 0 and entry["tokens_out"] > 0
        assert entry["bytes_in"] > len(PROMPT) and entry["bytes_out"] > len(PROMPT)
    assert (refused["status"], refused["cause"]) == (403, "permission_denied")
    assert (unknown["status"], unknown["cause"], unknown["attempts"]) == (
        404, "model_not_found", 0)
    assert (listed["status"], listed["route"]) == (200, "/v1/models")
    assert all(re.fullmatch(r"req-[0-9a-f]{16}", entry["id"]) for entry in access)
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", entry["time"])
               for entry in entries)


def test_no_secret_and_no_word_of_a_prompt_is_logged(lines):
    text = "\n".join(lines[0])
    for hidden in [PROMPT, KEY, "ya29.", "Bearer", *lines[1]]:
        assert hidden not in text
