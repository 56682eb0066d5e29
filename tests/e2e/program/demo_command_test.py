from support import GEMINI, Relay, answer_to, user


def test_demo_answers_without_account_or_network():
    with Relay(command="demo") as relay, relay.client() as client:
        answer = client.chat.completions.create(model=GEMINI, messages=user("Hello"))
        chunks = client.chat.completions.create(model="gemini-3.5-flash", messages=user("Hello"),
                                                stream=True)
        streamed = "".join(chunk.choices[0].delta.content for chunk in chunks)
        assert answer.choices[0].message.content == streamed == answer_to("Hello")
        relay.terminate()
        assert relay.wait() == 0
        said = "\n".join(relay.err.so_far())
        assert "simulated" in said and "no Google account or project is used" in said
        assert "project my-project" not in said
