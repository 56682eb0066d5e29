from support import Relay, Simulator, answer_to, user

ENDPOINT = "9123456780"  # the simulator gives ids that begin with 9 a host of their own
HOSTS = ["us-central1-aiplatform.googleapis.com",
         f"{ENDPOINT}.us-central1-123456789012.prediction.vertexai.goog"]


def test_a_dedicated_endpoint_is_found_and_asked_under_its_own_name():
    with Simulator() as simulator:
        flags = [flag for flag in simulator.flags() if "upstream-endpoint" not in flag]
        resolve = ",".join(f"{host}:443=127.0.0.1:{simulator.port}" for host in HOSTS)
        with Relay(*flags, "--location=us-central1", f"--upstream-resolve={resolve}",
                   f"--model=mine={ENDPOINT}") as relay, relay.client() as client:
            for _ in range(2):
                answer = client.chat.completions.create(model="mine", messages=user("Hello"))
                assert answer.choices[0].message.content == answer_to("Hello")
