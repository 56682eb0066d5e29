from support import Relay, Simulator, get


def test_probes_move_to_the_admin_address_and_nothing_else_is_there():
    with Simulator() as simulator:
        with Relay(*simulator.flags(), "--admin-listen=127.0.0.1:0") as relay:
            admin = int(relay.out.expect(r"^listening http://127.0.0.1:(\d+)$").group(1))
            relay.err.expect("access token 1 for")
            assert get(admin, "/livez")[0] == get(admin, "/readyz")[0] == 200
            assert get(relay.port, "/livez")[0] == get(relay.port, "/readyz")[0] == 404
            assert get(relay.port, "/v1/models")[0] == 200
            assert get(admin, "/v1/models")[0] == 404
