import hashlib
import json

import httpx2
import pytest

from support import relay_and_simulator, user

PARAMETERS = {
    "max_tokens": 500, "n": 1, "frequency_penalty": 0.5, "presence_penalty": -0.5, "top_p": 0.9,
    "temperature": 1e-3, "stop": ["\n\n\n"], "seed": 7, "logit_bias": {"50256": -100},
    "user": "someone", "metadata": {"purpose": "a test"}, "store": False,
    "extra_body": {"never_heard_of": [1, {"deep": "ünïcode \\ \" \u0000 🙂"}], "top_k": 40},
}


@pytest.mark.parametrize("alias", [False, True])
@pytest.mark.parametrize("text", ["Hello", "x" * 3_000_000])
def test_all_but_the_model_stays_as_sent(alias, text):
    sent = []
    keep = httpx2.Client(event_hooks={"request": [lambda request: sent.append(request.content)]})
    with relay_and_simulator("--model=other=google/sim-echo") as (relay, _):
        with relay.client(http_client=keep) as client:
            answer = client.chat.completions.create(model="other" if alias else "google/sim-echo",
                                                    messages=user(text), **PARAMETERS)
    expected = sent[0].replace(b'"model":"other"', b'"model":"google/sim-echo"')
    arrived = json.loads(answer.choices[0].message.content)
    assert arrived["length"] == len(expected)
    assert arrived["sha256"] == hashlib.sha256(expected).hexdigest()


def test_nothing_of_the_clients_head_reaches_google(client):
    answer = client.chat.completions.create(
        model="google/sim-echo", messages=user("Hello"),
        extra_headers={"OpenAI-Organization": "org", "Cookie": "a=b", "X-Goog-User-Project": "p"})
    arrived = {name.lower() for name in json.loads(answer.choices[0].message.content)["headers"]}
    assert arrived == {"host", "authorization", "content-type", "content-length",
                       "accept-encoding", "user-agent", "x-goog-user-project"}
