from support import GEMINI, OPEN, VLLM, run


def test_models_lists_aliases_first_then_the_catalogue():
    done = run("models", f"--model={VLLM}=1234567890", "--project=any", "--location=us-central1")
    assert (done.returncode, done.stderr) == (0, "")
    names = done.stdout.splitlines()
    assert names[0] == VLLM
    assert GEMINI in names and OPEN in names
    assert len(set(names)) == len(names)


def test_an_open_model_is_listed_where_it_lives():
    for location, listed in (("us-central1", True), ("us-east5", False)):
        names = run("models", "--project=any", f"--location={location}").stdout.splitlines()
        assert (OPEN in names) == listed
        assert GEMINI in names
