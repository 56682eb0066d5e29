"""A request in a form that can be compared: each field by name, signatures checked, times judged.
"""

import base64
import binascii
import calendar
import hashlib
import hmac
import json
import time
import urllib.parse
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding

from case import Case
from token_servers import Seen

Fields = dict[str, Any]

# What decides about the answer. The rest is telemetry (User-Agent, X-Goog-Api-Client) or framing.
HEADERS = {"host", "content-type", "authorization", "metadata-flavor", "x-goog-user-project",
           "x-forwarded-for", "cookie"}
CLOCK_SECONDS = 30  # what a loaded machine may need between signing and checking


def fields_of(seen: Seen, case: Case) -> Fields:
    parts = urllib.parse.urlsplit(seen.target)
    fields: Fields = {f"query.{name}": value for name, value in
                      urllib.parse.parse_qsl(parts.query, keep_blank_values=True)}
    for name in HEADERS | case.watched_headers:
        if name in seen.headers:
            fields[f"header.{name}"] = readable_header(name, seen.headers[name])
    if seen.certificate:
        fields["certificate"] = hashlib.sha256(seen.certificate).hexdigest()
    kind = seen.headers.get("content-type", "").partition(";")[0]
    if not seen.body:
        return fields
    if kind == "application/json":
        return fields | {f"json.{name}": value for name, value in json.loads(seen.body).items()}
    if kind == "application/x-www-form-urlencoded":
        return fields | form_fields(seen.body.decode(), case)
    return fields | {"body": seen.body.decode()}


def readable_header(name: str, value: str) -> str:
    if name == "authorization" and value.startswith("Basic "):
        try:
            return "Basic of " + base64.b64decode(value[6:], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            return "no Basic: " + value
    return value


def form_fields(body: str, case: Case) -> Fields:
    fields: Fields = {}
    for name, value in urllib.parse.parse_qsl(body, keep_blank_values=True, strict_parsing=True):
        assert f"form.{name}" not in fields, f"{name} is sent twice"
        fields[f"form.{name}"] = value
    if assertion := fields.pop("form.assertion", None):
        fields |= jwt_fields(assertion, case)
    if fields.get("form.subject_token_type", "").endswith(":mtls"):
        fields["form.subject_token"] = json.loads(fields["form.subject_token"])
    if "aws4_request" in fields.get("form.subject_token_type", ""):
        fields |= aws_fields(fields.pop("form.subject_token"), case)
    return fields


def _decoded(part: str) -> Any:
    assert "=" not in part, "base64url with padding"
    return base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))


def jwt_fields(text: str, case: Case) -> Fields:
    head, claims, signature = text.split(".")
    said = json.loads(_decoded(claims))
    issued, ends = said.pop("iat"), said.pop("exp")
    header = json.loads(_decoded(head))
    fields: Fields = {f"jwt.header.{name}": value for name, value in header.items()}
    fields |= {f"jwt.claim.{name}": value for name, value in said.items()}
    fields["jwt.seconds"] = ends - issued
    fields["jwt.issued"] = "now" if abs(issued - time.time()) < CLOCK_SECONDS else issued
    try:
        case.keys[said.get("iss", "")].verify(_decoded(signature), f"{head}.{claims}".encode(),
                                              padding.PKCS1v15(), hashes.SHA256())
        fields["jwt.signature"] = "verified"
    except (InvalidSignature, KeyError):
        fields["jwt.signature"] = "WRONG"
    return fields


def aws_fields(subject: str, case: Case) -> Fields:
    request = json.loads(urllib.parse.unquote(subject))
    headers = {one["key"].lower(): one["value"] for one in request["headers"]}
    fields: Fields = {"aws.url": request["url"], "aws.method": request["method"]}
    authorization = headers.pop("authorization")
    algorithm, _, rest = authorization.partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    fields |= {"aws.algorithm": algorithm, "aws.credential": parts["Credential"],
               "aws.signed": parts["SignedHeaders"]}
    right = aws_signature(request, headers, parts, case.aws_secret)
    fields["aws.signature"] = "verified" if right == parts["Signature"] else "WRONG"
    moment = time.strptime(headers.pop("x-amz-date"), "%Y%m%dT%H%M%SZ")
    age = abs(calendar.timegm(moment) - time.time())
    fields["aws.date"] = "now" if age < CLOCK_SECONDS else age
    return fields | {f"aws.header.{name}": value for name, value in headers.items()}


def aws_signature(request: Fields, headers: dict[str, str], parts: dict[str, str],
                  secret: str) -> str:
    """AWS Signature Version 4, from what was sent alone."""
    url = urllib.parse.urlsplit(request["url"])
    query = urllib.parse.urlencode(sorted(urllib.parse.parse_qsl(url.query)),
                                   quote_via=urllib.parse.quote)
    names = parts["SignedHeaders"].split(";")
    lines = [request["method"], url.path or "/", query,
             *(f"{name}:{headers[name]}" for name in names), "", ";".join(names),
             hashlib.sha256(b"").hexdigest()]
    _, day, region, service, end = parts["Credential"].split("/")
    digest = hashlib.sha256("\n".join(lines).encode()).hexdigest()
    to_sign = "\n".join(["AWS4-HMAC-SHA256", headers["x-amz-date"],
                         "/".join([day, region, service, end]), digest])
    key = ("AWS4" + secret).encode()
    for step in (day, region, service, end, to_sign):
        key = hmac.new(key, step.encode(), hashlib.sha256).digest()
    return key.hex()
