"""What one case gives to both sides: files, variables, and what the token servers will answer."""

import json
import random
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

CLOUD_PLATFORM = "https://www.googleapis.com/auth/cloud-platform"


@dataclass(frozen=True)
class Answer:
    """What a token server says; `close` ends the connection instead."""
    status: int = 200
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)
    close: bool = False

    @staticmethod
    def of(document: Any, status: int = 200) -> "Answer":
        return Answer(status, json.dumps(document).encode(), {"Content-Type": "application/json"})


@dataclass
class Case:
    directory: Path                  # its own; also HOME
    random: random.Random
    kind: str = ""                   # such as "external_account file"
    document: Any = None             # the credential file; None: there is none
    text: bytes | None = None        # the file's bytes, if they are not just `document`
    well_known: bool = False         # lies where gcloud puts it, instead of behind the variable
    environment: dict[str, str] = field(default_factory=dict)
    # By server ("sts") or server and path ("iam /v1/..."): one answer after the other; the last
    # one is repeated.
    answers: dict[str, list[Answer]] = field(default_factory=dict)
    keys: dict[str, Any] = field(default_factory=dict)     # service account → its public key
    aws_secret: str = ""
    watched_headers: set[str] = field(default_factory=set)  # which the file asks to be sent
    program_log: Path | None = None  # where the executable writes how it was run
    fault: str = "none"              # what was broken, such as "file missing client_id"
    served: bool = False             # through `serve`, which tries again, not `print-token`

    def write(self) -> None:
        """Puts the files where the variables say."""
        if self.document is None and self.text is None:
            return
        path = self.directory / "credentials.json"
        if self.well_known:
            path = self.directory / ".config/gcloud/application_default_credentials.json"
            path.parent.mkdir(parents=True, exist_ok=True)
        else:
            self.environment.setdefault("GOOGLE_APPLICATION_CREDENTIALS", str(path))
        path.write_bytes(json.dumps(self.document).encode() if self.text is None else self.text)

    def describe(self) -> str:
        said = {name: [(one.status, one.body[:300]) for one in answers]
                for name, answers in self.answers.items()}
        text = json.dumps(self.document) if self.text is None else repr(self.text)
        return (f"{self.kind}, fault: {self.fault}\nfile: {text[:2500]}\n"
                f"environment: {self.environment}\nanswers: {said}")
