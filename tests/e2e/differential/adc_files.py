"""Random credential files of every type, each with the answers that lead to a token."""

import datetime
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sources
from case import CLOUD_PLATFORM, Answer, Case
from keys import Keys, pem
from token_servers import TokenServers

# Characters that a form, a JSON string or Basic authentication must treat with care.
ODD = "abcXYZ019-._~/+=&%?;:@!*'()$,[]<>{}|^`\"\\ #é漢"


class Making:
    """Makes the parts of one case."""

    def __init__(self, case: Case, servers: TokenServers, keys: Keys) -> None:
        self.case, self.servers, self.keys, self.random = case, servers, keys, case.random

    def odd_text(self, most: int = 24) -> str:
        size = self.random.randint(4, most)
        return "".join(self.random.choice(ODD) for _ in range(size)).strip() or "x"

    def name(self) -> str:
        return self.random.choice("abcdefgh") + "".join(
            self.random.choice("abcdefgh0123456789-") for _ in range(8)) + "z"

    def token(self) -> str:
        return "ya29." + "".join(self.random.choice("abcXYZ019-_.") for _ in range(40))

    def email(self) -> str:
        return f"{self.name()}@{self.name()}.iam.gserviceaccount.com"

    def maybe(self, chance: float = 0.5) -> bool:
        return self.random.random() < chance

    def oauth_answer(self, **more: str) -> Answer:
        said: dict[str, Any] = {"access_token": self.token(), "token_type": "Bearer",
                                "expires_in": self.random.randint(300, 43_000)}
        if self.maybe(0.3):
            said |= {"scope": CLOUD_PLATFORM, "id_token": "x.y.z"}
        return Answer.of(said | more)

    def iam_answer(self) -> Answer:
        now = datetime.datetime.now(datetime.timezone.utc)
        end = now + datetime.timedelta(seconds=self.random.randint(300, 43_000))
        return Answer.of({"accessToken": self.token(),
                          "expireTime": end.strftime("%Y-%m-%dT%H:%M:%SZ")})

    def impersonation_url(self) -> str:
        path = f"/v1/projects/-/serviceAccounts/{self.email()}:generateAccessToken"
        self.case.answers[f"iam {path}"] = [self.iam_answer()]
        return self.servers.url("iam", path)


def authorized_user(make: Making) -> dict[str, Any]:
    more = {"refresh_token": make.odd_text()} if make.maybe(0.2) else {}
    make.case.answers["oauth"] = [make.oauth_answer(**more)]
    document = {"type": "authorized_user", "client_id": make.odd_text(),
                "client_secret": make.odd_text(), "refresh_token": make.odd_text(60),
                "token_uri": make.servers.url("oauth", "/token")}
    if make.maybe():
        document |= {"account": "", "universe_domain": "googleapis.com"}
    return document


def service_account(make: Making, universe: bool = True) -> dict[str, Any]:
    make.case.answers["oauth"] = [make.oauth_answer()]
    key, email = make.random.choice(make.keys.accounts), make.email()
    make.case.keys[email] = key.public_key()
    document = {"type": "service_account", "client_email": email,
                "private_key": pem(key, traditional=make.maybe(0.3)),
                "token_uri": make.servers.url("oauth", "/token")}
    if make.maybe(0.8):
        document["project_id"] = make.name()
    if make.maybe(0.8):
        document |= {"private_key_id": make.name(), "client_id": "123"}
    if universe and make.maybe(0.15):
        document["universe_domain"] = "universe.example"
    return document


def workforce_user(make: Making) -> dict[str, Any]:
    more = {"refresh_token": make.odd_text()} if make.maybe(0.4) else {}
    make.case.answers["sts"] = [make.oauth_answer(**more)]
    return {"type": "external_account_authorized_user",
            "audience": sources.workforce_audience(make),
            "client_id": make.odd_text().replace(":", ""), "client_secret": make.odd_text(),
            "refresh_token": make.odd_text(60),
            "token_url": make.servers.url("sts", "/v1/oauthtoken"),
            "token_info_url": make.servers.url("sts", "/v1/introspect")}


