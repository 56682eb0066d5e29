import os
import subprocess

from support import ROOT


def filled(environment):
    """docker/compose.yaml with its variables replaced, as the shell does it and Compose, too."""
    with open(os.path.join(ROOT, "docker", "compose.yaml")) as file:
        lines = [line for line in file.read().split("\n") if not line.strip().startswith("#")]
    script = "\n".join(["cat <<END", *lines, "END", ""])
    done = subprocess.run(["dash", "-c", script], env=environment | {"PATH": os.environ["PATH"]},
                          capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout
