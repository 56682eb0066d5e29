import os
import subprocess
import sys

from soak.load import Outcomes
from soak.visits import Visit, has_status
from soak.watch import slope
from support import PATIENCE, ROOT


def test_a_short_soak_has_nothing_unexplained():
    done = subprocess.run([sys.executable, os.path.join(ROOT, "scripts", "soak"), "0.2"], text=True,
                          capture_output=True, timeout=PATIENCE + 12)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "UNEXPLAINED" not in done.stdout and done.stderr == ""
    for part in [" requests by outcome:", "MB an hour after warm-up", "descriptors: "]:
        assert part in done.stdout


def test_an_answer_that_must_not_be_is_unexplained():
    outcomes = Outcomes()
    visit = Visit("bad path", b"", has_status(404))
    outcomes.note(visit, b"HTTP/1.1 404 Not Found\r\n\r\n")
    outcomes.note(visit, b"HTTP/1.1 500 Internal Server Error\r\n\r\n")
    outcomes.note(visit, b"", "TimeoutError()")
    assert outcomes.counts == {"bad path": 1, "bad path: UNEXPLAINED": 2}
    assert len(outcomes.unexplained) == 2


def test_a_leak_is_a_slope():
    assert slope([(0, 10.0), (1800, 11.0), (3600, 12.0)]) == 2.0
    assert slope([(0, 10.0)]) == 0.0
