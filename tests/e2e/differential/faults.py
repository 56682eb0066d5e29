"""Breaks one thing of a case in about half of them: the file, an answer, or the surroundings."""

import datetime
import json
from collections.abc import Callable
from typing import Any

from adc_files import Making
from case import Answer
from keys import pem

WRONG = {"null": None, "number": 5, "list": ["x"], "object": {"x": 1}, "true": True, "empty": ""}


def break_something(make: Making) -> None:
    if make.maybe(0.45):
        return
    breakers = [break_answer, break_answer, try_again]
    if make.case.document is not None:
        breakers += [break_member, break_member, break_file, break_surroundings]
    make.random.choice(breakers)(make)


def break_member(make: Making) -> None:
    """Takes away a member, at any depth, or gives it another type."""
    holder, name, path = make.random.choice(list(members_of(make.case.document)))
    fault = make.random.choice(["missing", *WRONG])
    if name in ("token_uri", "token_url") and fault in ("missing", "null", "empty"):
        fault = "number"  # else Google's own servers would be asked
    if fault == "missing":
        del holder[name]
    else:
        holder[name] = WRONG[fault]
    make.case.fault = f"member {path} {fault}"


def members_of(document: dict[str, Any], path: str = "") -> Any:
    for name, value in document.items():
        yield document, name, path + name
        if isinstance(value, dict) and name != "headers":
            yield from members_of(value, f"{path}{name}.")


def break_file(make: Making) -> None:
    case = make.case
    whole = json.dumps(case.document).encode()
    directory = case.directory / "directory"
    directory.mkdir()
    texts: dict[str, bytes] = {
        "cut": whole[:make.random.randrange(1, len(whole) - 1)], "empty": b"", "blank": b" \n",
        "array": b"[" + whole + b"]", "not JSON": b"no\n",
        "byte order mark": b"\xef\xbb\xbf" + whole,
        "unknown type": json.dumps(case.document | {"type": "api_key"}).encode(),
        "client file": json.dumps({"installed": {"client_id": "x"}}).encode()}
    fault = make.random.choice([*texts, "absent", "directory", "more members"])
    case.fault = f"file {fault}"
    case.well_known = False
    if fault == "absent":
        case.environment["GOOGLE_APPLICATION_CREDENTIALS"] = str(case.directory / "absent.json")
    elif fault == "directory":
        case.environment["GOOGLE_APPLICATION_CREDENTIALS"] = str(directory)
    elif fault == "more members":
        case.document |= {"comment": [1, {"x": None}], "revoke_url": "https://example.com"}
    else:
        case.text = texts[fault]


def break_surroundings(make: Making) -> None:
    """What the file names: keys, subject tokens, programs, certificates; and the variables."""
    case, directory = make.case, make.case.directory
    source = case.document.get("credential_source", {})
    ways: dict[str, Callable[[], Any]] = {
        "empty project": lambda: case.environment.update(GOOGLE_CLOUD_PROJECT=""),
        "empty quota project": lambda: case.environment.update(GOOGLE_CLOUD_QUOTA_PROJECT=""),
        "empty GOOGLE_APPLICATION_CREDENTIALS": lambda: set_empty(make)}
    for holder, name, _ in members_of(case.document):
        if name == "private_key":
            ways |= key_faults(make, holder)
    if "file" in source:
        path = directory / "subject token"
        ways |= {"subject absent": path.unlink, "subject empty": lambda: path.write_text(""),
                 "subject in lines": lambda: path.write_text(f"\n{path.read_text()} \n"),
                 "subject other JSON": lambda: path.write_text('{"other": 1}')}
    if "url" in source and "environment_id" not in source:
        for status in (201, 404, 500):
            ways[f"subject status {status}"] = lambda status=status: case.answers.update(
                source=[Answer(status, case.answers["source"][0].body)])
    if "environment_id" in source:
        for key in [key for key in case.answers if key.startswith("source ")]:
            ways[f"AWS 404 {key}"] = lambda key=key: case.answers.update({key: [Answer(404)]})
            ways[f"AWS blank {key}"] = lambda key=key: case.answers.update({key: [Answer()]})
        ways |= {"AWS version": lambda: source.update(environment_id="aws2"),
                 "AWS only the key id": lambda: case.environment.pop("AWS_SECRET_ACCESS_KEY", 0)}
    if "executable" in source:
        ways |= program_faults(make, source["executable"])
    if "certificate" in source:
        ways["both certificates"] = lambda: source.update(certificate={
            "use_default_certificate_config": True, "certificate_config_location": "/x"})
        ways["certificate chain out of order"] = lambda: chain_out_of_order(make, source)
    fault = make.random.choice(list(ways))
    ways[fault]()
    case.fault = fault


