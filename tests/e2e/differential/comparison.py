"""The differences between what the two sides did in one case."""

import collections
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from case import Case
from outcome import Outcome
from requests_seen import fields_of, jwt_fields
from token_servers import Seen

LIFETIME_SECONDS = 5  # rounding, and what a loaded machine needs between asking and looking
ABSENT = "(absent)"


@dataclass(frozen=True)
class Difference:
    where: str     # "result.token", "sts.form.options", "requests.iam"
    google: Any    # what google-auth did
    relay: Any
    case: Case

    def __str__(self) -> str:
        return f"{self.where}:\n    google-auth {self.google!r}\n    relay       {self.relay!r}"


def differences(google: Outcome, relay: Outcome, case: Case) -> list[Difference]:
    found = list(results(google, relay, case))
    alike = all(one.where != "result" for one in found)
    if alike:
        found += programs(google, relay, case)
    sides = [by_question(side.requests) for side in (google, relay)]
    found += order(*sides, case)
    for question in dict.fromkeys([*sides[0], *sides[1]]):
        asked = [side.get(question, []) for side in sides]
        server, method, path = question
        if alike and len(asked[0]) != len(asked[1]):  # else one side went on where one gave up
            found.append(Difference(f"requests.{server} {method} {path}", len(asked[0]),
                                    len(asked[1]), case))
        for one, other in zip(*asked):
            found += fields(server, fields_of(one, case), fields_of(other, case), case)
    return found


def results(google: Outcome, relay: Outcome, case: Case) -> Iterator[Difference]:
    sides = (google, relay)
    if (google.token is None) != (relay.token is None):
        said = ["token" if side.token is not None else f"failure: {side.failure}" for side in sides]
        yield Difference("result", *said, case)
        return
    if google.token is None:
        return
    if google.token != relay.token and not is_jwt(google.token, relay.token):
        yield Difference("result.token", google.token, relay.token, case)
    elif google.token != relay.token:
        claims = [jwt_fields(str(side.token), case) for side in sides]
        yield from fields("result.token", *claims, case)
    if google.quota_project != relay.quota_project:
        yield Difference("result.quota_project", google.quota_project, relay.quota_project, case)
    if case.served:
        return  # Vertex learns neither
    if google.project != relay.project:
        yield Difference("result.project", google.project, relay.project, case)
    if google.lifetime is None or abs(google.lifetime - (relay.lifetime or 0)) > LIFETIME_SECONDS:
        yield Difference("result.lifetime", google.lifetime, relay.lifetime, case)


def is_jwt(*tokens: str | None) -> bool:
    return all(token is not None and token.startswith("eyJ") for token in tokens)


def programs(google: Outcome, relay: Outcome, case: Case) -> Iterator[Difference]:
    if len(google.program_runs) != len(relay.program_runs):
        yield Difference("program.runs", len(google.program_runs), len(relay.program_runs), case)
    for one, other in zip(google.program_runs, relay.program_runs):
        for line in one:
            if line not in other:
                yield Difference("program.told", line, ABSENT, case)
        for line in other:
            if line not in one:
                yield Difference("program.told", ABSENT, line, case)


Question = tuple[str, str, str]


def by_question(requests: list[Seen]) -> dict[Question, list[Seen]]:
    asked: dict[Question, list[Seen]] = collections.defaultdict(list)
    for seen in requests:
        asked[(seen.server, seen.method, seen.path)].append(seen)
    return asked


def order(google: dict[Question, Any], relay: dict[Question, Any],
          case: Case) -> Iterator[Difference]:
    """Of the questions that both ask."""
    common = [[question for question in side if question in other]
              for side, other in ((google, relay), (relay, google))]
    if common[0] != common[1]:
        yield Difference("requests.order", common[0], common[1], case)


def fields(server: str, google: dict[str, Any], relay: dict[str, Any],
           case: Case) -> Iterator[Difference]:
    for name in sorted(google.keys() | relay.keys()):
        one, other = google.get(name, ABSENT), relay.get(name, ABSENT)
        if one != other:
            yield Difference(f"{server}.{name}", one, other, case)
