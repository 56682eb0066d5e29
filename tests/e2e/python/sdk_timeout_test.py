import openai
import pytest

from support import GEMINI, relay_and_simulator, user


@pytest.mark.parametrize("model, stream", [("google/sim-never", False), ("google/sim-never", True),
                                           ("google/sim-stall-2", True)])
def test_the_sdks_own_timeout_ends_the_request(model, stream):
    with relay_and_simulator() as (relay, simulator), relay.client(timeout=1.5) as client:
        client.chat.completions.create(model=GEMINI, messages=user("Hello"))  # all is warm
        with pytest.raises(openai.APITimeoutError):
            answer = client.chat.completions.create(model=model, messages=user("Hello"),
                                                    stream=stream)
            list(answer)
        simulator.out.expect("^chat cancelled$")
