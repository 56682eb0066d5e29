from support import Relay, Simulator, get


def test_each_listener_prints_one_line_with_its_real_address(tmp_path):
    with Simulator() as simulator:
        listen = f"127.0.0.1:0,127.0.0.2:0,unix:{tmp_path}/relay.sock"
        with Relay(*simulator.flags(), listen=listen) as relay:
            second = int(relay.out.expect(r"^listening http://127.0.0.2:(\d+)$").group(1))
            relay.out.expect(f"^listening unix:{tmp_path}/relay.sock$")
            assert relay.url == f"http://127.0.0.1:{relay.port}"
            assert get(relay.port, "/livez")[0] == get(second, "/livez", "127.0.0.2")[0] == 200
        assert len(relay.out.so_far()) == 3
