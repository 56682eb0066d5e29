import re

from support import Relay, Simulator, chat_request, connect, read_answer, run, user

EVENTS = 10_000


def without_identity(body):
    """The simulator gives each answer an id and a time; all else depends on the request alone."""
    return re.sub(rb'"created":\d+,"id":"[^"]+"', b'"created":0,"id":""', body)


def stream_from(raw, path="/v1/chat/completions", headers=""):
    body = {"model": f"google/sim-events-{EVENTS}", "messages": user("Hello"), "stream": True}
    raw.sendall(chat_request(body, path, headers))
    status, _, body = read_answer(raw.makefile("rb"))
    assert status == 200
    return body


def test_ten_thousand_events_pass_byte_for_byte():
    with Simulator() as simulator:
        token = run("print-token", *simulator.flags()).stdout.strip()
        with connect(simulator.port, simulator.ca) as raw:
            direct = stream_from(
                raw, "/v1/projects/sim-project/locations/global/endpoints/openapi/chat/completions",
                f"Authorization: Bearer {token}\r\n")
        with Relay(*simulator.flags()) as relay, connect(relay.port) as raw:
            relayed = stream_from(raw)
    assert relayed.count(b"\n\n") == EVENTS + 2  # the end with usage, and [DONE]
    assert len({*relayed.split(b"\n\n")}) == 4   # one id in all events
    assert without_identity(relayed) == without_identity(direct)
