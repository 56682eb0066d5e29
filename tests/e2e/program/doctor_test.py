import json
import os
import socket

import pytest

from support import Relay, Simulator, run


@pytest.fixture(scope="module")
def simulator():
    with Simulator() as made:
        yield made


def examine(simulator, *flags, listen="127.0.0.1:0"):
    done = run("doctor", "--json", f"--listen={listen}", *simulator.flags(), *flags)
    report = json.loads(done.stdout)
    assert done.returncode == (0 if report["ok"] else 1)
    assert "ya29." not in done.stdout + done.stderr
    return {check["name"]: check for check in report["checks"]}


def failed(checks):
    return {name for name, check in checks.items() if check["outcome"] == "failed"}


def test_all_is_well(simulator):
    checks = examine(simulator, "--model=gpt-4o=google/gemini-3.5-flash", "--model=own=1234567890")
    assert {check["outcome"] for check in checks.values()} == {"ok"}
    assert {"configuration", "network", "credentials", "token", "clock", "project",
            "quota project", "location", "API enabled", "role", "model gpt-4o", "model own",
            "listen 127.0.0.1:0"} == set(checks)


def test_people_get_words_and_the_price(simulator):
    done = run("doctor", "--listen=127.0.0.1:0", *simulator.flags())
    assert done.returncode == 0
    assert "at most one token" in done.stdout and "\nok   token" in done.stdout
    assert "\x1b" not in done.stdout and done.stdout.endswith("All well.\n")


def test_no_requests_asks_no_model(simulator):
    checks = examine(simulator, "--no-requests", "--model=a=google/sim-500")
    assert checks["models"]["outcome"] == "skipped" and not failed(checks)


@pytest.mark.parametrize("model, wrong, remedy", [
    ("sim-403-iam", "role", "gcloud projects add-iam-policy-binding sim-project"),
    ("sim-403-api-disabled", "API enabled", "gcloud services enable aiplatform.googleapis.com"),
])
def test_what_stops_every_model_is_a_check_of_its_own(simulator, model, wrong, remedy):
    checks = examine(simulator, f"--model=m=google/{model}")
    assert failed(checks) == {wrong, "model m"}
    assert checks[wrong]["remedy"].startswith(remedy)


def test_an_unknown_model_fails_alone(simulator):
    checks = examine(simulator, "--model=m=google/no-such", "--model=n=google/gemini-3.5-flash")
    assert failed(checks) == {"model m"}
    assert checks["model m"]["remedy"] == "vertex-relay models"
    assert checks["role"]["outcome"] == "ok"


def test_a_quota_names_the_page(simulator):
    checks = examine(simulator, "--model=m=google/sim-429", "--retry-max=0")
    assert checks["model m"]["remedy"].endswith("/iam-admin/quotas")


def test_a_revoked_login_names_the_command(simulator, tmp_path):
    with open(simulator.credentials) as file:
        login = json.load(file)
    login["refresh_token"] = "revoked"
    broken = tmp_path / "adc.json"
    broken.write_text(json.dumps(login))
    checks = examine(simulator, f"--google-credentials={broken}")
    assert failed(checks) == {"token"}
    assert checks["token"]["remedy"] == "gcloud auth application-default login"


def test_without_credentials_and_project_it_says_both(tmp_path):
    done = run("doctor", "--json", "--listen=127.0.0.1:0", environment={"HOME": str(tmp_path)})
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert done.returncode == 1 and failed(checks) == {"credentials", "project"}
    assert any("NO_GCE_CHECK" in step for step in checks["credentials"]["steps"])
    assert any("--project" in step for step in checks["project"]["steps"])


