from support import answer_to, relay_and_simulator, user

CONFIG = """
[models]
"gpt-4o"   = "google/gemini-3.5-flash"
"gpt-*"    = "google/gemini-3.8-flash"
"my-gemma" = { endpoint = "1234567890", location = "us-central1" }
"my-named" = { endpoint = "1234567890", send_model = "google/gemma-3-12b-it" }
"llama-4"  = { model = "meta/llama-4-maverick-17b-128e-instruct-maas", location = "us-east5" }
"beta"     = { model = "google/gemini-3.5-flash", api_version = "v1beta1" }
"""
ANSWERS = {"gpt-4o": "google/gemini-3.5-flash", "gpt-5-mini": "google/gemini-3.8-flash",
           "my-gemma": "google/gemma-3-12b-it", "my-named": "google/gemma-3-12b-it",
           # The simulator has it in us-east5 alone.
           "llama-4": "meta/llama-4-maverick-17b-128e-instruct-maas",
           "beta": "google/gemini-3.5-flash"}


def test_each_route_of_the_file_leads_where_it_says(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text(CONFIG)
    with relay_and_simulator(f"--config={file}") as (relay, _), relay.client() as client:
        for name, model in ANSWERS.items():
            answer = client.chat.completions.create(model=name, messages=user("Hello"))
            assert (answer.model, answer.choices[0].message.content) == (model, answer_to("Hello"))
        listed = [model.id for model in client.models.list()]
    assert [name for name in listed if name in ANSWERS] == ["gpt-4o", "my-gemma", "my-named",
                                                            "llama-4", "beta"]