def impersonated(make: Making) -> dict[str, Any]:
    source = make.random.choice([authorized_user, workforce_user, service_account,
                                 lambda inner: service_account(inner, universe=False)])
    document = {"type": "impersonated_service_account",
                "service_account_impersonation_url": make.impersonation_url(),
                "source_credentials": source(make)}
    document["source_credentials"].pop("universe_domain", None)
    if make.maybe():
        document["delegates"] = [
            make.email() if make.maybe() else f"projects/-/serviceAccounts/{make.email()}"
            for _ in range(make.random.randint(0, 3))]
    if make.maybe(0.3):
        document["scopes"] = [CLOUD_PLATFORM]
    if make.maybe(0.3):
        document["source_credentials"]["quota_project_id"] = make.name()
    return document


def nested(make: Making) -> dict[str, Any]:
    return {"type": "impersonated_service_account",
            "service_account_impersonation_url": make.impersonation_url(),
            "source_credentials": impersonated(make)}


def metadata(make: Making) -> None:
    answers, flavor = make.case.answers, {"Metadata-Flavor": "Google"}
    text = {"Content-Type": "application/text"}
    root = "metadata /computeMetadata/v1/"
    account = f"{root}instance/service-accounts/default"

    def say(path: str, answer: Answer) -> None:
        answers[path] = [Answer(answer.status, answer.body, text | answer.headers | flavor)]
    email = make.email()
    say("metadata /", Answer())
    say(f"{account}/", Answer.of({"email": email, "scopes": [CLOUD_PLATFORM]}))
    say(f"{account}/email", Answer(body=email.encode()))
    say(f"{account}/token", make.oauth_answer())
    answers[f"{account.replace('default', email)}/token"] = answers[f"{account}/token"]
    say(f"{root}project/project-id", Answer(body=make.name().encode()))
    say(f"{root}universe/universe-domain",
        Answer(404) if make.maybe() else Answer(body=b"googleapis.com"))
    make.case.environment |= {"GCE_METADATA_HOST": make.servers.host("metadata"),
                              "GCE_METADATA_IP": make.servers.host("metadata")}


KINDS: dict[str, tuple[int, Callable[[Making], dict[str, Any] | None]]] = {
    "authorized_user": (4, authorized_user),
    "service_account": (5, service_account),
    "metadata": (2, metadata),
    "impersonated_service_account": (5, impersonated),
    "nested impersonation": (1, nested),
    "external_account_authorized_user": (3, workforce_user),
    **{f"external_account {name}": (3, lambda make, source=source: sources.external(make, source))
       for name, source in sources.SOURCES.items()},
}


def make_case(seed: str, directory: Path, servers: TokenServers, keys: Keys) -> Making:
    """A case in which everything is as it should be."""
    case = Case(directory, random.Random(seed))
    make = Making(case, servers, keys)
    case.kind = make.random.choices(list(KINDS), [weight for weight, _ in KINDS.values()])[0]
    case.environment = {"HOME": str(directory), "PATH": "/usr/bin:/bin"}
    if case.kind != "metadata":
        case.environment["NO_GCE_CHECK"] = "true"
    case.answers["projects"] = [Answer.of({"projectId": "project-of-the-number"})]
    case.document = KINDS[case.kind][1](make)
    case.well_known = make.maybe(0.2)
    if case.document is not None and make.maybe(0.4):
        case.document["quota_project_id"] = make.name()
    if make.maybe(0.3):
        case.environment["GOOGLE_CLOUD_QUOTA_PROJECT"] = make.name()
    if make.maybe(0.4):
        variable = make.random.choice(["GOOGLE_CLOUD_PROJECT", "GCLOUD_PROJECT"])
        case.environment[variable] = make.name()
    return make
