"""The relay: `print-token` for one try, `serve` where tries are to follow one another."""

import http.client
import json

from case import Case
from outcome import Outcome
from support import PATIENCE, Relay, run as run_program
from token_servers import TokenServers


def run(case: Case, servers: TokenServers, authority: str) -> Outcome:
    environment = case.environment | {"VERTEX_RELAY_GOOGLE_ALLOW_ANY_TOKEN_HOST": "true",
                                      "VERTEX_RELAY_UPSTREAM_CA_FILE": authority}
    if "NO_GCE_CHECK" not in environment:
        environment["NO_GCE_CHECK"] = ""
    with servers.playing(case) as seen:
        outcome = (serve if case.served else print_token)(servers, environment)
    outcome.requests = list(seen)
    return outcome


def print_token(_: TokenServers, environment: dict[str, str]) -> Outcome:
    done = run_program("print-token", "--json", environment=environment)
    if done.returncode != 0:
        assert done.returncode == 1 and not done.stdout, f"exit {done.returncode}: {done.stderr}"
        return Outcome(failure=done.stderr.strip())
    said = json.loads(done.stdout)
    assert said["token_type"] == "Bearer"
    return Outcome(token=said["access_token"], lifetime=said["expires_in"],
                   project=said["project"], quota_project=said["quota_project"])


def serve(servers: TokenServers, environment: dict[str, str]) -> Outcome:
    """One chat request: what Vertex is shown with it is the outcome."""
    with Relay(f"--upstream-endpoint={servers.url('vertex')}", "--project=any", "--retry-max=0",
               environment=environment) as relay:
        connection = http.client.HTTPConnection("127.0.0.1", relay.port, timeout=PATIENCE)
        connection.request("POST", "/v1/chat/completions",
                           json.dumps({"model": "google/any", "messages": []}),
                           {"Content-Type": "application/json"})
        answer = connection.getresponse()
        body = answer.read().decode()
        connection.close()
    shown = servers.take_seen_by("vertex")
    if not shown:
        return Outcome(failure=f"{answer.status}: {body}")
    headers = shown[0].headers
    return Outcome(token=headers["authorization"].removeprefix("Bearer "),
                   quota_project=headers.get("x-goog-user-project"))
