from support import relay_and_simulator, user

CATALOGUE = """
[[model]]
id = "google/gemini-2.5-flash"
locations = ["global"]
retires = 2026-01-01
"""


def test_a_model_past_its_date_is_answered_with_a_warning_in_the_log(tmp_path):
    catalogue = tmp_path / "models.toml"
    catalogue.write_text(CATALOGUE)
    with relay_and_simulator(f"--catalogue-file={catalogue}") as (relay, _):
        with relay.client() as client:
            answer = client.chat.completions.create(model="gemini-2.5-flash",
                                                    messages=user("Hello"))
            assert answer.model == "google/gemini-2.5-flash"
            assert "google/gemini-2.5-flash" not in [model.id for model in client.models.list()]
        relay.err.expect('"level":"warn.*google/gemini-2.5-flash.*2026-01-01')
