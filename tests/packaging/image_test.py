"""The image of docker/Dockerfile: looked at, and run against a simulator outside."""

import errno
import os
import re
import shutil
import stat
import subprocess

import openai
import pytest
import yaml

from compose import filled
from image import Container
from support import PATIENCE, ROOT, Simulator, answer_to, chat_request, connect, read_answer, user

USER = 65532


def test_it_is_small(image):
    assert image.bytes <= 40_000_000


def test_a_runtime_learns_how_to_run_it(image):
    assert image.config["User"] == f"{USER}:{USER}"  # numbers: Kubernetes' runAsNonRoot reads them
    assert image.command == ["/usr/bin/vertex-relay", "serve"]
    assert image.config["StopSignal"] == "SIGTERM"
    assert image.config["Healthcheck"]["Test"] == ["CMD", "/usr/bin/vertex-relay", "health"]
    assert image.environment["container"] == "oci"


def test_its_labels_are_true(image):
    with open(os.path.join(ROOT, "CMakeLists.txt")) as file:
        version = re.search(r"VERSION (\S+) LANGUAGES", file.read()).group(1)
    labels = {name.removeprefix("org.opencontainers.image."): value
              for name, value in image.config["Labels"].items()}
    assert labels["title"] == "vertex-relay" and labels["licenses"] == "Apache-2.0"
    assert labels["version"] == version and labels["revision"] and labels["description"]


def test_nothing_inside_helps_to_become_root(image):
    """No shell, nothing that its user may change but /tmp, no program that runs as its owner."""
    programs = []
    for folder, _, names in os.walk(image.root):
        for path in [folder, *(os.path.join(folder, name) for name in names)]:
            told = os.lstat(path)
            assert told.st_uid == 0 and not told.st_mode & (stat.S_ISUID | stat.S_ISGID), path
            if told.st_mode & stat.S_IWOTH and not stat.S_ISLNK(told.st_mode):
                assert path == os.path.join(image.root, "tmp")
            if stat.S_ISREG(told.st_mode):
                assert "security.capability" not in os.listxattr(path), path
                if told.st_mode & stat.S_IXUSR and not re.search(r"\.so(\.|$)", path):
                    programs.append(os.path.relpath(path, image.root))
    assert programs == ["usr/bin/vertex-relay"]


@pytest.fixture(scope="module")
def simulator(program):
    with Simulator() as running:
        yield running


@pytest.fixture
def secrets(simulator, tmp_path):
    """What is mounted at /run/secrets: a login, the simulator's authority and a key."""
    for path, name in [(simulator.ca, "ca.pem"), (simulator.credentials, "adc.json")]:
        shutil.copy(path, tmp_path / name)
    (tmp_path / "vertex-relay").mkdir()
    (tmp_path / "vertex-relay" / "key").write_text("a-key-that-nobody-guesses")
    give(tmp_path, USER)
    return tmp_path


