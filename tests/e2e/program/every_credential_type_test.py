import pytest

from support import GEMINI, Relay, Simulator, answer_to, user


@pytest.fixture(scope="module")
def simulator():
    with Simulator() as made:
        yield made


@pytest.mark.parametrize("kind", ["authorized_user", "service_account", "metadata"])
def test_these_credentials_lead_to_an_answer(simulator, kind):
    chosen = {"authorized_user": simulator.credentials, "metadata": "metadata",
              "service_account": simulator.service_account}[kind]
    flags = [*simulator.flags(), f"--google-credentials={chosen}"]
    with Relay(*flags, environment={"GCE_METADATA_HOST": simulator.metadata}) as relay:
        with relay.client() as client:
            answer = client.chat.completions.create(model=GEMINI, messages=user("Hello"))
    assert answer.choices[0].message.content == answer_to("Hello")


def test_the_project_comes_from_the_metadata_server(simulator):
    flags = [flag for flag in simulator.flags() if not flag.startswith("--project")]
    with Relay(*flags, "--google-credentials=metadata",
               environment={"GCE_METADATA_HOST": simulator.metadata}) as relay:
        relay.err.expect("project sim-project ")
