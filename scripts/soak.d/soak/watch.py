"""What is watched from outside while a soak runs: memory, descriptors and log lines."""

import collections
import json
import os
import re
import time

WARM_UP = 0.25           # of the whole time; its memory does not count
SLOPE_MB_HOUR = 1        # more than that is a leak, if it is also more than noise:
GROWTH_MB = 8
DESCRIPTORS_MORE = 4


def rss_mb(pid):
    with open(f"/proc/{pid}/status") as file:
        return int(re.search(r"VmRSS:\s+(\d+) kB", file.read()).group(1)) / 1024


def descriptors(pid):
    return len(os.listdir(f"/proc/{pid}/fd"))


def slope(points):
    """MB an hour by least squares over (seconds, MB)."""
    middle = sum(x for x, _ in points) / len(points)
    mean = sum(y for _, y in points) / len(points)
    spread = sum((x - middle) ** 2 for x, _ in points)
    return 3600 * sum((x - middle) * (y - mean) for x, y in points) / spread if spread else 0.0


class Watch:
    def __init__(self, relay, simulator):
        self._relay, self._simulator, self._began = relay, simulator, time.monotonic()
        self._memory, self.causes, self.events = [], collections.Counter(), collections.Counter()
        self.troubles = []
        self.descriptors_before = descriptors(relay.child.pid)

    def look(self):
        """To be called about once a second; lines that were read are kept nowhere."""
        if self._relay.child.poll() is None:
            self._memory.append((time.monotonic() - self._began, rss_mb(self._relay.child.pid)))
        for line in self._simulator.out.take():
            self.events[line] += 1
        for line in self._relay.err.take():
            self._read(line)

    def _read(self, line):
        try:
            entry = json.loads(line)
        except ValueError:
            self.troubles.append(line)
            return
        if "route" in entry:
            self.causes[f"{entry['status']} {entry['cause']}"] += 1
        elif entry["message"].startswith(("configuration reloaded", "access token")):
            self.events[" ".join(entry["message"].split()[:2])] += 1
        elif entry["level"] not in ("trace", "debug", "info"):
            self.troubles.append(line)

    def descriptors_after(self, patience):
        """Once unused connections have been closed on both sides."""
        end = time.monotonic() + patience
        while True:
            now = descriptors(self._relay.child.pid)
            if now <= self.descriptors_before + DESCRIPTORS_MORE or time.monotonic() > end:
                return now
            time.sleep(0.1)

    def memory(self):
        """Slope in MB an hour, growth in MB over the time it was taken from, and the last size."""
        last = self._memory[-1][0]
        steady = [point for point in self._memory if point[0] >= WARM_UP * last]
        mb_hour = slope(steady)
        return mb_hour, mb_hour * (steady[-1][0] - steady[0][0]) / 3600, steady[-1][1]
