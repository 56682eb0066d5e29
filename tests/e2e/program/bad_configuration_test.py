import pytest

from support import run

BAD = """listne = ["127.0.0.1:0"]
workers = 0

[google]
location = 7
"""


@pytest.mark.parametrize("command", ["serve", "check-config"])
def test_all_mistakes_are_reported_with_their_places(tmp_path, command):
    file = tmp_path / "config.toml"
    file.write_text(BAD)
    done = run(command, f"--config={file}")
    assert done.returncode == 2
    assert done.stdout == ""
    assert f"{file}:1:1: listne" in done.stderr and "did you mean listen" in done.stderr
    assert f"{file}:2:11: workers" in done.stderr
    assert f"{file}:5:12: google.location" in done.stderr
    assert "3 errors in the configuration" in done.stderr


def test_a_syntax_error_has_its_place(tmp_path):
    file = tmp_path / "config.toml"
    file.write_text("[google\nproject = 1\n")
    done = run("serve", f"--config={file}")
    assert done.returncode == 2
    assert f"{file}:1:8" in done.stderr


def test_a_missing_file_is_named():
    done = run("serve", "--config=/nonexistent/config.toml")
    assert done.returncode == 2
    assert "/nonexistent/config.toml: No such file" in done.stderr


@pytest.mark.parametrize("flag", ["--workers=none", "--lisen=1", "--listen=0.0.0.0:1"])
def test_a_wrong_flag_is_named(flag):
    done = run("serve", flag)
    assert done.returncode == 2
    assert flag.split("=")[0] in done.stderr
