"""Everything a run needs beforehand: proxies to compare with, the build, certificates."""

import json
import os
import shutil
import subprocess

import machine

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
SBIN = os.environ.get("PATH", "") + ":/usr/sbin:/sbin"
TOOLS = ("bench_origin", "bench_load")


def tool(name):
    return shutil.which(name, path=SBIN)


def install_missing():
    missing = [name for name in ("nginx", "haproxy", "openssl") if not tool(name)]
    if not missing:
        return
    machine.say("installing " + " and ".join(missing) + " (they are not started as services)")
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    # RUNLEVEL=1 keeps the packages from starting a service on port 80.
    apt = sudo + ["env", "DEBIAN_FRONTEND=noninteractive", "RUNLEVEL=1", "apt-get", "-qq", "-y"]
    for command in (["update"], ["install", "--no-install-recommends"] + missing):
        done = subprocess.run(apt + command, stdout=subprocess.DEVNULL)
    if done.returncode != 0:
        machine.say("could not install them; continuing with what there is")


def build(folder):
    """Builds what is missing in the release folder."""
    wanted = {"vertex-relay": "server/vertex-relay"} | {name: "tests/bench/" + name
                                                        for name in TOOLS}
    missing = [name for name, path in wanted.items()
               if not os.path.exists(os.path.join(folder, path))]
    if not missing or folder != os.path.join(ROOT, "build", "release"):
        return
    machine.say("building " + ", ".join(missing) + " (release)")
    if subprocess.run(["cmake", "--preset", "release"], cwd=ROOT,
                      stdout=subprocess.DEVNULL).returncode == 0:
        for name in missing:
            subprocess.run(["cmake", "--build", "--preset", "release", "--target", name], cwd=ROOT)


def _openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, stderr=subprocess.DEVNULL)


def make_certificates(folder):
    """An authority (ca.pem) and a P-256 certificate (cert.pem, key.pem) for loopback."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    with open(os.path.join(folder, "extensions"), "w") as out:
        out.write("subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n")
    _openssl(folder, "req", "-x509", *key, "-days", "2", "-keyout", "ca.key", "-out", "ca.pem",
             "-subj", "/CN=benchmark authority")
    _openssl(folder, "req", *key, "-keyout", "key.pem", "-out", "request.pem",
             "-subj", "/CN=localhost")
    _openssl(folder, "x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key",
             "-CAcreateserial", "-days", "2", "-extfile", "extensions", "-out", "cert.pem")


def write_credentials(folder, origin_port):
    """User credentials whose token endpoint is the origin."""
    path = os.path.join(folder, "adc.json")
    with open(path, "w") as out:
        json.dump({"type": "authorized_user", "client_id": "bench", "client_secret": "bench",
                   "refresh_token": "bench",
                   "token_uri": f"https://127.0.0.1:{origin_port}/token"}, out)
    os.chmod(path, 0o600)


def start_origin(folder, program):
    child = machine.start([program, "--certificate", os.path.join(folder, "cert.pem"),
                           "--key", os.path.join(folder, "key.pem")],
                          machine.LOAD_CPU, stdout=subprocess.PIPE, text=True)
    line = child.stdout.readline().split()
    if len(line) != 2:
        raise SystemExit("the origin did not start")
    return child, int(line[1])
