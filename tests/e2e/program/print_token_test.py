import json

import pytest

from support import Simulator, run


@pytest.fixture(scope="module")
def simulator():
    with Simulator() as made:
        yield made


def test_the_token_alone_is_one_line(simulator):
    done = run("print-token", *simulator.flags())
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("ya29.sim-") and done.stdout.count("\n") == 1


def test_json_is_for_programs(simulator):
    done = run("print-token", "--json", *simulator.flags())
    assert (done.returncode, done.stderr) == (0, "")
    shown = json.loads(done.stdout)
    assert shown["access_token"].startswith("ya29.sim-")
    assert 3500 < shown["expires_in"] <= 3600
    assert (shown["token_type"], shown["project"]) == ("Bearer", "sim-project")


def test_explain_says_where_it_looked_and_hides_nothing_but_the_secret(simulator):
    done = run("print-token", "--explain", *simulator.flags())
    assert done.returncode == 0
    assert simulator.credentials in done.stderr and "sim-project" in done.stderr
    assert done.stdout == "" and "ya29." not in done.stderr


def test_without_credentials_it_fails_with_the_next_step(tmp_path):
    done = run("print-token", environment={"HOME": str(tmp_path)})
    assert (done.returncode, done.stdout) == (1, "")
    assert "gcloud auth application-default login" in done.stderr
