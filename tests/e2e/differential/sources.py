"""External accounts: the places that subject tokens come from."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from case import Answer

if TYPE_CHECKING:
    from adc_files import Making

Source = Callable[["Making", dict[str, Any]], dict[str, Any]]


def workforce_audience(make: Making) -> str:
    return (f"//iam.googleapis.com/locations/global/workforcePools/{make.name()}/"
            f"providers/{make.name()}")


def workload_audience(make: Making) -> str:
    return (f"//iam.googleapis.com/projects/{make.random.randint(10**9, 10**12)}/locations/global/"
            f"workloadIdentityPools/{make.name()}/providers/{make.name()}")


def external(make: Making, source: Source) -> dict[str, Any]:
    workforce = source in (from_file, from_url, from_executable) and make.maybe(0.3)
    make.case.answers["sts"] = make.case.answers["mtls"] = [make.oauth_answer(
        issued_token_type="urn:ietf:params:oauth:token-type:access_token")]
    document = {
        "type": "external_account",
        "audience": workforce_audience(make) if workforce else workload_audience(make),
        "subject_token_type": "urn:ietf:params:oauth:token-type:" + make.random.choice(
            ["jwt", "id_token", "saml2"]),
        "token_url": make.servers.url("sts", "/v1/token")}
    if workforce and make.maybe(0.7):
        document["workforce_pool_user_project"] = make.name()
    if make.maybe(0.3):
        document |= {"client_id": make.odd_text().replace(":", ""),
                     "client_secret": make.odd_text()}
    if make.maybe(0.4):
        document["service_account_impersonation_url"] = make.impersonation_url()
        if make.maybe():
            document["service_account_impersonation"] = {
                "token_lifetime_seconds": make.random.randint(600, 43_200)}
    document["credential_source"] = source(make, document)
    return document


def subject_text(make: Making, source: dict[str, Any]) -> str:
    """A subject token, dressed as `format` in the source says."""
    token = make.odd_text(200)
    choice = make.random.choice(["absent", "text", "json"])
    if choice == "json":
        member = make.name()
        source["format"] = {"type": "json", "subject_token_field_name": member}
        return json.dumps({"before": 1, member: token, "after": [None]})
    if choice == "text":
        source["format"] = {"type": "text"}
    return token


def from_file(make: Making, _: dict[str, Any]) -> dict[str, Any]:
    path = make.case.directory / "subject token"
    source: dict[str, Any] = {"file": str(path)}
    path.write_text(subject_text(make, source))
    return source


def from_url(make: Making, _: dict[str, Any]) -> dict[str, Any]:
    query = "?audience=a%2Fb&x=1" if make.maybe() else ""
    source: dict[str, Any] = {"url": make.servers.url("source", "/token/of/mine" + query)}
    if make.maybe(0.6):
        source["headers"] = {"Metadata": "True", f"X-{make.name()}": "v " + make.name()}
        make.case.watched_headers |= {name.lower() for name in source["headers"]}
    make.case.answers["source"] = [Answer(body=subject_text(make, source).encode())]
    return source


def from_executable(make: Making, document: dict[str, Any]) -> dict[str, Any]:
    case = make.case
    case.environment["GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"] = "1"
    case.program_log = case.directory / "runs"
    saml = document["subject_token_type"].endswith("saml2")
    said = {"version": 1, "success": True, "token_type": document["subject_token_type"],
            "saml_response" if saml else "id_token": make.odd_text(100)}
    if make.maybe(0.7):
        said["expiration_time"] = int(time.time()) + 3600
    answer = case.directory / "answer.json"
    answer.write_text(json.dumps(said))
    program = case.directory / "my program.sh"
    # Its arguments and what it is told, one a line, then the answer.
    program.write_text(f"""#!/bin/sh
{{ printf 'argument %s\\n' "$@"; env | grep ^GOOGLE_EXTERNAL_ACCOUNT_ | sort; echo end; }} \\
    >> {shlex.quote(str(case.program_log))}
