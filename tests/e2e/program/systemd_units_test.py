import os
import shutil
import subprocess

import pytest

from support import PATIENCE, PROGRAM, ROOT

UNITS = os.path.join(ROOT, "config", "systemd")
EXPOSURE_MAX = 15  # tenths, for systemd-analyze


def analyze(*words):
    return subprocess.run(["systemd-analyze", "--no-pager", *words], text=True, timeout=PATIENCE,
                          capture_output=True,
                          env={"XDG_RUNTIME_DIR": "/run"} | os.environ)


@pytest.mark.parametrize("whose, names", [
    ("system", ["vertex-relay.service", "vertex-relay.socket"]),
    ("user", ["vertex-relay@.service", "vertex-relay@.socket"]),
])
def test_systemd_has_nothing_to_say_about_a_unit(tmp_path, whose, names):
    for name in names:
        with open(os.path.join(UNITS, whose, name)) as unit:
            # man:vertex-relay(1) comes with the package, the program is the one under test.
            text = unit.read().replace("/usr/bin/vertex-relay", PROGRAM)
        (tmp_path / name).write_text("".join(line for line in text.splitlines(keepends=True)
                                             if not line.startswith("Documentation=")))
    started = [str(tmp_path / name.replace("@.", "@8642.")) for name in names]
    for link, name in zip(started, names):
        if not os.path.exists(link):
            os.symlink(name, link)
    said = analyze(f"--{whose}", "verify", *started)
    assert (said.returncode, said.stderr) == (0, "")


def test_the_system_unit_exposes_little():
    unit = os.path.join(UNITS, "system", "vertex-relay.service")
    said = analyze("security", "--offline=yes", f"--threshold={EXPOSURE_MAX}", unit)
    assert said.returncode == 0, said.stdout
    assert "Overall exposure level" in said.stdout


def test_a_unit_that_is_wrong_is_noticed(tmp_path):
    shutil.copy(os.path.join(UNITS, "system", "vertex-relay.service"), tmp_path)
    unit = tmp_path / "vertex-relay.service"
    unit.write_text(unit.read_text().replace("DynamicUser=yes", "DynamicUsr=yes"))
    assert "DynamicUsr" in analyze("--system", "verify", str(unit)).stderr
