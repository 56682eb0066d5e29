import shutil
import subprocess

import pytest

from support import PATIENCE, PROGRAM, Simulator, clean_environment, run

COMPLETE = """
source <("$0" completion bash)
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_vertex_relay
printf '%s\\n' "${COMPREPLY[@]}"
"""

TYPE_IN_ZSH = """
zmodload zsh/zpty
zpty -b shell zsh -f -i
zpty -w shell "PS1=; autoload -U compinit; compinit -u -D; source $1; print 're''ady'"
zpty -r shell shown '*ready*'
zpty -w -n shell "vertex-relay $2"$'\\t'
zpty -r shell shown "*vertex-relay $3*"
"""


def bash(script, *words):
    done = subprocess.run(["bash", "--norc", "-c", script, PROGRAM, *words], text=True,
                          capture_output=True, timeout=PATIENCE, check=True)
    assert done.stderr == ""
    return done.stdout.split("\n")[:-1]


@pytest.mark.parametrize("words, offered", [
    (["do"], ["doctor"]),
    (["--log-format", "=", "te"], ["text"]),
    (["doctor", "--no"], ["--no-requests"]),
    (["completion", ""], ["bash", "zsh", "fish"]),
    (["--config", "/etc/host"], None),
])
def test_bash_completes(words, offered):
    found = bash(COMPLETE, "vertex-relay", *words)
    assert found == offered if offered else "/etc/hosts" in found


@pytest.mark.skipif(not shutil.which("fish"), reason="fish is not installed")
@pytest.mark.parametrize("typed, offered", [
    ("do", ["doctor"]),
    ("--log-format te", ["text"]),
    ("doctor --no", ["--no-requests"]),
    ("completion ", ["bash", "fish", "zsh"]),
    ("--config /etc/debian_v", ["/etc/debian_version"]),
])
def test_fish_completes(typed, offered, tmp_path):
    script = tmp_path / "vertex-relay.fish"
    script.write_text(run("completion", "fish").stdout)
    done = subprocess.run(
        ["fish", "--no-config", "-c", f"source {script}; complete -C 'vertex-relay {typed}'"],
        text=True, capture_output=True, timeout=PATIENCE, env=clean_environment())
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == offered, done.stderr


