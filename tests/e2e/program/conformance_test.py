"""`vertex-relay conformance` against the simulator: what it says, asks, finds and writes."""

import json
import ssl
import urllib.request

import pytest

from support import VLLM_ENDPOINT, Simulator, run

ENDPOINT = f"--model=my-endpoint={VLLM_ENDPOINT}"


def conformance(simulator, *words):
    return run("conformance", "--json", *simulator.flags(), *words)


def verdicts(done):
    return {(row["name"], row["way"]): row["verdict"] for row in json.loads(done.stdout)["checks"]}


@pytest.fixture(scope="module")
def captured(tmp_path_factory):
    folder = tmp_path_factory.mktemp("captures")
    with Simulator() as simulator:
        done = conformance(simulator, "--yes", ENDPOINT, f"--captures={folder}")
    return folder, done


def test_everything_holds_that_the_simulator_claims(captured):
    _, done = captured
    found = verdicts(done)
    assert len(found) > 100
    assert not {key: what for key, what in found.items() if what != "held"}
    assert done.returncode == 0


def test_exit_code_0_when_all_hold():
    with Simulator() as simulator:
        done = run("conformance", "--yes", "--only=gemini-text,roles", *simulator.flags())
    assert done.returncode == 0, done.stdout + done.stderr
    assert "4 calls to Vertex AI, billed to project sim-project" in done.stderr
    assert "4 held, 0 differ, 0 refused, 0 skipped" in done.stdout


def test_captures_name_nobody(captured):
    folder, done = captured
    texts = [path.read_text() for path in folder.rglob("*") if path.is_file()]
    assert len(texts) > 200
    for secret in ("sim-project", "123456789012", VLLM_ENDPOINT, "ya29.", "127.0.0.1"):
        assert not [text for text in texts if secret in text]
        assert secret not in done.stdout


def test_captures_are_replayed_byte_for_byte(captured):
    folder, _ = captured
    body = (folder / "gemini-text-stream.request.json").read_bytes()
    with Simulator(f"--replay={folder}") as simulator:
        token = run("print-token", *simulator.flags()).stdout.strip()
        url = (f"{simulator.endpoint}/v1/projects/sim-project/locations/global/endpoints/openapi/"
               "chat/completions")
        asked = urllib.request.Request(url, body, {"Authorization": f"Bearer {token}",
                                                   "Content-Type": "application/json"})
        trusted = ssl.create_default_context(cafile=simulator.ca)
        with urllib.request.urlopen(asked, timeout=60, context=trusted) as answer:
            assert answer.read() == (folder / "gemini-text-stream.sse").read_bytes()


def test_a_run_on_its_own_captures_finds_the_same(captured):
    folder, done = captured
    with Simulator(f"--replay={folder}") as simulator:
        again = conformance(simulator, "--yes", ENDPOINT)
    assert verdicts(again) == verdicts(done)


@pytest.mark.parametrize("fault, check, verdict", [
    ("crlf", "gemini-text-stream", "differs"),
    ("no-done", "gemini-text-stream", "differs"),
    ("429", "gemini-text", "refused"),
    ("html-502", "gemini-text", "refused"),
])
def test_a_fault_makes_the_right_check_fail(fault, check, verdict):
    with Simulator() as simulator:
        done = conformance(simulator, "--yes", f"--only={check}", f"--gemini=google/sim-{fault}")
    assert verdicts(done)[(check, "past")] == verdict
    assert done.returncode == 1


def test_a_silent_service_costs_its_time_and_no_more():
    with Simulator() as simulator:
        done = conformance(simulator, "--yes", "--only=gemini-text", "--timeout=1",
                           "--gemini=google/sim-never")
    assert verdicts(done)[("gemini-text", "past")] == "refused"


def test_nobody_is_called_without_consent():
    with Simulator() as simulator:
        done = run("conformance", *simulator.flags())
        assert done.returncode == 2 and "--yes" in done.stderr and done.stdout == ""
        assert not [line for line in simulator.out.so_far() if "chat begun" in line]


def test_the_list_calls_nobody():
    done = run("conformance", "--list")
    assert done.returncode == 0 and "gemini-text-stream" in done.stdout


def test_a_wrong_name_is_refused():
    done = run("conformance", "--only=gemini-txt", "--project=p")
    assert done.returncode == 2 and "did you mean gemini-text?" in done.stderr


def test_without_an_endpoint_its_checks_are_skipped():
    with Simulator() as simulator:
        done = conformance(simulator, "--yes", "--only=endpoint-text,gemini-text")
    assert verdicts(done)[("endpoint-text", "past")] == "skipped"
    assert done.returncode == 0
