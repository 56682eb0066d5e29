import os
import shutil

import pytest

from conftest import ROOT, run

NEXT = "100.0.0"
WITH_PROC = 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"'
ADDED = "# Of the next version.\n"
MINE = '[google]\nproject = "mine"\n'
FILES = [
    "/etc/vertex-relay/config.toml",
    "/usr/bin/vertex-relay",
    "/usr/lib/systemd/system/vertex-relay.service",
    "/usr/lib/systemd/system/vertex-relay.socket",
    "/usr/lib/systemd/user/vertex-relay@.service",
    "/usr/lib/systemd/user/vertex-relay@.socket",
    "/usr/share/bash-completion/completions/vertex-relay",
    "/usr/share/fish/vendor_completions.d/vertex-relay.fish",
    "/usr/share/man/man1/vertex-relay.1",
    "/usr/share/zsh/vendor-completions/_vertex-relay",
]


@pytest.fixture
def machine(debian, packages, tmp_path):
    """A Debian of its own with the package at /vertex-relay.deb."""
    made = tmp_path / "debian"
    run("cp", "-a", debian, str(made))
    shutil.copy(os.path.join(ROOT, packages[0]), made / "vertex-relay.deb")
    shutil.copy("/etc/resolv.conf", made / "etc" / "resolv.conf")
    inside(made, "apt-get", "update", "-qq")
    yield made
    shutil.rmtree(made)


def inside(machine, *words):
    quiet = {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C"}
    return run("unshare", "--mount", "sh", "-c", WITH_PROC, str(machine), *words,
               env=os.environ | quiet)


def install(machine, package):
    inside(machine, "apt-get", "install", "-y", "-qq", "-o", "Dpkg::Options::=--force-confdef",
           "-o", "Dpkg::Options::=--force-confold", package)


def next_version(machine):
    """The package that is installed, once more as its next version, with another configuration."""
    inside(machine, "dpkg-deb", "--raw-extract", "/vertex-relay.deb", "/next")
    control = machine / "next" / "DEBIAN" / "control"
    control.write_text(control.read_text().replace(version(machine), NEXT))
    config = machine / "next" / "etc" / "vertex-relay" / "config.toml"
    config.write_text(config.read_text() + ADDED)
    inside(machine, "dpkg-deb", "--build", "--root-owner-group", "/next", "/next.deb")
    return "/next.deb"


def version(machine):
    return inside(machine, "dpkg-query", "--show", "--showformat", "${Version}", "vertex-relay")


def test_the_deb_installs_and_goes_away(machine):
    install(machine, "/vertex-relay.deb")
    listed = inside(machine, "dpkg", "--listfiles", "vertex-relay").split()
    assert [file for file in FILES if file not in listed] == []
    assert (machine / "usr/share/man/man1/vertex-relay.1").read_text().startswith(".")
    assert inside(machine, "vertex-relay", "--version").startswith("vertex-relay ")
    assert "models" in inside(machine, "vertex-relay", "check-config")
    assert inside(machine, "getent", "group", "vertex-relay")

    config = machine / "etc" / "vertex-relay" / "config.toml"
    config.write_text(MINE)
    inside(machine, "apt-get", "remove", "-y", "-qq", "vertex-relay")
    assert not (machine / "usr" / "bin" / "vertex-relay").exists()
    assert config.read_text() == MINE
    inside(machine, "apt-get", "purge", "-y", "-qq", "vertex-relay")
    assert not config.parent.exists()


def test_an_upgrade_keeps_an_edited_configuration(machine):
    install(machine, "/vertex-relay.deb")
    config = machine / "etc" / "vertex-relay" / "config.toml"
    config.write_text(MINE)
    install(machine, next_version(machine))
    assert version(machine) == NEXT and config.read_text() == MINE
    assert ADDED in config.with_suffix(".toml.dpkg-dist").read_text()
    assert '"mine"' in inside(machine, "vertex-relay", "check-config")


def test_an_upgrade_replaces_a_configuration_that_nobody_edited(machine):
    install(machine, "/vertex-relay.deb")
    install(machine, next_version(machine))
    config = machine / "etc" / "vertex-relay" / "config.toml"
    assert version(machine) == NEXT and ADDED in config.read_text()


def test_the_tarball_runs_with_openssl_alone(machine, packages):
    inside(machine, "apt-get", "install", "-y", "-qq", "libssl3")
    run("tar", "-xzf", os.path.join(ROOT, packages[1]), "-C", str(machine))
    folder = "/" + os.path.basename(packages[1]).removesuffix(".tar.gz")
    assert inside(machine, f"{folder}/bin/vertex-relay", "--version").startswith("vertex-relay ")
    needed = inside(machine, "ldd", f"{folder}/bin/vertex-relay")
    assert f"{folder}/bin/../lib/vertex-relay/libsimdjson" in needed and "not found" not in needed


def test_the_same_source_gives_the_same_bytes(packages, tmp_path):
    """Built again elsewhere, without a compiler cache."""
    copy = tmp_path / "elsewhere"
    run("git", "clone", "-q", ROOT, str(copy))
    run(str(copy / "scripts" / "package"), env=os.environ | {"CCACHE_DISABLE": "1"})
    for package in packages:
        with open(os.path.join(ROOT, package), "rb") as first, open(copy / package, "rb") as again:
            assert first.read() == again.read(), package
