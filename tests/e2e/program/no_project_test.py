from support import run


def test_without_a_project_it_says_how_to_give_one(tmp_path):
    done = run("serve", "--listen=127.0.0.1:0", environment={"HOME": str(tmp_path)})
    assert done.returncode == 2
    assert done.stdout == ""
    for way in ["--project", "GOOGLE_CLOUD_PROJECT", "gcloud config set project", "[google]",
                "vertex-relay demo"]:
        assert way in done.stderr
