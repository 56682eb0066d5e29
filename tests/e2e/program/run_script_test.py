import os
import re
import signal
import subprocess

import pytest

from support import PATIENCE, PROGRAM, ROOT, Lines, clean_environment


def on_google_cloud():
    try:
        with open("/sys/class/dmi/id/product_name") as name:
            return name.read().startswith("Google")
    except OSError:
        return False


def start(home, *flags, environment=None):
    return subprocess.Popen([os.path.join(ROOT, "scripts", "run"), "--listen=127.0.0.1:0", *flags],
                            text=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, start_new_session=True,
                            env=clean_environment({"HOME": str(home)} | (environment or {})))


@pytest.mark.parametrize("named", ["file", "variable", "flag"])
def test_credentials_that_the_configuration_names_are_found(tmp_path, named):
    """It serves, and says that it cannot: they are none."""
    assert PROGRAM.startswith(ROOT), "scripts/run starts the release of this folder"
    credentials, config = tmp_path / "adc.json", tmp_path / "config.toml"
    credentials.write_text("{}")
    config.write_text(f'[google]\ncredentials = "{credentials}"\n')
    flags = {"file": [f"--config={config}"], "variable": [],
             "flag": [f"--google-credentials={credentials}"]}[named]
    environment = {"VERTEX_RELAY_GOOGLE_CREDENTIALS": str(credentials)}
    script = start(tmp_path, *flags, environment=environment if named == "variable" else None)
    out, err = script.communicate(timeout=PATIENCE)
    assert script.returncode == 2 and "No Google Cloud project is known" in err
    assert "demo (simulated" not in err


@pytest.mark.skipif(on_google_cloud(), reason="this machine has credentials of its own")
def test_run_prints_a_curl_line_that_works(tmp_path):
    """Without credentials it becomes the demo; what it builds is there already."""
    assert PROGRAM.startswith(ROOT), "scripts/run starts the release of this folder"
    script = start(tmp_path)
    out, err = Lines(script.stdout), Lines(script.stderr)
    try:
        address = out.expect(r"^listening (http://127.0.0.1:\d+)$").group(1)
        first = out.expect(r"^ +(curl -s .*)\\$").group(1)
        second = out.expect(r"^ +(-d .*)$").group(1)
        done = subprocess.run(f"{first} {second}", shell=True, capture_output=True, text=True,
                              check=True, timeout=PATIENCE)
        assert "answered by the simulator" in done.stdout
        assert out.expect(r"OPENAI_BASE_URL=(\S+)").group(1) == address + "/v1"
        script.terminate()
        code = script.wait(PATIENCE)
    finally:
        if script.poll() is None:
            os.killpg(script.pid, signal.SIGKILL)
            script.wait()
        out.close()
        err.close()
    assert code == 0
    assert any("starting the demo" in line for line in err.so_far())