cat {shlex.quote(str(answer))}
""")
    program.chmod(0o755)
    arguments = make.random.choice(["", " --plain", " 'one word' \"two words\"", " a\\ b 'c\"d'"])
    settings: dict[str, Any] = {"command": shlex.quote(str(program)) + arguments}
    if make.maybe():
        settings["timeout_millis"] = make.random.randint(5_000, 120_000)
    if make.maybe(0.4):
        output = case.directory / "output.json"
        settings["output_file"] = str(output)
        state = make.random.choice(["none", "fresh", "expired"])
        if state != "none":
            end = int(time.time()) + (3600 if state == "fresh" else -60)
            output.write_text(json.dumps(said | {"expiration_time": end}))
    return {"executable": settings}


def from_aws(make: Making, document: dict[str, Any]) -> dict[str, Any]:
    case, base = make.case, "/latest/meta-data"
    document["subject_token_type"] = "urn:ietf:params:aws:token-type:aws4_request"
    source = {"environment_id": "aws1",
              "region_url": make.servers.url("source", f"{base}/placement/availability-zone"),
              "url": make.servers.url("source", f"{base}/iam/security-credentials"),
              "regional_cred_verification_url":
                  "https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15"}
    case.aws_secret, session = make.odd_text(40), make.token()
    case.watched_headers |= {"x-aws-ec2-metadata-token", "x-aws-ec2-metadata-token-ttl-seconds"}
    if make.maybe():
        source["imdsv2_session_token_url"] = make.servers.url("source", "/latest/api/token")
    if make.maybe(0.6):
        variable = make.random.choice(["AWS_REGION", "AWS_DEFAULT_REGION"])
        case.environment[variable] = "eu-central-1"
    if make.maybe():
        case.environment |= {"AWS_ACCESS_KEY_ID": "AKIA" + make.name().upper(),
                             "AWS_SECRET_ACCESS_KEY": case.aws_secret}
        if make.maybe():
            case.environment["AWS_SESSION_TOKEN"] = session
    keys = {"Code": "Success", "AccessKeyId": "ASIA" + make.name().upper(),
            "SecretAccessKey": case.aws_secret, "Token": session}
    case.answers |= {"source /latest/api/token": [Answer(body=make.token().encode())],
                     f"source {base}/placement/availability-zone": [Answer(body=b"us-east-1d")],
                     f"source {base}/iam/security-credentials": [Answer(body=b"my-role")],
                     f"source {base}/iam/security-credentials/my-role": [Answer.of(keys)]}
    return source


def from_certificate(make: Making, document: dict[str, Any]) -> dict[str, Any]:
    case = make.case
    document["subject_token_type"] = "urn:ietf:params:oauth:token-type:mtls"
    document["token_url"] = make.servers.url("mtls", "/v1/token")
    configuration = {"cert_configs": {"workload": {"cert_path": str(make.keys.client),
                                                   "key_path": str(make.keys.client_key)}}}
    path = case.directory / "certificates.json"
    where: dict[str, Any] = {"certificate_config_location": str(path)}
    choice = make.random.choice(["location", "variable", "default"])
    if choice != "location":
        where = {"use_default_certificate_config": True}
    if choice == "variable":
        case.environment["GOOGLE_API_CERTIFICATE_CONFIG"] = str(path)
    if choice == "default":
        path = case.directory / ".config/gcloud/certificate_config.json"
        path.parent.mkdir(parents=True)
    path.write_text(json.dumps(configuration))
    if make.maybe():
        leaf = make.keys.client.read_text() if make.maybe() else ""
        chain = case.directory / "chain.pem"
        chain.write_text(leaf + make.keys.authority.read_text())
        where["trust_chain_path"] = str(chain)
    return {"certificate": where}


SOURCES: dict[str, Source] = {"file": from_file, "url": from_url, "executable": from_executable,
                              "aws": from_aws, "certificate": from_certificate}
