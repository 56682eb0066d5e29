"""Takes the figures: interleaved rounds of load, and the figures of a program at rest."""

import http.client
import json
import os
import shutil
import statistics
import subprocess
import time

import machine
import proxies
import setup

SECONDS_MAX = 150  # one run of bench_load; it bounds itself well below


def warm(proxy):
    """One request must succeed before anything is measured: tokens and connections are there."""
    body = json.dumps({"model": "google/gemini-bench-ns",
                       "messages": [{"role": "user", "content": "nonce=000000 warm"}]})
    end, said = time.monotonic() + 15, "no answer"
    while time.monotonic() < end:
        link = http.client.HTTPConnection("127.0.0.1", proxy.port, timeout=15)
        try:
            link.request("POST", "/v1/chat/completions", body,
                         {"Content-Type": "application/json", "Authorization": "Bearer sk-x"})
            answer = link.getresponse()
            text = answer.read()[:300]
            if answer.status == 200:
                return
            said = f"{answer.status} {text}"
        except OSError as error:
            said = str(error)
        finally:
            link.close()
        time.sleep(0.05)
    raise RuntimeError(f"{proxy.name} does not serve: {said}")


def load(program, words):
    """One run of bench_load as a dictionary."""
    child = machine.start([program] + words, machine.LOAD_CPU, stdout=subprocess.PIPE, text=True)
    try:
        out, _ = child.communicate(timeout=SECONDS_MAX)
    finally:
        machine.stop(child)
    if child.returncode != 0:
        raise RuntimeError("bench_load failed")
    return json.loads(out)


class Bench:
    """The rounds. `load_program` is bench_load; times are in seconds."""

    def __init__(self, load_program, origin_port, folder, times):
        self.load_program, self.origin_port, self.folder = load_program, origin_port, folder
        self.times = ["--warmup", str(times["warmup"]), "--window", str(times["window"])]
        self.rows = []      # one per run of bench_load
        self.failures = []  # sentences

    def one(self, proxy, scenario, number):
        """One scenario on a fresh process."""
        try:
            proxy.start()
            warm(proxy)
            pids = ",".join(map(str, proxy.pids()))
            row = load(self.load_program, ["--port", str(proxy.port), "--scenario", scenario,
                                           "--pid", pids] + self.times)
        except (RuntimeError, subprocess.TimeoutExpired, ValueError) as error:
            self._failed(proxy.name, scenario, error)
            return
        finally:
            proxy.stop()
        self._keep(row, proxy.name, number)

    def direct(self, scenario, number):
        """The same client straight to the origin over TLS."""
        row = load(self.load_program, [
            "--port", str(self.origin_port), "--scenario", scenario, "--target", proxies.PATH,
            "--authorization", "Bearer up-token",
            "--tls-ca", os.path.join(self.folder, "ca.pem")] + self.times)
        self._keep(row, "direct", number)

    def _keep(self, row, name, number):
        row |= {"proxy": name, "round": number}
        self.rows.append(row)
        if row["errors"]:
            self._failed(name, row["scenario"], f"{row['errors']} errors: {row['first_error']}")
        machine.say(f"  round {number + 1} {row['scenario']:<14}{name:<13}"
                    f"{row['cpu_us']:9.2f} us CPU  {row['rate']:10.0f}/s  errors {row['errors']}")

    def _failed(self, name, scenario, what):
        self.failures.append(f"{name} {scenario}: {what}")
        machine.say("  " + self.failures[-1])


def run_rounds(bench, tested, scenarios, rounds):
    """Interleaved, with another order in each round. Memory scenarios are stable: one round."""
    for number in range(rounds):
        turn = number % len(tested)
        order = tested[turn:] + tested[:turn]
        for scenario in scenarios:
            if number and scenario.startswith(("hold", "body")):
                continue
            for proxy in order:
                bench.one(proxy, scenario, number)
            if not scenario.startswith(("hold", "body")):
                bench.direct(scenario, number)


def at_rest(proxy, starts):
    """Milliseconds to listening (median of `starts`) and memory while idle, in kB."""
    took = []
    for _ in range(starts - 1):
        took.append(proxy.start())
        proxy.stop()
    took.append(proxy.start())
    try:
        warm(proxy)  # Idle means: has served once. A program that never ran is smaller.
        time.sleep(0.5)
        pids = proxy.pids()
        return {"listening_ms": statistics.median(took), "listening_min_ms": min(took),
                "idle_rss_kb": machine.memory_kb(pids, "Rss"),
                "idle_pss_kb": machine.memory_kb(pids, "Pss")}
    finally:
        proxy.stop()


def stripped_bytes(program, folder):
    """The size without symbols, or as it is when no strip program is there."""
    for name in ("strip", "llvm-strip-19", "llvm-strip"):
        strip = shutil.which(name, path=setup.SBIN)
        copy = os.path.join(folder, "stripped")
        if strip and subprocess.run([strip, "-o", copy, program]).returncode == 0:
            return os.path.getsize(copy)
    return os.path.getsize(program)
