import os
import shutil

import pytest

from conftest import ROOT, run


@pytest.fixture
def machine(debian, tmp_path):
    """A Debian of its own to install things in."""
    made = tmp_path / "debian"
    run("cp", "-a", debian, str(made))
    yield made
    shutil.rmtree(made)


def inside(machine, *words):
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    return run("chroot", str(machine), *words, env=os.environ | quiet)


def test_the_deb_installs_upgrades_and_goes_away(machine, packages):
    shutil.copy(os.path.join(ROOT, packages[0]), machine / "vertex-relay.deb")
    shutil.copy("/etc/resolv.conf", machine / "etc" / "resolv.conf")
    inside(machine, "apt-get", "update", "-qq")
    inside(machine, "apt-get", "install", "-y", "-qq", "/vertex-relay.deb")
    assert inside(machine, "vertex-relay", "--version").startswith("vertex-relay ")
    assert "models" in inside(machine, "vertex-relay", "check-config")
    assert inside(machine, "getent", "group", "vertex-relay")

    config = machine / "etc" / "vertex-relay" / "config.toml"
    config.write_text('[google]\nproject = "mine"\n')
    inside(machine, "dpkg", "--install", "--force-confold", "/vertex-relay.deb")  # an upgrade
    assert config.read_text() == '[google]\nproject = "mine"\n'

    inside(machine, "apt-get", "remove", "-y", "-qq", "vertex-relay")
    assert not (machine / "usr" / "bin" / "vertex-relay").exists()
    assert config.exists()
    inside(machine, "apt-get", "purge", "-y", "-qq", "vertex-relay")
    assert not config.parent.exists()


def test_the_same_source_gives_the_same_bytes(packages, tmp_path):
    """Built again elsewhere, without a compiler cache."""
    copy = tmp_path / "elsewhere"
    run("git", "clone", "-q", ROOT, str(copy))
    run(str(copy / "scripts" / "package"), env=os.environ | {"CCACHE_DISABLE": "1"})
    for package in packages:
        with open(os.path.join(ROOT, package), "rb") as first, open(copy / package, "rb") as again:
            assert first.read() == again.read(), package
