import json
import os
import shutil
import socket
import subprocess
import tempfile
import urllib.parse
import urllib.request

import openai
import pytest

from support import GEMINI, PATIENCE, ROOT, Relay, Simulator, get, user

MODEL = f"--model=named={GEMINI}"
TRACE = "4bf92f3577b34da6a3ce929d0e0e4736"
PARENT = f"00-{TRACE}-00f067aa0ba902b7-01"


def metrics(port):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=PATIENCE) as answer:
        assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        return answer.read().decode()


UNPACKED = os.path.join(ROOT, "build", "tools", "prometheus", "usr", "bin")


def needs(program):
    found = shutil.which(program) or shutil.which(program, path=UNPACKED)
    if not found:
        pytest.skip(f"{program} is not there: scripts/setup --tests brings it")
    return found


@pytest.fixture(scope="module")
def relay():
    """One that has answered, streamed, failed and refused."""
    with Simulator() as simulator, Relay(*simulator.flags(), MODEL, "--retry-max=0") as running:
        with running.client() as client:
            client.chat.completions.create(model="named", messages=user("a-secret-prompt"))
            list(client.chat.completions.create(model="named", messages=user("hello"), stream=True))
            for model in ["google/sim-429", "google/sim-404", "made-up"]:
                with pytest.raises(openai.APIStatusError):
                    client.chat.completions.create(model=model, messages=user("hello"))
        yield running


def test_what_happened_is_counted_and_nothing_said_is_shown(relay):
    text = metrics(relay.port)
    for line in [f'vertex_relay_requests_total{{route="{GEMINI}",model="named",status="200"}} 2',
                 'vertex_relay_requests_total{route="google/sim-429",model="google/sim-429",'
                 'status="429",error_type="rate_limit_exceeded"} 1',
                 'vertex_relay_requests_total{route="other",model="other",status="404",'
                 'error_type="model_not_found"} 1',
                 'vertex_relay_refusals_total{rule="model_not_found"} 1',
                 'vertex_relay_token_refreshes_total{result="renewed"} 1',
                 'vertex_relay_token_usable 1', "vertex_relay_open_streams 0"]:
        assert line in text.splitlines()
    for hidden in ["a-secret-prompt", "made-up", "sim-404", "ya29."]:
        assert hidden not in text


def test_promtool_finds_nothing_to_say(relay):
    checked = subprocess.run([needs("promtool"), "check", "metrics"], input=metrics(relay.port),
                             text=True, capture_output=True, timeout=PATIENCE)
    assert (checked.returncode, checked.stdout, checked.stderr) == (0, "", "")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def query(port, expression):
    where = f"http://127.0.0.1:{port}/api/v1/query?" + urllib.parse.urlencode({"query": expression})
    try:
        with urllib.request.urlopen(where, timeout=PATIENCE) as answer:
            return json.load(answer)["data"]["result"]
    except OSError:  # not up yet
        return []


def wait_for(relay, port, expression):
    """Asks again after each scrape, which comes once a second and leaves a line."""
    for _ in range(PATIENCE):
        relay.err.expect('"route":"/metrics"')
        found = query(port, expression)
        if found:
            return found
    raise AssertionError(f"Prometheus never knew {expression}")


def test_a_prometheus_scrapes_it(relay):
    program, port = needs("prometheus"), free_port()
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "prometheus.yml")
        with open(config, "w") as file:
            json.dump({"global": {"scrape_interval": "1s", "scrape_timeout": "1s"},
                       "scrape_configs": [{"job_name": "relay", "static_configs": [
                           {"targets": [f"127.0.0.1:{relay.port}"]}]}]}, file)
        child = subprocess.Popen([program, f"--config.file={config}",
                                  f"--storage.tsdb.path={folder}/data",
                                  f"--web.listen-address=127.0.0.1:{port}"],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            found = wait_for(relay, port,
                             'vertex_relay_requests_total{model="named",status="200"}')
            assert found[0]["metric"]["route"] == GEMINI and found[0]["value"][1] == "2"
            usage = 'gen_ai_client_token_usage_bucket{gen_ai_token_type="output"}'
            tokens = wait_for(relay, port, f"histogram_quantile(0.5, {usage})")
            assert any(float(one["value"][1]) > 0 for one in tokens)
            assert wait_for(relay, port, 'up{job="relay"}')[0]["value"][1] == "1"
        finally:
            child.kill()
            child.wait(PATIENCE)


def test_with_an_admin_address_it_is_there_alone_and_needs_no_key(tmp_path):
    key = tmp_path / "key"
    key.write_text("secret")
    flags = [f"--access-api-key-file={key}", "--admin-listen=127.0.0.1:0"]
    with Simulator() as simulator, Relay(*simulator.flags(), *flags) as relay:
        admin = int(relay.out.expect(r"^listening http://127.0.0.1:(\d+)$").group(1))
        assert "vertex_relay_build_info" in metrics(admin)
        assert get(relay.port, "/metrics")[0] == 401


def test_a_trace_is_logged_and_passed_on_and_times_are_told():
    with Simulator() as simulator, Relay(*simulator.flags(), MODEL) as relay:
        with relay.client() as client:
            raw = client.chat.completions.with_raw_response.create(
                model="named", messages=user("hello"), extra_headers={"traceparent": PARENT})
            timing = raw.headers["server-timing"]
        assert [part.split(";")[0] for part in timing.split(", ")] == [
            "relay", "token", "connect", "upstream"]
        relay.stop()
        line = relay.access_lines()[0]
        assert line["trace"] == TRACE
        assert line["cost_usd"] > 0
