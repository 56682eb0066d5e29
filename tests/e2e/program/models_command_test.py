from support import GEMINI, OPEN, VLLM, run


def test_models_lists_aliases_first_then_the_catalogue():
    done = run("models", f"--model={VLLM}=1234567890", "--project=any")
    assert (done.returncode, done.stderr) == (0, "")
    names = done.stdout.splitlines()
    assert names[0] == VLLM
    assert GEMINI in names and OPEN in names
    assert len(set(names)) == len(names)
