"""What is packaged, built once, and a Debian to install it in. A test that this machine cannot run
is skipped, and says why."""

import os
import shutil
import subprocess
import sys

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "packaging")
os.environ.setdefault("VERTEX_RELAY",
                      os.path.join(ROOT, "build", "package", "server", "vertex-relay"))
sys.path.insert(0, os.path.join(ROOT, "tests", "e2e"))  # its support.py
from image import Image, buildah


def run(*words, **options):
    done = subprocess.run(words, text=True, capture_output=True, timeout=2400, **options)
    assert done.returncode == 0, f"{words}:\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
    return done.stdout


def need(*programs):
    missing = [name for name in programs if not shutil.which(name)]
    if missing or os.geteuid() != 0:
        pytest.skip(f"needs root and {', '.join(missing or programs)}")


@pytest.fixture(scope="session")
def debian():
    """A minimal Debian that is not changed."""
    need("debootstrap")
    base = os.path.join(BUILD, "debian")
    if not os.path.exists(os.path.join(base, "made")):
        shutil.rmtree(base, ignore_errors=True)
        os.makedirs(BUILD, exist_ok=True)
        run("debootstrap", "--variant=minbase", "bookworm", base)
        open(os.path.join(base, "made"), "w").close()
    return base


@pytest.fixture(scope="session")
def packages():
    """The paths of the .deb and the tarball."""
    return run(os.path.join(ROOT, "scripts", "package")).split()[-2:]


@pytest.fixture(scope="session")
def program():
    """The program on this machine: $VERTEX_RELAY, or built as it is packaged."""
    if not os.path.exists(os.environ["VERTEX_RELAY"]):
        run(os.path.join(ROOT, "scripts", "build"), "package", "vertex-relay")


@pytest.fixture(scope="session")
def image(request):
    """What docker/Dockerfile makes: built on a Debian of debootstrap's, or the image vertex-relay
    in the buildah storage $RELAY_IMAGE_STORAGE."""
    need("buildah", "unshare", "setpriv")
    ready = os.environ.get("RELAY_IMAGE_STORAGE")
    storage = ready or build_image(request.getfixturevalue("debian"))
    made = Image(storage, "localhost/vertex-relay")
    yield made
    made.close()


def build_image(debian):
    storage = os.path.join(BUILD, "storage")
    container = buildah(storage, "from", "scratch")
    buildah(storage, "add", "--quiet", container, debian, "/")
    buildah(storage, "commit", "--quiet", "--rm", container, "localhost/debian")
    jobs = os.environ.get("RELAY_JOBS")
    buildah(storage, "bud", "--isolation", "chroot", "--format", "docker", "--pull-never",
            "--build-arg", "BASE=localhost/debian",
            *(["--build-arg", f"RELAY_JOBS={jobs}"] if jobs else []),
            "--file", "docker/Dockerfile", "--tag", "localhost/vertex-relay", ".", cwd=ROOT)
    return storage
