"""Four canaries (a bearer token, private key material, a client's key, words of a prompt) must be
in nothing the program writes: no log line, error, header, metric, report or core."""

import json
import os
import resource
import signal
import subprocess

import pytest

from canaries import (CHAT, CLIENT_KEY, PROMPT, WRONG_KEY, assert_silent, exchange, key_file,
                      metrics)
from support import GEMINI, PROGRAM, Program, Relay, Simulator, run

FAULTS = ["400", "400-context", "401", "401-once", "403-iam", "404", "429", "500", "503", "504",
          "html-502", "rst-at-once", "cut", "cut-inside", "rst", "stall", "midstream-error",
          "gzip", "redirect", "garbage", "dup-length", "short-length", "big-head", "early-400"]
BAD_BODIES = [f'{{"messages": "{PROMPT}', json.dumps(CHAT | {"model": 7}),
              json.dumps(CHAT | {"model": GEMINI, "stream": PROMPT}),
              json.dumps(CHAT | {"model": "no-such-model"}), f'"{PROMPT}"',
              json.dumps({"model": GEMINI, "messages": [{"role": PROMPT, "content": PROMPT}]})]


@pytest.fixture(scope="module")
def simulator():
    with Simulator() as made:
        yield made


def without_answers(received):
    """An answer says the prompt again, which is its purpose: only its head and errors are left."""
    head, _, body = received.partition("\r\n\r\n")
    events = [line for line in body.splitlines() if '"error"' in line]
    return head + ("\n".join(events) if head.startswith("HTTP/1.1 200") else body)


def play_everything(relay):
    """What clients receive, but for answers."""
    seen = []
    for fault in ["pass", *FAULTS]:
        for stream in [False, True]:
            body = CHAT | {"model": f"google/sim-{fault}", "stream": stream}
            seen.append(without_answers(exchange(relay, body)))
    seen += [exchange(relay, body) for body in BAD_BODIES]
    seen.append(exchange(relay, CHAT | {"model": GEMINI}, key=WRONG_KEY))
    seen.append(exchange(relay, CHAT, more=f"Host: {PROMPT}\x01\r\n"))
    seen.append(without_answers(exchange(
        relay, CHAT | {"model": GEMINI}, path=f"/v1/chat/completions?key={CLIENT_KEY}")))
    statuses = {int(answer.split(" ")[1]) for answer in seen if answer}
    assert {200, 400, 401, 403, 404, 429, 500, 502, 503, 504} <= statuses
    return seen + [metrics(relay)]


@pytest.mark.parametrize("level, form", [("trace", "json"), ("trace", "text"), ("debug", "json")])
@pytest.mark.parametrize("account", ["credentials", "service_account"])
def test_no_canary_is_in_a_log_an_error_a_header_or_a_metric(simulator, tmp_path, level, form,
                                                             account):
    credentials = getattr(simulator, account)
    config = tmp_path / "config.toml"
    config.write_text("")
    flags = [f"--google-credentials={credentials}", f"--log-level={level}", f"--log-format={form}",
             "--retry-max=0", "--upstream-idle-timeout-ms=300", f"--config={config}"]
    with Relay(*simulator.flags(), *flags, key_file(tmp_path)) as relay:
        seen = play_everything(relay)
        config.write_text('[models]\n"a" = "google/gemini-3.5-flash"\n')
        relay.child.send_signal(signal.SIGHUP)
        relay.err.expect("configuration reloaded: models")
        config.write_text(f'models = "{CLIENT_KEY}\n')
        relay.child.send_signal(signal.SIGHUP)
        relay.err.expect("was not reloaded")
        seen += play_everything(relay)[-1:]
        relay.stop()
        written = relay.out.so_far() + relay.err.so_far()
    assert len(written) > 2 * len(FAULTS)
    for text in [*seen, *written]:
        assert_silent(text, credentials)


@pytest.mark.parametrize("account", ["credentials", "service_account"])
@pytest.mark.parametrize("command", [
    ["print-token", "--explain"], ["doctor", "--listen=127.0.0.1:0"],
    ["doctor", "--json", "--listen=127.0.0.1:0"], ["check-config"], ["env"], ["models"]])
def test_no_report_has_a_canary(simulator, tmp_path, command, account):
    credentials = getattr(simulator, account)
    done = run(*command, *simulator.flags(), f"--google-credentials={credentials}",
               "--log-level=trace", key_file(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert_silent(done.stdout + done.stderr, credentials)


def test_it_is_killed_without_a_core(simulator):
    with Relay(*simulator.flags()) as relay:
        assert resource.prlimit(relay.child.pid, resource.RLIMIT_CORE) == (0, 0)
        relay.child.send_signal(signal.SIGABRT)
        end = os.waitid(os.P_PID, relay.child.pid, os.WEXITED | os.WNOWAIT)
        assert (end.si_code, end.si_status) == (os.CLD_KILLED, signal.SIGABRT)
        relay.wait()


def test_its_own_user_cannot_read_its_memory():
    """What is not dumpable belongs to root in /proc; so its user can neither read nor trace it."""
    under = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    under = under if os.geteuid() == 0 else []
    owner = 65534 if under else os.geteuid()
    if subprocess.run([*under, "test", "-x", PROGRAM]).returncode != 0:
        pytest.skip("other users cannot reach the program where it lies")
    ordinary = subprocess.Popen([*under, "cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                bufsize=0)
    with ordinary:
        ordinary.stdin.write(b"x")
        assert ordinary.stdout.read(1) == b"x"  # it runs as what it is
        assert os.stat(f"/proc/{ordinary.pid}/mem").st_uid == owner
    with Program("serve", "--listen=127.0.0.1:0", "--project=p", under=under) as relay:
        relay.first("^listening ")
        for name in ["mem", "environ", "maps", "fd"]:
            assert os.stat(f"/proc/{relay.child.pid}/{name}").st_uid == 0
