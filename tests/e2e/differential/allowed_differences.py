"""Where the relay may differ from google-auth, and why. Whatever is not listed here is a failure.

A rule holds for differences `where` (a pattern), in cases whose fault and kind match, if `also`
agrees; it is as narrow as its reason.
"""

import fnmatch
import json
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from case import CLOUD_PLATFORM
from comparison import ABSENT, Difference
from tally import Tally

IAM_SCOPE = "https://www.googleapis.com/auth/iam"


@dataclass(frozen=True)
class Allowed:
    reason: str
    where: str
    fault: str = "*"
    kind: str = "*"
    google: str = "*"
    relay: str = "*"
    also: Callable[[Difference], bool] = lambda _: True

    def covers(self, found: Difference) -> bool:
        pairs = ((found.where, self.where), (found.case.fault, self.fault),
                 (found.case.kind, self.kind), (str(found.google), self.google),
                 (str(found.relay), self.relay))
        return all(fnmatch.fnmatchcase(text, pattern) for text, pattern in pairs) and \
            self.also(found)


def inner_documents(document: Any) -> list[dict[str, Any]]:
    """The file and the sources nested in it."""
    return [document, *inner_documents(document.get("source_credentials"))] \
        if isinstance(document, dict) else []


def is_token_address_of_file(found: Difference) -> bool:
    return any(one.get("token_uri") == found.relay for one in inner_documents(found.case.document))


def is_project_of_file(found: Difference) -> bool:
    """The pool's number, or the project that a workforce file names."""
    document = found.case.document
    return found.relay in (document.get("workforce_pool_user_project"),
                           document["audience"].split("/")[4])


def are_same_delegates(found: Difference) -> bool:
    front = "projects/-/serviceAccounts/"
    if not found.google:
        return found.relay == ABSENT
    return [front + one.removeprefix(front) for one in found.google] == found.relay


def is_encoded_once(found: Difference) -> bool:
    return json.loads(urllib.parse.unquote(found.google)) == json.loads(found.relay)


TELEMETRY = "Only google-auth tells its programs an account id and that nothing is being revoked."

