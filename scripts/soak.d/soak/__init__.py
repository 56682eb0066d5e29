"""Mixed load with faults for as long as is asked for, and a report at its end."""

import asyncio
import os
import signal
import tempfile
import time

from soak.load import Outcomes, put_load_on
from soak.watch import DESCRIPTORS_MORE, GROWTH_MB, SLOPE_MB_HOUR, Watch
from support import PATIENCE, relay_and_simulator

TOKEN_SECONDS = 4  # so that tokens expire under load
FLAGS = ["--retry-min-delay-ms=10", "--upstream-first-byte-timeout-ms=5000",
         "--upstream-idle-timeout-ms=5000", "--upstream-pool-idle-ms=1000", "--log-format=json"]


def write_config(folder, number):
    path = os.path.join(folder, "config.toml")
    target = ["google/gemini-3.5-flash", "google/gemini-3.8-flash"][number % 2]
    with open(path + ".new", "w") as file:
        file.write(f'[models]\nsoak = "{target}"\n')
    os.replace(path + ".new", path)
    return path


class Reloads:
    def __init__(self, relay, folder):
        self._relay, self._folder, self.count = relay, folder, 0

    def __call__(self):
        self.count += 1
        write_config(self._folder, self.count)
        self._relay.child.send_signal(signal.SIGHUP)


def soak(minutes):
    """Runs it; the report, and the bounds that were broken."""
    with tempfile.TemporaryDirectory() as folder:
        config = f"--config={write_config(folder, 0)}"
        lifetime = f"--token-lifetime={TOKEN_SECONDS}"
        with relay_and_simulator(*FLAGS, config, simulate=[lifetime]) as (relay, simulator):
            relay.err.expect("access token 1 for")
            watch, outcomes, reloads = Watch(relay, simulator), Outcomes(), Reloads(relay, folder)
            end = time.monotonic() + 60 * minutes
            asyncio.run(put_load_on(relay.port, end, outcomes, watch.look, reloads))
            after = watch.descriptors_after(PATIENCE)
            watch.look()
            relay.terminate()
            code = relay.wait()
            watch.look()
    return report(watch, outcomes, after), broken_bounds(watch, outcomes, after, code)


def report(watch, outcomes, after):
    total = sum(outcomes.counts.values())
    mb_hour, growth, size = watch.memory()
    lines = [f"{total} requests by outcome:"]
    lines += [f"  {count:8} {name}" for name, count in sorted(outcomes.counts.items())]
    lines += ["access lines by status and cause:"]
    lines += [f"  {count:8} {name}" for name, count in sorted(watch.causes.items())]
    lines += ["events:"] + [f"  {count:8} {name}" for name, count in sorted(watch.events.items())]
    lines += [f"memory: {size:.1f} MB, {mb_hour:+.2f} MB an hour after warm-up ({growth:+.2f} MB)",
              f"descriptors: {watch.descriptors_before} before, {after} after"]
    return "\n".join(lines)


def broken_bounds(watch, outcomes, after, code):
    broken = [f"unexplained: {text}" for text in outcomes.unexplained]
    broken += [f"unexplained line: {line}" for line in watch.troubles[:20]]
    mb_hour, growth, _ = watch.memory()
    if mb_hour > SLOPE_MB_HOUR and growth > GROWTH_MB:
        broken.append(f"memory grows by {mb_hour:.2f} MB an hour (at most {SLOPE_MB_HOUR})")
    if after > watch.descriptors_before + DESCRIPTORS_MORE:
        broken.append(f"descriptors: {watch.descriptors_before} before, {after} after")
    if code != 0:
        broken.append(f"the relay ended with code {code}")
    for event in ["configuration reloaded:", "access token"]:
        if watch.events[event] < 2:
            broken.append(f"'{event}' came {watch.events[event]} times: the load misses it")
    return broken