@pytest.mark.skipif(not shutil.which("zsh"), reason="zsh is not installed")
@pytest.mark.parametrize("typed, completed", [
    ("do", "doctor"),
    ("--log-format=te", "--log-format=text"),
    ("doctor --no", "doctor --no-requests"),
    ("completion z", "completion zsh"),
])
def test_zsh_completes(typed, completed, tmp_path):
    """Typed into a terminal, then TAB; it waits for the completed words to be shown."""
    script = tmp_path / "_vertex-relay"
    script.write_text(run("completion", "zsh").stdout)
    done = subprocess.run(["zsh", "-f", "-c", TYPE_IN_ZSH, "zsh", script, typed, completed],
                          text=True, capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_scripts_are_syntax_of_their_shell(shell, tmp_path):
    if not shutil.which(shell):
        pytest.skip(f"{shell} is not installed")
    script = tmp_path / "script"
    script.write_text(run("completion", shell).stdout)
    assert subprocess.run([shell, "-n", script], timeout=PATIENCE).returncode == 0


def test_bash_takes_the_variables_and_gives_them_back(tmp_path):
    key = tmp_path / "it's $HOME's key"
    key.write_text("s3cret\n")
    shown = bash('eval "$("$0" env --shell bash "$@")"; echo "$OPENAI_BASE_URL $OPENAI_API_KEY"; '
                 'eval "$("$0" env --unset)"; echo "${OPENAI_BASE_URL-gone}"',
                 "--listen=[::1]:8000", f"--access-api-key-file={key}")
    assert shown == ["http://[::1]:8000/v1 s3cret", "gone"]


@pytest.mark.skipif(not shutil.which("tcsh"), reason="tcsh is not installed")
def test_tcsh_takes_the_variables_and_gives_them_back(tmp_path):
    key = tmp_path / "it's  a [key]"
    key.write_text("s3cret\n")
    script = (f"eval \"`{PROGRAM} env --config $CONFIG`\"; "
              "printenv OPENAI_BASE_URL; printenv OPENAI_API_KEY; "
              f"eval \"`{PROGRAM} env --unset`\"; echo $?OPENAI_BASE_URL")
    config = tmp_path / "config.toml"
    config.write_text(f'listen = ["[::1]:8642"]\n[access]\napi_key_file = "{key}"\n')
    done = subprocess.run(["tcsh", "-f", "-c", script], text=True, capture_output=True,
                          timeout=PATIENCE, env=clean_environment({"SHELL": "/bin/tcsh",
                                                                   "CONFIG": str(config)}))
    assert (done.stdout, done.stderr) == ("http://[::1]:8642/v1\ns3cret\n0\n", "")


def test_each_shell_gets_its_own_syntax_or_is_told():
    def env(shell):
        return run("env", environment={"SHELL": shell})
    assert env("/bin/tcsh").stdout.startswith("setenv OPENAI_BASE_URL 'http://127.0.0.1:8642/v1';")
    assert env("/usr/bin/fish").stdout.startswith("set -gx OPENAI_BASE_URL")
    assert env("/bin/bash").stdout.startswith("export OPENAI_BASE_URL=")
    assert env("/bin/bash").stderr == env("/bin/tcsh").stderr == ""
    assert "this is for bash" in env("/usr/bin/nu").stderr


def test_the_key_is_found_from_every_directory(tmp_path):
    (tmp_path / "key").write_text("s3cret\n")
    shown = bash('cd "$1"; variables=$("$0" env --shell bash --access-api-key-file=key); cd /; '
                 'eval "$variables"; echo "$OPENAI_API_KEY"', str(tmp_path))
    assert shown == ["s3cret"]


def test_an_unreadable_key_is_told_but_not_when_nothing_is_set(tmp_path):
    flag = f"--access-api-key-file={tmp_path}/missing"
    done = run("env", flag)
    assert (done.returncode, done.stdout) == (2, "") and "cannot read" in done.stderr
    assert run("env", "--unset", flag).returncode == 0


FULL = "/dev/full"


@pytest.mark.parametrize("words", [
    ["env"], ["man"], ["completion", "bash"], ["check-config"], ["models"], ["--help"],
    ["--version"], ["simulate", "--list-faults"], ["conformance", "--list"],
    ["doctor", "--no-requests"], ["print-token"]])
def test_output_that_cannot_be_written_is_a_failure(words, tmp_path):
    with Simulator() as simulator, open(FULL, "w") as full:
        alone = words[0] in ["--help", "--version", "simulate"]
        flags = [] if alone else simulator.flags()
        done = subprocess.run([PROGRAM, *words, *flags], text=True, stdout=full,
                              stderr=subprocess.PIPE, timeout=PATIENCE, env=clean_environment())
    assert done.returncode == 1
    assert "output could not be written" in done.stderr


def test_a_unix_socket_has_no_url():
    done = run("env", "--listen=unix:/run/relay.sock")
    assert (done.returncode, done.stdout) == (1, "")
    assert "curl --unix-socket '/run/relay.sock'" in done.stderr


@pytest.mark.skipif(not shutil.which("man"), reason="man is not installed")
def test_the_manual_page_has_no_warnings(tmp_path):
    page = tmp_path / "vertex-relay.1"
    page.write_text(run("man").stdout)
    done = subprocess.run(["man", "--warnings", "-E", "UTF-8", "-l", str(page)], text=True,
                          capture_output=True, timeout=PATIENCE)
    assert (done.returncode, done.stderr) == (0, "") and "EXIT STATUS" in done.stdout
