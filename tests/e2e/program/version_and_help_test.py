import re

from support import run


def test_version_is_one_line():
    done = run("--version")
    assert done.returncode == 0
    assert re.fullmatch(r"vertex-relay \d+\.\d+\.\d+ \(.*\)\n", done.stdout)


def test_help_names_every_command():
    done = run("--help")
    assert done.returncode == 0
    for command in ["serve", "demo", "simulate", "models", "print-token", "health",
                    "check-config"]:
        assert f"\n  {command} " in done.stdout


def test_an_unknown_command_is_wrong_usage():
    done = run("sevre")
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean serve?" in done.stderr
