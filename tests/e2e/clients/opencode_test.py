"""opencode, run as a script would: text, a round of tools, and what its user is told."""

import json
import os
import platform
import subprocess

import pytest

from support import GEMINI, PATIENCE, ROOT, answer_to, relay_and_simulator

CLIENTS = os.environ.get("E2E_CLIENTS", os.path.join(ROOT, "build", "e2e", "clients"))
PACKAGE = {"x86_64": "opencode-linux-x64", "aarch64": "opencode-linux-arm64"}
OPENCODE = os.path.join(CLIENTS, "node_modules", PACKAGE[platform.machine()], "bin", "opencode")
# All it could ask the network for goes to a port where nobody listens.
NOWHERE = "http://127.0.0.1:9"
MODELS = [GEMINI, "google/gemini-2.5-flash"]


def settings(relay, models):
    provider = {"npm": "@ai-sdk/openai-compatible", "options": {"baseURL": relay.url + "/v1"},
                "models": {model: {} for model in models}}
    return {"autoupdate": False, "share": "disabled", "provider": {"vertex": provider},
            "agent": {"talk": {"mode": "primary", "tools": {"*": False}}}}


class OpenCode:
    def __init__(self, home, relay, models):
        self.work = home / "work"
        self.work.mkdir()
        self._environment = {
            "PATH": os.environ["PATH"], "HOME": str(home),
            "HTTP_PROXY": NOWHERE, "HTTPS_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1,localhost",
            "npm_config_offline": "true", "OPENCODE_DISABLE_AUTOUPDATE": "1",
            "OPENCODE_DISABLE_MODELS_FETCH": "1",
            "OPENCODE_CONFIG_CONTENT": json.dumps(settings(relay, models))}

    def run(self, model, prompt, *words):
        """What it reports, in order: texts, uses of tools, errors."""
        done = subprocess.run(
            [OPENCODE, "run", "--format=json", "--pure", f"--dir={self.work}",
             f"--model=vertex/{model}", *words, prompt],
            cwd=self.work, env=self._environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=PATIENCE)
        reports = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        assert reports, done.stderr
        return reports


def parts(reports, kind):
    return [report["part"] for report in reports if report["type"] == kind]


@pytest.fixture
def opencode(tmp_path):
    with relay_and_simulator("--retry-max=0") as (relay, _):
        yield OpenCode(tmp_path, relay, MODELS)


@pytest.mark.parametrize("model", MODELS)
def test_text(opencode, model):
    reports = opencode.run(model, "Hello", "--agent=talk")
    assert [part["text"] for part in parts(reports, "text")] == [answer_to("Hello")]


@pytest.mark.parametrize("model", MODELS)
def test_a_round_of_tools(opencode, model):
    (opencode.work / "a filePath").write_text("something to read\n")
    reports = opencode.run(model, "Use read.")
    [use] = parts(reports, "tool_use")
    assert use["tool"] == "read" and use["state"]["status"] == "completed"
    assert use["state"]["input"]["filePath"] == "a filePath"
    assert [part["reason"] for part in parts(reports, "step_finish")] == ["tool-calls", "stop"]
    [text] = parts(reports, "text")
    assert f"The tool answered: <path>{opencode.work}/a filePath</path>" in text["text"]


# Each asks for a title beside; where the history is too long it tries once to make it shorter.
@pytest.mark.parametrize("fault, name, words, asked", [
    ("400-context", "ContextOverflowError", "input token count (1200000) exceeds", 3),
    ("403-api-disabled", "APIError", "gcloud services enable aiplatform.googleapis.com", 2),
])
def test_a_failure_tells_why_and_is_no_loop(tmp_path, fault, name, words, asked):
    model = f"google/gemini-3-{fault}"
    script = tmp_path / "script"
    script.write_text(json.dumps({"model": model, "fault": fault}))
    simulate = [f"--script={script}"]
    with relay_and_simulator("--retry-max=0", simulate=simulate) as (relay, simulator):
        reports = OpenCode(tmp_path, relay, [model]).run(model, "Hello", "--agent=talk")
    told = [report["error"] for report in reports if report["type"] == "error"]
    assert told and all(error["name"] == name for error in told)
    assert all(words in error["data"]["message"] for error in told)
    assert simulator.out.so_far().count("chat begun") <= asked