def key_faults(make: Making, holder: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    whole = holder["private_key"]
    texts = {"small": pem(make.keys.small), "curve": pem(make.keys.curve), "cut": whole[:900],
             "escaped": whole.replace("\n", "\\n"), "blanks": whole.replace("\n", " "),
             "one line": whole.replace("\n", ""),
             "no PEM": "secret"}
    return {f"key {fault}": lambda text=text: holder.update(private_key=text)
            for fault, text in texts.items()}


def set_empty(make: Making) -> None:
    make.case.well_known = True
    make.case.environment["GOOGLE_APPLICATION_CREDENTIALS"] = ""


def chain_out_of_order(make: Making, source: dict[str, Any]) -> None:
    chain = make.case.directory / "chain.pem"
    chain.write_text(make.keys.authority.read_text() + make.keys.client.read_text())
    source["certificate"]["trust_chain_path"] = str(chain)


def program_faults(make: Making, settings: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    answer, environment = make.case.directory / "answer.json", make.case.environment
    said = json.loads(answer.read_text())
    permission = "GOOGLE_EXTERNAL_ACCOUNT_ALLOW_EXECUTABLES"
    ways: dict[str, Callable[[], Any]] = {
        "program not allowed": lambda: environment.pop(permission),
        "program allowed by a word": lambda: environment.update({permission: "true"}),
        "program absent": lambda: settings.update(command="/absent/program"),
        "program fails": lambda: settings.update(command="/bin/false"),
        "program silent": lambda: settings.update(command="/bin/true"),
        "program quote": lambda: settings.update(command=settings["command"] + " 'open"),
        "program timeout": lambda: settings.update(timeout_millis=4999)}
    changes: dict[str, dict[str, Any]] = {
        "refuses": {"success": False, "code": "401", "message": "no"},
        "refuses without reason": {"success": False}, "version 2": {"version": 2},
        "version text": {"version": "1"}, "expired": {"expiration_time": 1},
        "unknown type": {"token_type": "urn:x"}, "no token": {"id_token": "", "saml_response": ""}}
    for name, change in changes.items():
        ways[f"program {name}"] = lambda change=change: answer.write_text(json.dumps(said | change))
    for name in ("version", "success", "token_type"):
        left = {key: value for key, value in said.items() if key != name}
        ways[f"program without {name}"] = lambda left=left: answer.write_text(json.dumps(left))
    return ways


def answer_servers(make: Making) -> list[str]:
    """The keys of the answers that give tokens."""
    return [key for key in make.case.answers
            if key in ("oauth", "sts") or key.startswith("iam ") or key.endswith("default/token")]


def break_answer(make: Making) -> None:
    case, key = make.case, make.random.choice(answer_servers(make))
    good = case.answers[key][0]
    said = json.loads(good.body)
    faults: dict[str, Answer] = {
        "cut": Answer(200, good.body[:-4], good.headers), "closed": Answer(close=True),
        "HTML": Answer(200, b"<html>sign in</html>", {"Content-Type": "text/html"}),
        "empty": Answer(200), "array": Answer.of([said]),
        "status 201": Answer(201, good.body, good.headers),
        "HTML 403": Answer(403, b"<html>no</html>", {"Content-Type": "text/html"})}
    for status in (400, 401, 403, 404, 408, 429, 500, 502, 503, 504):
        faults[f"status {status}"] = Answer.of({"error": {"code": status, "status": "X",
                                                          "message": "no"}}, status)
    for word in ("invalid_grant", "invalid_client", "unauthorized_client", "access_denied",
                 "invalid_scope", "invalid_target", "server_error", "temporarily_unavailable"):
        faults[word] = Answer.of({"error": word, "error_description": "no"}, 400)
    faults["rapt"] = Answer.of({"error": "invalid_grant", "error_subtype": "invalid_rapt",
                                "error_description": "reauth"}, 400)
    token, end = ("accessToken", "expireTime") if "accessToken" in said else ("access_token",
                                                                               "expires_in")
    for name in (token, end, "token_type"):
        if name in said:
            left = {key: value for key, value in said.items() if key != name}
            faults[f"without {name}"] = Answer.of(left)
    faults |= {f"{token} {name}": Answer.of(said | {token: value}) for name, value in WRONG.items()}
    faults[f"{token} two lines"] = Answer.of(said | {token: "ya29.a\r\nX: b"})
    faults |= lifetime_faults(said, end)
    case.fault = make.random.choice(list(faults))
    case.answers[key] = [faults[case.fault]]
    case.fault = f"answer {key.partition(' ')[0]} {case.fault}"
    if key == "sts":
        case.answers["mtls"] = case.answers[key]
    if key.startswith("metadata"):
        head = good.headers if case.fault.endswith("HTML") else {}
        case.answers[key] = [Answer(one.status, one.body, head | one.headers |
                                    {"Metadata-Flavor": "Google"}, one.close)
                             for one in case.answers[key]]
        for other in [other for other in case.answers if other.endswith("/token")]:
            case.answers[other] = case.answers[key]


def lifetime_faults(said: dict[str, Any], end: str) -> dict[str, Answer]:
    values: dict[str, Any] = {"null": None, "word": "soon", "true": True}
    if end == "expires_in":
        values |= {"text": str(said[end]), "zero": 0, "negative": -5, "half": said[end] + 0.5}
    else:
        moment = said[end].removesuffix("Z")
        later = datetime.datetime.fromisoformat(moment) + datetime.timedelta(hours=2)
        values |= {"fraction": f"{moment}.123456789Z", "past": "2001-01-01T00:00:00Z",
                   "offset": f"{later.isoformat()}+02:00"}
    return {f"{end} {name}": Answer.of(said | {end: value}) for name, value in values.items()}


def try_again(make: Making) -> None:
    """A failure that passes, then the answer: both sides come to the token by themselves."""
    case = make.case
    keys = [key for key in answer_servers(make) if key in ("oauth", "sts") and
            (key == "oauth" or case.kind == "external_account_authorized_user")]
    if not keys or "universe_domain" in case.document:
        return
    status = make.random.choice([408, 429, 500, 503, 504])
    times = make.random.randint(1, 2)
    case.answers[keys[0]] = [Answer.of({}, status)] * times + case.answers[keys[0]]
    case.answers["vertex"] = [Answer.of({"choices": []})]
    case.served, case.fault = True, f"{times} x {status}, then the answer"
