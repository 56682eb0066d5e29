from support import GEMINI, answer_to, relay_and_simulator, user


def test_requests_go_on_while_tokens_expire():
    """Tokens of four seconds: three are granted while requests run, and none is sent too late."""
    with relay_and_simulator(simulate=["--token-lifetime=4"]) as (relay, simulator):
        with relay.client() as client:
            while simulator.out.so_far().count("token granted") < 3:
                answer = client.chat.completions.create(model=GEMINI, messages=user("Hello"))
                assert answer.choices[0].message.content == answer_to("Hello")
        assert "token refused" not in simulator.out.so_far()
    assert {entry["attempts"] for entry in relay.access_lines()} == {1}


def test_a_refused_token_is_replaced_and_the_request_sent_again():
    with relay_and_simulator() as (relay, simulator), relay.client() as client:
        answer = client.chat.completions.create(model="google/sim-401-once", messages=user("Hello"))
        assert answer.choices[0].message.content == answer_to("Hello")
        simulator.out.expect("^token refused$")
        simulator.out.expect("^token granted$")
        relay.err.expect('"route":"google/sim-401-once".*"status":200.*"attempts":2')