def give(folder, owner):
    """Makes everything in `folder` readable by `owner` alone."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, owner, owner)
        path.chmod(0o700 if path.is_dir() else 0o400)


@pytest.fixture
def relay(image, simulator, secrets):
    with Container(image, secrets, *flags(simulator)) as running:
        yield running


def flags(simulator):
    return ["--project=sim-project", "--google-credentials=/run/secrets/adc.json",
            *in_place_of_google(simulator)]


def in_place_of_google(simulator):
    return [f"--upstream-endpoint={simulator.endpoint}", "--google-allow-any-token-host",
            "--upstream-ca-file=/run/secrets/ca.pem"]


def ask(relay):
    """Says hello by the official SDK."""
    with openai.OpenAI(base_url=relay.url + "/v1", api_key="unused", timeout=PATIENCE) as client:
        answer = client.chat.completions.create(model="gemini-3.5-flash", messages=user("Hello"))
    assert answer.choices[0].message.content == answer_to("Hello")


def ask_as(user, relay):
    """In a pod each container has a user of its own: who shares the network may connect."""
    done = subprocess.run(["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups",
                           "curl", "-sSf", relay.url + "/v1/models"],
                          capture_output=True, timeout=PATIENCE)
    assert done.returncode == 0 and b"gemini" in done.stdout, done.stderr


def test_it_serves_the_official_sdk(relay):
    ask(relay)
    ask_as(1234, relay)


def test_it_serves_with_what_compose_gives_it(image, simulator, secrets):
    """As me, with my login and the project in variables."""
    text = filled({"UID": "1001", "GID": "1001", "HOME": "/home/me",
                   "GOOGLE_CLOUD_PROJECT": "sim-project"})
    service = yaml.safe_load(text)["services"]["relay"]
    give(secrets, 1001)
    mine = image.started_as(service["user"], service["environment"])
    with Container(mine, secrets, *in_place_of_google(simulator)) as relay:
        ask(relay)
        ask_as(1234, relay)


def test_it_understands_what_kubernetes_gives_it(image, secrets):
    """The words of the manifests; `check-config` says what is in effect."""
    with open(os.path.join(ROOT, "docker", "kubernetes", "shared.yaml")) as file:
        shared = next(one for one in yaml.safe_load_all(file) if one["kind"] == "Deployment")
    container, = shared["spec"]["template"]["spec"]["containers"]
    serve, *words = container["args"]
    program, command = image.command
    done = image.run(secrets, program, "check-config", *words)
    assert serve == command and done.returncode == 0, done.stderr
    assert 'listen = ["0.0.0.0:8642"]' in done.stdout




def test_the_running_relay_is_nobody_and_cannot_write(relay):
    with open(f"/proc/{relay.child.pid}/status") as file:
        told = dict(line.rstrip("\n").split(":\t", 1) for line in file)
    assert set(told["Uid"].split() + told["Gid"].split()) == {str(USER)}
    assert set(told["Groups"].split()) <= {str(USER)}
    assert int(told["CapPrm"], 16) == int(told["CapEff"], 16) == 0 and told["NoNewPrivs"] == "1"
    for folder in ["", "tmp", "etc/vertex-relay", "usr/bin", "run/secrets"]:  # not even root can
        with pytest.raises(OSError) as refused:
            open(f"/proc/{relay.child.pid}/root/{folder}/file", "w")
        assert refused.value.errno == errno.EROFS


def test_a_setting_that_needs_to_write_is_refused_in_words(image, simulator, secrets):
    done = image.run(secrets, *image.command, "--listen=127.0.0.1:0", *flags(simulator),
                     "--signatures-file=/etc/vertex-relay/signatures")
    assert done.returncode == 1
    assert "'/etc/vertex-relay/signatures' cannot be written: Read-only file" in done.stderr


def test_its_health_check_tells_a_running_relay_from_none(image, relay, secrets):
    check = [*image.config["Healthcheck"]["Test"][1:], f"--listen=127.0.0.1:{relay.port}"]
    healthy = image.run(secrets, *check)
    assert (healthy.returncode, healthy.stdout) == (0, "ok\n"), healthy.stderr
    relay.stop()
    gone = image.run(secrets, *check)
    assert gone.returncode == 1 and "is the relay running" in gone.stderr


def test_its_stop_signal_lets_an_open_stream_end(relay):
    with connect(relay.port) as raw:
        raw.sendall(chat_request({"model": "google/sim-paced-20-40", "messages": user("Hello"),
                                  "stream": True}))
        stream = raw.makefile("rb")
        stream.peek(1)  # the answer has begun
        relay.terminate()
        relay.err.expect("stopping: no new requests")
        with pytest.raises(ConnectionRefusedError):
            connect(relay.port)
        status, _, body = read_answer(stream)
    assert status == 200 and body.count(b"data: {") == 41 and body.endswith(b"data: [DONE]\n\n")
    assert relay.wait() == 0
