from support import Relay, Simulator, run


def test_a_taken_address_is_named_with_its_setting():
    with Simulator() as simulator, Relay(*simulator.flags()) as first:
        second = run("serve", *simulator.flags(), f"--listen=127.0.0.1:{first.port}")
    assert second.returncode == 1
    assert second.stdout == ""
    assert f"cannot listen on 127.0.0.1:{first.port}" in second.stderr
    assert "--listen" in second.stderr


def test_a_file_in_the_way_of_a_socket_is_called_one_and_left_alone(tmp_path):
    there = tmp_path / "relay.sock"
    there.write_text("notes")
    done = run("demo", f"--listen=unix:{there}")
    assert done.returncode == 1 and done.stdout == ""
    assert f"unix:{there}: a file is there that is no socket" in done.stderr
    assert "in use" not in done.stderr and "--listen" in done.stderr
    assert there.read_text() == "notes"