ALLOWED = [
    Allowed("The assertion is addressed to the token server it goes to, as in Google's Go and C++ "
            "libraries; google-auth writes Google's own address whatever the file says.",
            "oauth.jwt.claim.aud", google="https://oauth2.googleapis.com/token",
            also=is_token_address_of_file),
    Allowed("A source token may be asked for cloud-platform (Go) or for IAM alone (Python); a user "
            "login has it anyway.", "oauth.jwt.claim.scope", kind="*impersonat*", google=IAM_SCOPE,
            relay=CLOUD_PLATFORM),
    Allowed("The same between two accounts that are acted as.", "iam.json.scope",
            kind="nested impersonation",
            also=lambda found: (found.google, found.relay) == ([IAM_SCOPE], [CLOUD_PLATFORM])),
    Allowed("google-auth reads no such file (Go does).", "result", kind="nested impersonation",
            fault="file *", google="failure: InvalidType: *", relay="token"),
    Allowed("Nothing is left out instead of null; the API's full names instead of bare addresses.",
            "iam.json.delegates", also=are_same_delegates),
    Allowed("The source's quota project on the IAM call turns working set-ups into 403s "
            "(google-github-actions/auth #250).", "iam.header.x-goog-user-project", relay=ABSENT),
    Allowed("Both encodings are in production; google-auth encodes twice, Go and Rust once.",
            "sts.form.options", also=is_encoded_once),
    Allowed("The audience is signed, too, as in Go, Rust and AIP-4117.", "sts.aws.signed",
            also=lambda found: found.relay == found.google + ";x-goog-cloud-target-resource"),
    Allowed("google-auth fetches one session token for the region and one for the keys.",
            "requests.source PUT */latest/api/token", google="2", relay="1"),
    Allowed(TELEMETRY, "program.told", google="GOOGLE_EXTERNAL_ACCOUNT_ID=*", relay=ABSENT),
    Allowed(TELEMETRY, "program.told", google="GOOGLE_EXTERNAL_ACCOUNT_REVOKE=0", relay=ABSENT),
    Allowed("A program is told the account it is asked for; google-auth loses it when it splits "
            "off the impersonation.", "program.told", google=ABSENT,
            relay="GOOGLE_EXTERNAL_ACCOUNT_IMPERSONATED_EMAIL=*"),
    Allowed("The relay names the project from the file; google-auth asks the Resource Manager for "
            "the name behind the number.", "result.project", kind="external_account *",
            google="project-of-the-number", also=is_project_of_file),
    Allowed("See above: the question for that name.", "requests.projects GET *", relay="0"),
    Allowed("A quota project counts in every type of file, as in Go; google-auth overlooks it in "
            "service account keys.", "result.quota_project", kind="service_account", google="None",
            also=lambda found: found.case.document["quota_project_id"] == found.relay),
    Allowed("Two halves or nothing: Basic with an empty secret is Python's alone.",
            "sts.header.authorization", fault="member client_secret *", relay=ABSENT),
    Allowed("A machine's token is all that is needed; the rest is asked for messages, the universe "
            "and, at the end and only if nothing names it, the project.",
            "requests.metadata GET *", also=lambda found: not found.where.endswith("/token")),
    Allowed("See above.", "requests.order", kind="metadata"),
    Allowed("A decimal string is a number, too; google-auth sees that for some types only.",
            "result", fault="answer * expires_in text", google="failure: TypeError: *",
            relay="token"),
    Allowed("google-auth never asks STS again; 408, 429 and 5xx pass by themselves.", "result",
            fault="* then the answer", kind="external_account_authorized_user",
            google="failure: OAuthError: *", relay="token"),
    Allowed("print-token asks once; the running relay has the ladder that follows.",
            "requests.*", fault="answer *", google="[23456]", relay="1"),
    Allowed("A byte order mark is no reason to fail.", "result", fault="file byte order mark",
            google="failure: *", relay="token"),
    Allowed("A member of the wrong type is refused by name; google-auth sends what Python makes of "
            "it.", "result", fault="member *", google="token",
            relay="failure: *Credential file */*credentials.json*",
            also=lambda found: not found.case.fault.endswith(" missing")),
    *(Allowed("See above: refused before anything is asked or run.", where, fault="member *",
              relay="0") for where in ("requests.*", "program.runs")),
    Allowed("No header can carry such a token, or its lifetime cannot be told.", "result",
            fault="answer *", google="token", relay="failure: *no usable *"),
    Allowed("No role is no role; google-auth asks for the keys of an empty name.",
            "requests.source GET */security-credentials/", fault="AWS blank *", google="1",
            relay="0"),
    Allowed("Environment files and secret stores deliver keys like that.", "result",
            fault="key escaped", google="failure: *", relay="token"),
    Allowed("An empty universe is the default one; google-auth takes it for another.", "*",
            fault="member universe_domain empty", kind="service_account"),
    Allowed("So is null.", "*", fault="member universe_domain null", kind="service_account"),
    Allowed("An empty subject token is none.", "result", fault="program no token",
            google="token", relay="failure: *without a usable*"),
    Allowed("Both give up; the relay has begun a session by then.",
            "requests.source PUT */latest/api/token", fault="member credential_source.*",
            google="0", relay="1"),
    Allowed("An empty key id is none.", "*.jwt.header.kid", fault="member *private_key_id empty",
            google="", relay=ABSENT),
    Allowed("Only a text names a project.", "result.project", fault="member project_id *",
            relay="None"),
    Allowed("Only a text names a project.", "result.quota_project",
            fault="member quota_project_id *", relay="None"),
    Allowed("Where there is no format, the text is the token; google-auth crashes.", "result",
            fault="member credential_source.format null", google="failure: AttributeError: *",
            relay="token"),
    Allowed("A token that does not say how long it lives is used for 300 s, not for ever.",
            "result.lifetime", fault="answer * without expires_in", google="None", relay="300"),
    Allowed("An empty GOOGLE_CLOUD_PROJECT is unset; in google-auth it hides GCLOUD_PROJECT.",
            "result.project", fault="empty project"),
    Allowed("Vertex takes cloud-platform alone, so that is what is asked for, whatever the file "
            "says.", "iam.json.scope", fault="member *scopes *",
            also=lambda found: found.relay == [CLOUD_PLATFORM]),
    *(Allowed("A subject token that is called stale is fetched once more (google-cloud-go #12440).",
              where, fault="answer sts *", kind="external_account *", google="1", relay="2",
              also=lambda found: found.case.fault.endswith((" invalid_grant", " rapt")))
      for where in ("program.runs", "requests.s*")),
    Allowed("No token exchange works without a subject token type (RFC 8693): refused by name.",
            "result", fault="member subject_token_type missing", google="token",
            relay="failure: *subject_token_type* is missing*"),
    Allowed("An empty session token is none.", "result", fault="AWS blank source */api/token",
            google="token", relay="failure: *no session token*"),
    Allowed("An empty address names nobody to act as.", "result",
            fault="member service_account_impersonation_url empty", kind="external_account *",
            google="failure: RefreshError: *", relay="token"),
    Allowed("A key all in one line is refused with the remedy; OpenSSL reads none such.", "result",
            fault="key one line", google="token", relay="failure: *lost its line breaks*"),
    Allowed("Keys of fewer than 2048 bits are refused; Google has never issued them.", "result",
            fault="key small", google="token", relay="failure: *fewer than 2048 bits*"),
    Allowed("A self-signed token is dated ten seconds back, for clocks that run fast.",
            "result.lifetime", kind="service_account", relay="3590"),
]


def is_allowed(found: Difference, tally: Tally) -> bool:
    rule = next((rule for rule in ALLOWED if rule.covers(found)), None)
    if rule is not None:
        tally.allowed[rule.where] += 1
    return rule is not None