def test_a_port_is_free_or_held_by_a_relay_or_by_another(simulator):
    with Relay(*simulator.flags()) as relay:
        held = examine(simulator, "--no-requests", listen=f"127.0.0.1:{relay.port}")
        assert "a running vertex-relay" in held[f"listen 127.0.0.1:{relay.port}"]["found"]
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        held = examine(simulator, "--no-requests", listen=f"127.0.0.1:{port}")
    assert failed(held) == {f"listen 127.0.0.1:{port}"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_socket_needs_a_directory_to_write_in(simulator):
    checks = examine(simulator, "--no-requests", listen="unix:/relay.sock")
    assert failed(checks) == {"listen unix:/relay.sock"}


def test_a_wrong_configuration_is_one_check_and_the_others_go_on(simulator, tmp_path):
    file, junk = tmp_path / "config.toml", tmp_path / "ca.pem"
    file.write_text('listne = []\n[upstream]\nfirst_byte_timeout_ms = "soon"\n')
    junk.write_text("no certificate\n")
    checks = examine(simulator, f"--config={file}", f"--prices-file={junk}", "--workers=0",
                     "--no-requests")
    assert failed(checks) == {"configuration"} and checks["token"]["outcome"] == "ok"
    found = checks["configuration"]
    assert found["found"] == "4 errors" and "check-config" in found["remedy"]
    for step, where in zip(found["steps"], [f"{file}:1:1: listne", f"{file}:3:", "--workers: ",
                                            "prices_file '"]):
        assert step.startswith(where)


def test_a_wrong_configuration_asks_nobody_for_an_answer(simulator):
    checks = examine(simulator, "--location=europe_west4")
    assert failed(checks) == {"configuration"}
    for name in ["project", "location", *(name for name in checks if name.startswith("model"))]:
        assert checks[name]["outcome"] == "skipped"
        assert "while the configuration is wrong" in checks[name]["found"]


def test_a_directory_is_no_file(simulator, tmp_path):
    for setting in ["prices-file", "catalogue-file", "access-api-key-file"]:
        checks = examine(simulator, f"--{setting}={tmp_path}", "--no-requests")
        assert failed(checks) == {"configuration"}
        done = run("check-config", f"--{setting}={tmp_path}")
        assert done.returncode == 2 and f"cannot read '{tmp_path}'" in done.stderr


@pytest.mark.parametrize("text", ["[google\n", None])
def test_a_file_that_cannot_be_used_is_one_check(simulator, tmp_path, text):
    file = tmp_path / "config.toml"
    if text:
        file.write_text(text)
    checks = examine(simulator, f"--config={file}", "--no-requests")
    assert failed(checks) == {"configuration"} and str(file) in checks["configuration"]["found"]


def test_authorities_that_are_none_are_an_error_everywhere(simulator, tmp_path):
    junk = tmp_path / "ca.pem"
    junk.write_text("no certificate\n")
    flag = f"--upstream-ca-file={junk}"
    assert "configuration" in failed(examine(simulator, flag, "--no-requests"))
    for command in ["check-config", "serve"]:
        done = run(command, *simulator.flags(), flag, "--listen=127.0.0.1:0")
        assert (done.returncode, done.stdout) == (2, "")
        assert f"upstream.ca_file '{junk}' holds no PEM certificate" in done.stderr


def test_a_wrong_proxy_variable_is_a_check(tmp_path):
    done = run("doctor", "--json", "--listen=127.0.0.1:0",
               environment={"HTTPS_PROXY": "gopher://there"})
    checks = {check["name"]: check for check in json.loads(done.stdout)["checks"]}
    assert done.returncode == 1 and failed(checks) == {"network"}
    assert checks["Google"]["outcome"] == "skipped"


def test_wrong_usage_is_exit_code_2():
    assert run("doctor", "--jsno").returncode == 2


def test_a_running_relay_is_asked_as_by_a_client(simulator, tmp_path):
    key, other = tmp_path / "key", tmp_path / "other"
    key.write_text("right")
    other.write_text("wrong")
    flag = "--access-api-key-file="
    with Relay(*simulator.flags(), f"{flag}{key}") as relay:
        address = f"127.0.0.1:{relay.port}"
        name = f"client of {address}"

        def ask(*flags):
            return examine(simulator, *flags, "--no-requests", listen=address)

        served = ask(f"{flag}{key}")
        assert not failed(served) and served[name]["found"] == f"served with the key in {key}"
        assert failed(ask()) == failed(ask(f"{flag}{other}")) == {name}
        assert failed(ask(f"{flag}{tmp_path}/none")) == {"configuration", name}
        assert "--access-api-key-file" in ask()[name]["remedy"]
