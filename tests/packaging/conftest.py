"""What is packaged, built once, and a Debian to install it in. A test that this machine cannot run
is skipped, and says why."""

import os
import shutil
import subprocess

import pytest

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(ROOT, "build", "packaging")


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
