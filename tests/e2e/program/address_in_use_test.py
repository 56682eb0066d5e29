from support import Relay, Simulator, run


def test_a_taken_address_is_named_with_its_setting():
    with Simulator() as simulator, Relay(*simulator.flags()) as first:
        second = run("serve", *simulator.flags(), f"--listen=127.0.0.1:{first.port}")
    assert second.returncode == 1
    assert second.stdout == ""
    assert f"cannot listen on 127.0.0.1:{first.port}" in second.stderr
    assert "--listen" in second.stderr
